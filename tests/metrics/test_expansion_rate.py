"""Expansion rate: of recurring revenue, or upselling of all revenue."""

from __future__ import annotations

import pytest

from tests.support import ask

from .rows import MOVING, answer, sale, sold


def test_over_the_recurring_revenue_of_the_start() -> None:
    result = answer("expansion_rate", {"subscriptions": MOVING}, "2024-02")
    assert result.value == pytest.approx(100 * 150 / 390)
    assert (result.n, result.components) == (4, {"mrr_start": 390, "expansion": 150})
    first = answer("expansion_rate", {"subscriptions": MOVING}, "2023-06")
    assert (first.value, first.reason) == (None, "no recurring revenue at the start")


def test_a_quarter_is_point_to_point() -> None:
    """10 more in January and 5 less in February, of 50 at the start: 5 more at the end."""
    rows = [
        sold("A", "2023-06-01", 50, "2024-01-10"),
        sold("A", "2024-01-10", 60, "2024-02-10"),
        sold("A", "2024-02-10", 55),
    ]
    result = answer("expansion_rate", {"subscriptions": rows}, "2024-Q1", every="quarter")
    assert (result.value, result.n) == (10, 1)  # 100 x (55 - 50) / 50


def test_who_joins_and_grows_inside_expands_nothing() -> None:
    rows = [
        sold("A", "2023-01-01", 100),
        sold("N", "2024-02-05", 100),
        sold("N", "2024-03-05", 1000),
    ]
    result = answer("expansion_rate", {"subscriptions": rows}, "2024-Q1", every="quarter")
    assert (result.value, result.n) == (0.0, 1)
    assert result.components == {"mrr_start": 100, "expansion": 0}


def test_upselling_over_revenue() -> None:
    rows = [
        sale("A", "2024-01-02", 700, kind="sale"),
        sale("A", "2024-01-09", 120, kind="upsell"),
        sale(None, "2024-01-12", 80, kind="cross_sell"),
        sale("B", "2024-01-15", 150, kind=None),
        sale("B", "2024-01-20", -50, kind="refund"),
        sale("B", "2024-02-20", -50, kind="refund"),
    ]
    january, february, march = (
        answer("expansion_rate", {"transactions": rows}, f"2024-0{m}", "{base: revenue}")
        for m in (1, 2, 3)
    )
    assert (january.value, january.n) == (20.0, 5)  # 100 x (120 + 80) / 1,000
    assert january.components == {
        "revenue": 1000,
        "upsell": 120,
        "cross_sell": 80,
        "unassigned": 0,
    }
    assert (february.value, february.reason) == (None, "no revenue above zero")
    assert (march.value, march.reason) == (None, "no transactions")


def test_refunds_of_what_was_upsold() -> None:
    """January: 200 upsold, 50 of it given back in February; there 100 - 50 - 20 of 430."""
    rows = [
        sale("A", "2024-01-02", 800, kind="sale", transaction_id="1"),
        sale("A", "2024-01-09", 200, kind="upsell", transaction_id="2"),
        sale("A", "2024-02-01", -50, kind="refund", transaction_id="2"),
        sale("B", "2024-02-02", 100, kind="cross_sell", transaction_id="3"),
        sale("B", "2024-02-02", 400, kind="sale", transaction_id="4"),
        sale("B", "2024-02-03", -20, kind="upsell", transaction_id=None),
    ]
    january, february = (
        answer("expansion_rate", {"transactions": rows}, f"2024-0{m}", "{base: revenue}")
        for m in (1, 2)
    )
    assert (january.value, january.reason) == (20.0, None)
    parts = {"revenue": 430, "upsell": -70, "cross_sell": 100, "unassigned": 0}
    assert february.components == parts
    assert february.value == pytest.approx(100 * 30 / 430)


def test_a_refund_of_a_mixed_order_is_not_assigned() -> None:
    rows = [
        sale("A", "2024-01-02", 800, kind="sale", transaction_id="1"),
        sale("A", "2024-01-02", 250, kind="upsell", transaction_id="1"),
        sale("A", "2024-01-05", -50, kind="refund", transaction_id="1"),
    ]
    result = answer("expansion_rate", {"transactions": rows}, "2024-01", "{base: revenue}")
    assert (result.value, result.components["unassigned"]) == (25.0, -50)  # 250 of 1,000
    assert result.reason == (
        "refunds of 50 belong to orders with other lines too, and are not taken off"
    )


def test_the_base_is_chosen_by_what_there_is() -> None:
    sales = [
        sale("A", "2024-01-02", 80, kind="sale"),
        sale("A", "2024-01-09", 20, kind="upsell"),
    ]
    alone = answer("expansion_rate", {"transactions": sales}, "2024-01")
    assert (alone.value, alone.definition) == (20.0, {"base": "revenue"})
    both = answer("expansion_rate", {"transactions": sales, "subscriptions": MOVING}, "2024-02")
    assert (both.n, both.definition) == (4, {"base": "starting_mrr"})


def test_no_upsold_kind_in_the_whole_file() -> None:
    result = answer(
        "expansion_rate", {"transactions": [sale("A", "2024-01-02", 80, kind="sale")]}, "2024-01"
    )
    assert (result.value, result.reason) == (
        None,
        "no transaction is of kind upsell or cross_sell",
    )


def test_upselling_needs_the_kind() -> None:
    rows = [sale("A", "2024-01-02", 700)]
    report = ask(
        {"transactions": rows},
        ["expansion_rate"],
        as_of="2024-01-31",
        definitions={"expansion_rate": "{base: revenue}"},
    )
    assert report.skipped[0].reason == "transactions has no column kind"
