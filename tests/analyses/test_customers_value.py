"""Customers' value: the parts of clv_predicted, customer by customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.models.test_clv_predicted import HALF, ROWS
from tests.support import ask, one

from .support import table


def values(rows: Any = ROWS, definition: str = "", **options: Any) -> list[dict[str, Any]]:
    tables = {"transactions": rows}
    return table(tables, "customers_value", as_of=HALF, definition=definition, **options)


@pytest.mark.parametrize("definition", ["{}", "{model: bg, horizon: 6 months, discount: 0}"])
def test_they_add_up_to_predicted_clv_by_whose_definition_they_go(definition: str) -> None:
    found = ask({"transactions": ROWS}, ["clv_predicted"], as_of=HALF,
                definitions={"clv_predicted": definition})  # fmt: skip
    whole = one(found, "clv_predicted", "2023-12")
    for words in (
        {"definition": definition},
        {"set_": [f"definitions.clv_predicted={definition}"]},
    ):
        rows = values(**words)
        assert len(rows) == whole.n
        for name in ("future", "expected_purchases", "historic"):
            assert float(sum(row[name] for row in rows)) == pytest.approx(
                float(whole.components[name] or 0), rel=1e-12
            )
        assert sum(row["frequency"] > 0 for row in rows) == whole.components["repeat_customers"]


def test_what_a_row_is() -> None:
    rows = values()
    assert [row["customer_id"] for row in rows] == sorted(row["customer_id"] for row in rows)
    assert [*rows[0]] == [
        "customer_id", "frequency", "recency", "T", "p_alive", "expected_purchases",
        "expected_value", "future", "historic",
    ]  # fmt: skip
    for row in rows:
        assert 0 <= row["recency"] <= row["T"]
        assert 0 < row["p_alive"] < 1
        assert 0 < row["future"] < row["expected_purchases"] * row["expected_value"]


def test_the_unit_changes_times_alone() -> None:
    weeks, days, months = (values(definition=f"{{unit: {u}}}") for u in ("week", "day", "month"))
    for one_of, other, factor in ((weeks, days, 7), (weeks, months, 84 / 365.25)):
        for row, same in zip(one_of, other, strict=True):
            assert same["recency"] == pytest.approx(row["recency"] * factor)
            assert same["T"] == pytest.approx(row["T"] * factor)
            times = {"recency": 0, "T": 0}
            assert same | times == row | times


def test_a_hundredth_of_the_currency_and_another_engine_and_order() -> None:
    rows = values()
    cents = values([row | {"amount": str(100 * Decimal(row["amount"]))} for row in ROWS])
    for row, small in zip(rows, cents, strict=True):
        assert small["p_alive"] == row["p_alive"]
        assert small["historic"] == 100 * row["historic"]
        assert small["future"] == pytest.approx(100 * row["future"], rel=1e-12)
    assert values(set_=["engine=duckdb"]) == rows
    known = [row for row in ROWS if row["date"] <= str(HALF)]
    assert values(known[::-1]) == rows


def test_too_few_are_told_why() -> None:
    rows = values(ROWS[:9])
    assert rows
    assert rows[0]["future"] is None
    assert "a prediction needs 100" in rows[0]["reason"]
    assert values(ROWS[:9], "{per: tenth}") == []


def test_tenths() -> None:
    rows, tenths = values(), values(definition="{per: tenth}")
    assert [row["tenth"] for row in tenths] == [*range(1, 11)]
    assert sum(row["customers"] for row in tenths) == len(rows)
    assert max(row["customers"] for row in tenths) - min(row["customers"] for row in tenths) <= 1
    assert sum(row["share_of_future"] for row in tenths) == pytest.approx(100)
    futures = [row["future"] for row in tenths]
    assert futures == sorted(futures, reverse=True)
    assert sum(row["historic"] for row in tenths) == sum(row["historic"] for row in rows)
