"""Repeat purchase rate: who ordered twice, in the period or ever."""

from __future__ import annotations

import pytest

from crm_kpi.errors import ConfigError

from .rows import answer, sale


def test_one_of_five_bought_again() -> None:
    rows = [sale(f"C{i}", "2024-01-05", 10, transaction_id=str(i)) for i in range(5)]
    rows += [sale("C0", "2024-01-20", 10, transaction_id="6")]
    rows += [sale(None, f"2024-01-{day}", 10, transaction_id="7") for day in (21, 22)]  # nobody
    result = answer("repeat_purchase_rate", {"transactions": rows}, "2024-01")
    assert (result.value, result.n) == (20, 5)
    assert result.components == {"customers": 5, "repeat_customers": 1}
    # Wilson: (0.2 + 0.3841) / 1.7683 +- 1.96 x sqrt(0.032 + 0.0384) / 1.7683
    assert (result.low, result.high) == pytest.approx((3.62, 62.45), abs=0.01)


TWO_MONTHS = [
    sale("A", "2024-01-05", 10),
    sale("B", "2024-01-06", 10),
    sale("A", "2024-02-07", 10),
]


@pytest.mark.parametrize(
    ("base", "values"),
    [
        ("period", [0, 0, None]),  # once each in January, A once in February
        ("ever", [0, 50, 50]),  # by the end of February one of two; in March still
    ],
)
def test_in_the_period_or_ever(base: str, values: list[float | None]) -> None:
    tables = {"transactions": TWO_MONTHS}
    results = [
        answer("repeat_purchase_rate", tables, f"2024-0{m}", f"{{base: {base}}}") for m in (1, 2, 3)
    ]
    assert [result.value for result in results] == values


@pytest.mark.parametrize("base", ["period", "ever"])
@pytest.mark.parametrize(("order", "value"), [("id", 100), ("day", 0), ("row", 100)])
def test_what_an_order_is(order: str, value: float, base: str) -> None:
    """Two orders of one day."""
    rows = [sale("A", "2024-01-05", 10, transaction_id=number) for number in ("1", "2")]
    definition = f"{{base: {base}, order: {order}}}"
    assert (
        answer("repeat_purchase_rate", {"transactions": rows}, "2024-01", definition).value == value
    )


def test_an_order_that_was_sent_back_was_one() -> None:
    rows = [
        sale("A", "2024-01-05", 10, transaction_id="1"),
        sale("A", "2024-01-06", 10, transaction_id="2"),
        sale("A", "2024-01-07", -10, transaction_id="2"),
    ]
    result = answer("repeat_purchase_rate", {"transactions": rows}, "2024-01")
    assert (result.value, result.n) == (100, 1)


@pytest.mark.parametrize("base", ["period", "ever"])
def test_a_month_before_the_first_order(base: str) -> None:
    rows = [sale("A", "2024-01-05", -10), sale("A", "2024-02-05", 10)]
    result = answer("repeat_purchase_rate", {"transactions": rows}, "2024-01", f"{{base: {base}}}")
    assert (result.value, result.n, result.reason) == (None, 0, "no customer with an order")


RETURNING = [
    sale("A", "2023-01-01", 10),  # the file's first row
    sale("B", "2023-06-01", 10),
    sale("B", "2024-03-10", 10),  # 283 days later
    sale("C", "2023-03-10", 10),
    sale("C", "2024-03-10", 10),  # 366 days later, 2024 being a leap year
    sale("D", "2024-03-01", 10),
    sale("D", "2024-03-31", 10),  # in one month
    sale("E", "2024-03-05", 10),
]


def test_buyers_of_the_period_who_had_bought_before() -> None:
    result = answer(
        "repeat_purchase_rate",
        {"transactions": RETURNING},
        "2024-03",
        "{base: returning, lookback: 365d}",
    )
    assert (result.value, result.n) == (50, 4)  # B and D of B, C, D and E
    assert result.reason is None
    result = answer(
        "repeat_purchase_rate", {"transactions": RETURNING}, "2024-03", "{base: returning}"
    )
    assert (result.value, result.definition["lookback"]) == (50, "365d")
    definition = "{base: returning, lookback: 366d}"
    result = answer("repeat_purchase_rate", {"transactions": RETURNING}, "2024-03", definition)
    assert result.value == 75  # C, too


@pytest.mark.parametrize(("first", "status"), [("2023-03-02", "low_n"), ("2023-03-03", "pending")])
def test_a_file_too_short_for_the_lookback(first: str, status: str) -> None:
    """365 days before 1 March 2024 was 2 March 2023."""
    rows = [sale("A", first, 10), sale("A", "2024-03-10", 10)]
    result = answer("repeat_purchase_rate", {"transactions": rows}, "2024-03", "{base: returning}")
    assert (result.status, result.n) == (status, 1)
    if status == "pending":
        assert result.reason == (
            "the file begins less than 365d before the period: an earlier order may be missing"
        )


@pytest.mark.parametrize(
    ("definition", "fault"),
    [
        ("{lookback: 30d}", "lookback goes with base: returning"),
        ("{base: returning, lookback: 2 months}", "lookback should be a number of days"),
        ("{base: returning, lookback: 0d}", "lookback should be a number of days"),
    ],
)
def test_lookbacks_that_are_none(definition: str, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        answer("repeat_purchase_rate", {"transactions": RETURNING}, "2024-03", definition)
    assert fault in str(error.value.problems[0])
