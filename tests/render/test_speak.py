"""Numbers, money, times and periods in each language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.messages import separated, text
from crm_kpi.render.numbers import exact, shown
from crm_kpi.render.speak import ENGLISH, Speaker

VIETNAMESE = Speaker("vi")
NUMBERS = ("0", "0.5", "-12.25", "999", "1234", "-1234567.891", "1e15", "0.0001")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_separators_are_those_of_babel(number: str, language: str) -> None:
    numbers = pytest.importorskip("babel.numbers", reason="Babel is not installed")
    value = Decimal(number)
    ours = Speaker(language).number(value, 2)
    assert ours == numbers.format_decimal(value, format="#,##0.00", locale=language)


@pytest.mark.parametrize(
    ("number", "unit", "english", "vietnamese"),
    [
        (11405, "count", "11,405", "11.405"),
        (200 / 3, "percent", "66.7 %", "66,7 %"),
        (48.9, "points", "48.9 pts", "48,9 điểm"),
        (4.08, "score", "4.08", "4,08"),
        (3.2, "hours", "3.2 h", "3,2 giờ"),
        (45.25, "days", "45.2 d", "45,2 ngày"),
        (Decimal("1250000.0000"), "VND", "1,250,000 VND", "1.250.000 ₫"),
        (Decimal("1234.5650"), "USD", "1,234.56 USD", "1.234,56 USD"),
    ],
)
def test_amounts(number: Any, unit: str, english: str, vietnamese: str) -> None:
    assert ENGLISH.amount(number, unit) == english
    assert VIETNAMESE.amount(number, unit) == vietnamese


@pytest.mark.parametrize(
    ("number", "unit", "english", "vietnamese"),
    [
        (21_000, "VND", "21,000 ₫", "21.000 ₫"),
        (999_999, "VND", "999,999 ₫", "999.999 ₫"),
        (1_000_000, "VND", "1.00M ₫", "1,00 tr ₫"),
        (97_120_000, "VND", "97.1M ₫", "97,1 tr ₫"),
        (287_123_456, "VND", "287M ₫", "287 tr ₫"),
        (-287_123_456, "VND", "-287M ₫", "-287 tr ₫"),
        (999_499_999, "VND", "999M ₫", "999 tr ₫"),
        (99_960_000, "VND", "100M ₫", "100 tr ₫"),
        (999_500_001, "VND", "1.00B ₫", "1,00 tỷ ₫"),
        (1_911_000_000, "VND", "1.91B ₫", "1,91 tỷ ₫"),
        (2_340_000_000_000, "VND", "2.34T ₫", "2,34 nghìn tỷ ₫"),
        (12_345_678_000_000_000, "VND", "12,346T ₫", "12.346 nghìn tỷ ₫"),
        (1_911_000_000, "USD", "1.91B USD", "1,91 tỷ USD"),
        (21_000.5, "USD", "21,000.50 USD", "21.000,50 USD"),
        (0, "VND", "0 ₫", "0 ₫"),
        (287_123_456, "money", "287M", "287 tr"),
        (1_911_000_000, "money", "1.91B", "1,91 tỷ"),
        (2_340_000_000_000, "money", "2.34T", "2,34 nghìn tỷ"),
        (21_000.5, "money", "21,000.50", "21.000,50"),
        (66.66, "percent", "66.7 %", "66,7 %"),
    ],
)
def test_short(number: Any, unit: str, english: str, vietnamese: str) -> None:
    assert ENGLISH.short(number, unit) == english
    assert VIETNAMESE.short(number, unit) == vietnamese


@given(st.integers(-(10**16), 10**16), st.integers(-(10**16), 10**16))
def test_a_short_amount_never_crosses_its_goal(number: int, goal: int) -> None:
    words = ENGLISH.short(number, "VND", limits=(goal,)).removesuffix(" ₫")
    power = {"M": 6, "B": 9, "T": 12}.get(words[-1], 0)
    told = Decimal(words.rstrip("MBT").replace(",", "")).scaleb(power)
    assert (told > goal, told < goal) == (number > goal, number < goal)


def test_a_value_beside_its_goal_has_more_decimals() -> None:
    assert VIETNAMESE.amount(94.96, "percent", limits=(95,)) == "94,96 %"
    assert VIETNAMESE.short(999_999_999, "VND", limits=(10**9,)) == "0,999999999 tỷ ₫"
    assert VIETNAMESE.goal(90, "percent", higher_is_better=True) == "≥ 90,0"


def test_changes() -> None:
    assert ENGLISH.change(0.1, "percent") == "▲ +0.1 pts"
    assert VIETNAMESE.change(0.1, "percent") == "▲ +0,1 điểm"
    assert VIETNAMESE.change(-1234, "count") == "▼ -1.234"
    assert VIETNAMESE.change(0.0, "score") == "= 0,00"
    assert VIETNAMESE.change(97_100_000, "VND") == "▲ +97.100.000"
    assert VIETNAMESE.change(97_100_000, "VND", short=True) == "▲ +97,1 tr ₫"
    assert ENGLISH.change(10, "count", short=True) == "▲ +10"


def test_intervals() -> None:
    assert VIETNAMESE.interval(48.91, 69.7, "percent", "–") == "48,9 đến 69,7"
    assert ENGLISH.interval(None, 69.7, "percent", "–") == "– to 69.7"


@pytest.mark.parametrize(
    ("label", "english", "vietnamese"),
    [
        ("2024-12", "Dec 2024", "Tháng 12/2024"),
        ("2024-01", "Jan 2024", "Tháng 1/2024"),
        ("2024-Q4", "Q4 2024", "Quý 4/2024"),
        ("2024-W05", "Week 05, 2024", "Tuần 05/2024"),
        ("2024-01-31", "31 January 2024", "31/01/2024"),
        ("2024", "2024", "Năm 2024"),
        ("FY2025", "FY2025", "Năm tài chính 2025"),
        ("FY2025-Q1", "Q1 FY2025", "Quý 1, Năm tài chính 2025"),
        ("all", "all time", "Toàn thời gian"),
        ("Tet 2024", "Tet 2024", "Tet 2024"),
        ("2024-13", "2024-13", "2024-13"),
        ("2024-02-30", "2024-02-30", "2024-02-30"),
    ],
)
def test_periods(label: str, english: str, vietnamese: str) -> None:
    assert ENGLISH.period(label) == english
    assert VIETNAMESE.period(label) == vietnamese


@pytest.mark.parametrize(
    ("label", "english", "vietnamese"),
    [
        ("2024-12", "Dec ’24", "T12/24"),
        ("2024-Q4", "Q4 ’24", "Q4/24"),
        ("2024-W05", "W05 ’24", "Tuần 05/24"),
        ("2024", "2024", "2024"),
        ("FY2025", "FY2025", "Năm tài chính 2025"),
    ],
)
def test_periods_below_a_chart(label: str, english: str, vietnamese: str) -> None:
    assert ENGLISH.period(label, axis=True) == english
    assert VIETNAMESE.period(label, axis=True) == vietnamese


def test_days() -> None:
    assert ENGLISH.day(date(2024, 12, 5)) == "5 December 2024"
    assert VIETNAMESE.day(date(2024, 12, 5)) == "05/12/2024"


def test_a_number_in_a_message_has_the_separators_of_its_language() -> None:
    message = text("cli.rows_used", used=11405, rows=12000)
    assert "11,405" in message
    assert "11.405" in VIETNAMESE.say(message)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_separators_are_all_that_differs(number: Decimal) -> None:
    english = shown(exact(number), 2)
    swapped = separated(english, "vi")
    assert swapped.translate(str.maketrans(",.", ".,")) == english
