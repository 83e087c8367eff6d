from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.errors import IdentityError
from crm_kpi.render.numbers import common_decimals, exact, plain, shown
from crm_kpi.render.speak import ENGLISH

finite = st.floats(allow_nan=False, allow_infinity=False)
money = st.decimals(allow_nan=False, allow_infinity=False, places=4)


@given(finite)
def test_plain_floats_have_15_digits_and_no_exponent(number: float) -> None:
    text = plain(number)
    assert float(text) == number or Decimal(text) == Decimal(f"{number:.15g}")
    assert len(text.strip("-0.").replace(".", "").strip("0")) <= 15
    assert "e" not in text.lower()
    assert isinstance(json.loads(text), float)


@given(money)
def test_plain_decimals_keep_every_digit(number: Decimal) -> None:
    text = plain(number)
    assert Decimal(text) == number
    assert len(text.partition(".")[2]) == 4


@given(st.integers())
def test_plain_integers(number: int) -> None:
    assert plain(number) == str(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-0.0, "0.0"),
        (Decimal("-0.00"), "0.00"),
        (5e-324, "0." + "0" * 323 + "5"),
        (-1e16, "-10000000000000000.0"),
        (Decimal("1E+5"), "100000"),
        (0.1 + 0.2, "0.3"),
        (200 / 3, "66.6666666666667"),
        (-100 / 3, "-33.3333333333333"),
        (1234567890123456.0, "1234567890123460.0"),
        (1.7976931348623157e308, "179769313486232" + "0" * 294 + ".0"),
        (Decimal(100) / 3, "33.33333333333333333333333333"),
        (12345678901234567, "12345678901234567"),
    ],
)
def test_plain(number: float | Decimal, text: str) -> None:
    assert plain(number) == text


@pytest.mark.parametrize(
    "number", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity")]
)
def test_what_is_not_a_number_is_refused(number: float | Decimal) -> None:
    for write in (plain, ENGLISH.bare, exact):
        with pytest.raises(IdentityError):
            write(number)


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (25, "percent", "25.0 %"),
        (66.66666666666667, "percent", "66.7 %"),
        (0.25, "percent", "0.2 %"),
        (0.35, "percent", "0.4 %"),
        (2.675, "score", "2.68"),
        (2.665, "ratio", "2.66"),
        (4, "score", "4.00"),
        (62.0, "points", "62.0 pts"),
        (-5.88235294117647, "points", "-5.9 pts"),
        (3.2, "hours", "3.2 h"),
        (1 / 60, "hours", "0.017 h"),
        (-0.04, "percent", "-0.04 %"),
        (0.00001, "percent", "0.0 %"),
        (-0.00001, "percent", "0.0 %"),
        (-0.0, "points", "0.0 pts"),
        (45.25, "days", "45.2 d"),
        (1234567, "count", "1,234,567"),
        (12.0, "count", "12"),
        (2.5, "count", "2.50"),
        (Decimal("1250000.5000"), "VND", "1,250,000 VND"),
        (Decimal("1250001.5000"), "VND", "1,250,002 VND"),
        (Decimal("0.4000"), "VND", "0.4 VND"),
        (Decimal("1234.5650"), "USD", "1,234.56 USD"),
        (Decimal("1.2345"), "KWD", "1.234 KWD"),
        (Decimal("12.3450"), "money", "12.34"),
        (
            Decimal("98765432109876543210987654321098.7650"),
            "EUR",
            "98,765,432,109,876,543,210,987,654,321,098.76 EUR",
        ),
    ],
)
def test_amount(number: int | float | Decimal, unit: str, text: str) -> None:
    assert ENGLISH.amount(number, unit) == text


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        (95.0, 95, "95.0 %"),
        (94.96, 95, "94.96 %"),
        (94.99999, 95, "94.99999 %"),
        (95.04, 95, "95.04 %"),
        (95.03, 95.04, "95.0 %"),
        (95.05, 95.04, "95.05 %"),
        (50.04, 95, "50.0 %"),
        (50.04, None, "50.0 %"),
    ],
)
def test_a_rounded_value_never_seems_on_the_other_side_of_its_target(
    value: float, target: float | None, text: str
) -> None:
    assert ENGLISH.amount(value, "percent", limits=(target, None)) == text


def test_a_target_is_not_rounded() -> None:
    assert ENGLISH.limit(99.95, "percent") == "99.95"
    assert ENGLISH.limit(95, "percent") == "95.0"
    assert ENGLISH.limit(Decimal("1250000.0000"), "VND") == "1,250,000"


def test_signs() -> None:
    assert shown(Decimal("0.5"), 0, sign=True) == "0"
    assert shown(Decimal("1.5"), 0, sign=True) == "+2"
    assert shown(Decimal("-1.5"), 0, sign=True) == "-2"


def test_decimals_of_a_column() -> None:
    assert common_decimals([]) == 0
    assert common_decimals([Decimal("3.0"), Decimal(-12)]) == 0
    assert common_decimals([Decimal("0.5"), Decimal(-1)]) == 4
    assert common_decimals([Decimal("0.5"), Decimal(2)]) == 2


@given(
    st.one_of(finite, money), st.sampled_from(["percent", "count", "score", "VND", "USD", "hours"])
)
def test_amounts_of_any_size_can_be_shown(number: float | Decimal, unit: str) -> None:
    text = ENGLISH.amount(number, unit)
    assert "E" not in text.removesuffix(unit)
    assert not text.startswith("-0 ")
