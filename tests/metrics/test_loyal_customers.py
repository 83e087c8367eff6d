"""Loyal customers: those with so many orders in the time before the period's end."""

from __future__ import annotations

import pytest

from crm_kpi.errors import ConfigError

from .rows import answer, sale

ROWS = [
    *(sale("A", day, 10) for day in ("2023-04-01", "2023-09-01", "2024-03-31")),
    *(sale("B", day, 10) for day in ("2023-06-01", "2023-06-02")),
    sale("C", "2023-12-01", 10),
    sale("C", "2023-12-02", -10),
    *(sale(None, "2024-01-01", 10) for _ in range(5)),
]


def test_three_orders_in_a_year() -> None:
    result = answer("loyal_customers", {"transactions": ROWS}, "2024-03")
    # 365 days before 1 April 2024 was 2 April 2023: the first order of A is a day too old.
    assert (result.value, result.n, result.components["share"]) == (0, 3, 0)
    rows = [*ROWS, sale("A", "2023-04-02", 10)]
    result = answer("loyal_customers", {"transactions": rows}, "2024-03")
    assert (result.value, result.n) == (1, 3)
    assert result.components == {"customers": 3, "share": pytest.approx(100 / 3)}


@pytest.mark.parametrize(
    ("definition", "loyal", "buyers"),
    [
        ("{orders: 2}", 2, 3),  # A and B
        ("{orders: 2, window: 30d}", 0, 1),  # A once in March
        ("{orders: 1, window: 30d}", 1, 1),
        ("{orders: 3, window: 366d}", 1, 3),
    ],
)
def test_other_numbers_and_windows(definition: str, loyal: int, buyers: int) -> None:
    result = answer("loyal_customers", {"transactions": ROWS}, "2024-03", definition)
    assert (result.value, result.n) == (loyal, buyers)


def test_many_orders_make_one_loyal_customer() -> None:
    rows = [sale("A", f"2024-01-{day:02}", 10) for day in range(1, 31)]
    rows += [sale("A", "2024-01-30", 10)]  # two on one day
    for month, loyal in (("2024-01", 1), ("2024-02", 1), ("2024-03", 0)):
        result = answer("loyal_customers", {"transactions": rows}, month, "{window: 60d}")
        assert result.value == loyal, month  # 60 days before 1 April was 1 February


def test_before_anybody_bought_and_after_everybody_stopped() -> None:
    rows = [sale("A", "2024-01-05", -10), sale("A", "2024-02-05", 10)]
    tables = {"transactions": rows}
    none = answer("loyal_customers", tables, "2024-01")  # a refund alone: rows, and nobody loyal
    assert (none.value, none.components["share"]) == (0, None)
    later = answer("loyal_customers", tables, "2024-03", "{window: 30d}")
    assert (later.value, later.n, later.components["share"]) == (0, 0, None)


@pytest.mark.parametrize("definition", ["{orders: 0}", "{window: 12 months}", "{window: 0d}"])
def test_definitions_that_are_none(definition: str) -> None:
    with pytest.raises(ConfigError):
        answer("loyal_customers", {"transactions": ROWS}, "2024-03", definition)
