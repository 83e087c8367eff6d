"""Amounts that a program kept as floats."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.sources.parsing.float_tails import without_tails


def amount(text: str) -> str:
    return str(without_tails(pl.Series([text]))[0]).rstrip("0").rstrip(".")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("71.37199999999999", "71.372"),
        ("49.150000000000006", "49.15"),
        ("0.30000000000000004", "0.3"),  # 0.1 + 0.2
        ("-71.37199999999999", "-71.372"),
        ("49.149999999999999", "49.15"),  # with %.17g
        ("1250000.0000000002", "1250000"),
        ("12345678901.234602", "12345678901.2346"),
    ],
)
def test_a_tail_is_left_off(text: str, meant: str) -> None:
    assert amount(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "71.3719999",  # 15 digits are meant
        "71.371999999999",
        "33.333333333333336",  # a third has no end
        "12345678901.23457",  # five decimals, and a float could tell them from four
        "880000000000.12345",  # no float is written so
        "8800000000000.12345",
        "49.15",
        "1250",
        "0.123456789012345678901",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert without_tails(pl.Series([text, None])).to_list() == [text, None]


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_a_sum_of_two_amounts_is_what_it_is(one: int, other: int) -> None:
    text = f"{one / 10_000 + other / 10_000:.17f}".rstrip("0")
    shortest = repr(one / 10_000 + other / 10_000)
    for written in (text, shortest):
        if len(written.replace(".", "")) <= 17 and "e" not in written:
            found = amount(written)
            if found != written.rstrip("0").rstrip("."):
                assert round(float(found) * 10_000) == one + other
