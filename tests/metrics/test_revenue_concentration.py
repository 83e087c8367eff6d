"""Revenue concentration: the top customers, those who make 80 %, Gini."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from tests.support import ask, one

Row = dict[str, Any]


def sales(*amounts: float, **more: Any) -> list[Row]:
    """One sale per customer."""
    return [
        {"customer_id": f"C{i}", "date": "2024-01-10", "amount": amount, **more}
        for i, amount in enumerate(amounts)
    ]


def concentration(rows: list[Row], definition: str = "{}", **options: Any) -> Any:
    report = ask(
        {"transactions": rows},
        ["revenue_concentration"],
        as_of="2024-01-31",
        definitions={"revenue_concentration": definition},
        **options,
    )
    return one(report, "revenue_concentration", "2024-01")


def test_top_fifth() -> None:
    result = concentration(sales(40, 360, 60, 240, 50, 50, 50, 50, 50, 50))
    assert (result.value, result.n) == (60.0, 10)  # (360 + 240) / 1,000
    assert result.components["revenue"] == 1000
    # 360 + 240 + 60 + 50 + 50 = 760 is not 800 yet, with one more 50 it is: 6 of 10.
    assert result.components["customers_for_80"] == 60.0
    # Ranks 1 to 10: 40 + 50 x (2 + ... + 7) + 60 x 8 + 240 x 9 + 360 x 10 = 7,630
    # 2 x 7,630 / (10 x 1,000) - 11 / 10 = 0.426
    assert result.components["gini"] == 0.426


@pytest.mark.parametrize(
    ("n", "top", "value"),
    [
        (10, 20, 20.0),
        (11, 20, 100 * 3 / 11),  # ceil(2.2) = 3
        (6, 20, 100 * 2 / 6),  # ceil(1.2) = 2
        (1, 20, 100.0),
        (10, 1, 10.0),  # ceil(0.1) = 1
        (10, 100, 100.0),
        (25, 28, 28.0),  # 7 exactly, where 0.28 x 25 in floating point is more
    ],
)
def test_the_top_is_rounded_up(n: int, top: int, value: float) -> None:
    """Everybody brings the same: ties change nothing."""
    result = concentration(sales(*[7] * n), f"{{top: {top}}}")
    assert result.value == value
    assert result.components["gini"] == 0.0
    assert result.components["customers_for_80"] == 100 * -(-8 * n // 10) / n


def test_one_brings_everything() -> None:
    result = concentration(sales(0, 100, 0, 0, 0))
    assert result.value == 100.0
    assert result.n == 5  # who brings nothing stays in the base
    assert result.components["customers_for_80"] == 20.0
    assert result.components["gini"] == 0.8  # 2 x 5 x 100 / (5 x 100) - 6 / 5


def test_who_got_everything_back_stays_in_the_base() -> None:
    rows = sales(100, 60, 40, 30)
    rows.append({"customer_id": "C3", "date": "2024-01-20", "amount": -30})
    rows.append({"customer_id": "C4", "date": "2024-01-20", "amount": -50})
    result = concentration(rows)
    # Net 100, 60, 40, 0, -50 of five customers: the top ceil(1) bring 100 of 150.
    assert result.value == pytest.approx(200 / 3)
    assert result.n == 5
    assert result.components["below_zero"] == 1
    assert result.components["customers_for_80"] == 40.0  # 100 + 60 is at least 120
    assert result.components["gini"] is None
    assert result.reason == "no Gini coefficient: one customer is below zero"


def test_exactly_eighty_is_enough() -> None:
    assert concentration(sales(80, 20)).components["customers_for_80"] == 50.0


def test_more_refunds_than_sales() -> None:
    result = concentration(sales(100, -100))
    assert (result.value, result.n, result.status) == (None, 2, "no_data")
    assert result.reason == "no revenue above zero to have a share of"
    assert result.components["gini"] is None


def test_only_strangers() -> None:
    rows = [{"customer_id": None, "date": "2024-01-10", "amount": 5}]
    result = concentration(rows)
    assert (result.value, result.reason) == (None, "no customer with a transaction")


def test_ranks_are_of_the_segment() -> None:
    rows = sales(100, 50, channel="web") + [
        row | {"customer_id": f"S{i}"} for i, row in enumerate(sales(30, 10, channel="shop"))
    ]
    report = ask(
        {"transactions": rows},
        ["revenue_concentration"],
        as_of="2024-01-31",
        by=["channel"],
    )
    share = {
        segment: one(report, "revenue_concentration", "2024-01", channel=segment).value
        for segment in ("web", "shop")
    }
    assert share == {"web": pytest.approx(200 / 3), "shop": 75.0}
    total = one(report, "revenue_concentration", "2024-01")
    assert total.value == pytest.approx(10_000 / 190)  # 100 of 190


def test_money_is_exact() -> None:
    """In floating point 0.1 + 0.2 is not 0.3, and 0.3 less than 80 % of what it should be."""
    result = concentration(sales(0.1, 0.2, 0.1, 0.1))
    assert str(result.components["revenue"]) == "0.5"
    assert result.components["customers_for_80"] == 75.0  # 0.2 + 0.1 + 0.1 is 80 % exactly
    assert result.value == 40.0


@pytest.mark.parametrize("top", ["0", "101", "20.5"])
def test_top_is_a_percentage(top: str) -> None:
    with pytest.raises(ConfigError) as error:
        concentration(sales(1), f"{{top: {top}}}")
    assert [p.column for p in error.value.problems] == ["definitions.revenue_concentration.top"]
