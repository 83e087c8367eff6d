"""The few words that a column holds, without a look at each of its rows."""

from __future__ import annotations

import polars as pl

MOST = 4096
"""Words; a column with more of them is no list of words."""
_HEAD = 65_536
"""Rows, of which the first are looked at before the others."""


def words(text: pl.Series) -> list[str] | None:
    """The different texts of a column, sorted and without null; None where there are too many."""
    if len(text) > _HEAD and text.head(_HEAD).n_unique() > MOST:
        return None
    few = text.unique().drop_nulls()
    return sorted(few.to_list()) if len(few) <= MOST else None
