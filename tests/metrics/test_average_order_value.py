"""Average order value: what an order is, and when it was placed."""

from __future__ import annotations

import pytest

from .rows import Row, answer, sale


def test_ten_thousand_from_two_hundred_orders() -> None:
    rows = [sale(f"C{i}", "2024-01-10", 50, transaction_id=str(i)) for i in range(200)]
    result = answer("average_order_value", {"transactions": rows}, "2024-01")
    assert (result.value, result.n) == (50, 200)


LINES = [
    sale("A", "2024-01-05", 60, transaction_id="1"),
    sale("A", "2024-01-05", 40, transaction_id="1"),
    sale("A", "2024-01-05", 20, transaction_id="2"),
]


@pytest.mark.parametrize(
    ("definition", "value", "n"),
    [
        ("{}", 60, 2),  # 120 / 2: the file has ids
        ("{order: id}", 60, 2),
        ("{order: day}", 120, 1),
        ("{order: row}", 40, 3),
    ],
)
def test_what_an_order_is(definition: str, value: float, n: int) -> None:
    result = answer("average_order_value", {"transactions": LINES}, "2024-01", definition)
    assert (result.value, result.n) == (value, n)


def test_a_refund_lowers_revenue_and_not_what_orders_are_worth() -> None:
    for number in ("2", "R"):  # under the order's own id, or one of its own
        back = sale("A", "2024-01-20", -20, transaction_id=number)
        result = answer("average_order_value", {"transactions": [*LINES, back]}, "2024-01")
        assert (result.value, result.n) == (60, 2)  # 120 / 2, though all of order 2 came back
        assert result.components == {
            "order_values": 120, "orders": 2, "revenue": 100, "gross": 120, "refunds": -20,
        }  # fmt: skip


def test_orders_keep_their_value_in_later_months() -> None:
    def kind(order: str, customer: str, day: str, amount: float) -> Row:
        which = "sale" if amount > 0 else "refund"
        return sale(customer, f"2024-{day}", amount, transaction_id=order, kind=which)

    rows = [
        *(kind("1", "A", "03-01", 100), kind("1", "A", "03-05", -150)),
        *(kind("2", "B", "03-02", 100), kind("3", "B", "03-09", 50), kind("4", "C", "03-02", 80)),
        *(kind("5", "C", "03-03", 20), kind("5", "C", "04-02", -20)),
        *(kind("6", "D", "02-27", 60), kind("6", "D", "03-02", -60)),
    ]
    tables = {"transactions": rows}
    february = answer("average_order_value", tables, "2024-02", as_of="2024-04-30")
    march = answer("average_order_value", tables, "2024-03", as_of="2024-04-30")
    assert february.value == 60  # a February order stays one, though sent back in March
    assert (march.value, march.n) == (70, 5)  # (100 + 100 + 50 + 80 + 20) / 5
    assert march.components["revenue"] == 140  # 350 - 150 - 60


def test_a_discount_lowers_what_an_order_is_worth() -> None:
    """A row below zero under the id and on the day of a sale line, where no kind says more."""
    off = sale("A", "2024-01-05", -10, transaction_id="1")
    result = answer("average_order_value", {"transactions": [*LINES, off]}, "2024-01")
    assert result.value == 55  # (60 + 40 - 10 + 20) / 2
    assert (result.components["gross"], result.components["refunds"]) == (110, 0)
    later = off | {"date": "2024-01-06"}
    result = answer("average_order_value", {"transactions": [*LINES, later]}, "2024-01")
    assert (result.value, result.components["refunds"]) == (60, -10)
    lines = [{**line, "kind": "sale"} for line in LINES]
    told = off | {"kind": "refund"}
    result = answer("average_order_value", {"transactions": [*lines, told]}, "2024-01")
    assert (result.value, result.components["refunds"]) == (60, -10)
    result = answer(
        "average_order_value", {"transactions": [*lines, later | {"kind": "sale"}]}, "2024-01"
    )
    assert (result.value, result.components["refunds"]) == (55, 0)  # a line of the order


@pytest.mark.parametrize("order", ["id", "day", "row"])
def test_orders_worth_nothing_count_where_they_are_asked_for(order: str) -> None:
    rows = [
        sale("A", "2024-01-05", 60, transaction_id="1"),
        sale("B", "2024-01-06", 0, transaction_id="2"),
        sale("C", "2024-01-07", -5, transaction_id="3"),
    ]
    tables = {"transactions": rows}
    dropped = answer("average_order_value", tables, "2024-01", f"{{order: {order}}}")
    assert (dropped.value, dropped.n) == (60, 1)
    definition = f"{{order: {order}, free_orders: count}}"
    counted = answer("average_order_value", tables, "2024-01", definition)
    assert (counted.value, counted.n) == (30, 2)  # 60 / 2: a refund is no order
    assert answer("purchase_frequency", tables, "2024-01", definition).n == 2


def test_the_rule_in_force_is_said() -> None:
    rows = [sale("A", "2024-01-05", 60), sale("A", "2024-01-05", 40)]
    for wanted in ("{}", "{order: id}"):
        result = answer("average_order_value", {"transactions": rows}, "2024-01", wanted)
        assert result.definition == {"order": "row", "free_orders": "drop"}
    result = answer("average_order_value", {"transactions": LINES}, "2024-01")
    assert result.definition["order"] == "id"


def test_an_order_is_placed_on_the_day_of_its_first_row() -> None:
    rows = [
        sale("A", "2024-01-31", 60, transaction_id="1"),
        sale("A", "2024-02-01", 40, transaction_id="1"),
    ]
    january, february = (
        answer("average_order_value", {"transactions": rows}, f"2024-0{m}") for m in (1, 2)
    )
    assert (january.value, january.n) == (100, 1)
    assert january.components["revenue"] == 60  # what was paid in January
    assert (february.value, february.n, february.reason) == (None, 0, "no orders")
    assert february.components["revenue"] == 40


def test_a_month_without_rows() -> None:
    result = answer("average_order_value", {"transactions": LINES}, "2024-02")
    assert (result.value, result.status, result.reason) == (None, "no_data", "no orders")
