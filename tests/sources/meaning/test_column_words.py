"""The words of a column."""

from __future__ import annotations

import polars as pl

from crm_kpi.sources.meaning.column_words import MOST, words


def test_each_word_once_in_order() -> None:
    assert words(pl.Series(["b", None, "a", "b"])) == ["a", "b"]


def test_a_column_of_too_many_words_is_no_list_of_words() -> None:
    ids = pl.Series(range(MOST + 1)).cast(pl.String)
    assert words(ids) is None
    assert words(ids.head(MOST)) is not None
    assert words(pl.concat([ids] * 20)) is None
