"""Words for customers who are nobody in particular."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from crm_kpi.sources.meaning import walk_in_words
from crm_kpi.sources.names import key

FILES = sorted((Path(walk_in_words.__file__).parent / "words" / "walk_in").glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_language_has_a_source_and_words_that_stand_once(file: Path) -> None:
    words = json.loads(file.read_text("utf-8"))
    assert set(words) == {"source", "names", "ids"}
    keys = [key(word) for word in (*words["names"], *words["ids"])]
    assert all(keys)


@pytest.mark.parametrize("word", [
    "Khách lẻ", "KHACHLE", "khach_le", "KL", "Khách vãng lai", "Khách lẻ 2", "Walk-in", "walkin",
    "WALK-IN CUSTOMER", "Guest", "cash customer", "Laufkunde", "Laufkundschaft", "Publikum",
    "Consumidor final", "Público en general", "9999999999999", "XAXX010101000", "66666666-6",
    "222222222222", "Public user", "NULL", "N/A", "#N/A", "-", "--", "?", "client comptoir",
    "nihai tüketici", "非会員", "비회원", "Walk-in (shop 2)",
])  # fmt: skip
def test_nobody(word: str) -> None:
    assert walk_in_words.is_no_id(word)
    assert walk_in_words.few(pl.Series([word, "KH01", None])) == [word]
    word = word.replace("walkin", "walk-in")
    usual = not any(digit in word for digit in "2(") or word.isdecimal()
    assert pl.Series([word]).str.contains(walk_in_words.as_pattern()).all() == usual


@pytest.mark.parametrize("word", [
    "KH01", "0", "1", "A", "An", "Lê Khách Lẻ Loi", "Nguyễn Văn Khách", "Guestrow",
    "Christopher Guest", "kl@shop.vn", "KLM", "999", "0912999999", "Walker", "Barkundenberg GmbH",
])  # fmt: skip
def test_somebody(word: str) -> None:
    assert not walk_in_words.is_no_id(word)


def test_a_long_column_of_names_is_looked_at_as_a_whole() -> None:
    names = [f"{a}{b}{c}zz" for a in "abcdefghijklmnopq" for b in "abcdefghijklmnopq"
             for c in "abcdefghijklmnopq"]  # fmt: skip
    assert len(names) > walk_in_words.MOST
    odd = ["KHÁCH LẺ", "Guest", "Walk-in 3", "-"]
    found = walk_in_words.few(pl.Series([*names, *odd]))
    assert [one for one in found if walk_in_words.is_no_id(one)] == sorted(odd)
    assert len(found) < 100
