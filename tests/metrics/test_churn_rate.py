"""Churn rate: four rules, and what a period's churn makes in a year."""

from __future__ import annotations

import pytest

from tests.support import ask, one

from .rows import Row, answer, customers


def test_fifty_of_a_thousand() -> None:
    rows = customers((950, "2023-01-01", None), (50, "2023-01-01", "2024-02-29"))
    result = answer("churn_rate", {"customers": rows}, "2024-02")
    assert (result.value, result.n) == (5.0, 1000)
    # A month's 5 % kept up for a year: 1 - 0.95 ** 12
    assert result.components["annualised"] == pytest.approx(45.963991233736)
    assert result.reason == "more customers lost (50) than gained (0)"


HUNDRED: list[Row] = [
    *customers(
        (89, "2023-01-01", None),
        (10, "2023-01-01", "2024-01-10"),
        (9, "2024-01-05", None),
        (1, "2024-01-05", "2024-01-20"),
    ),
    {"customer_id": "back", "signup_date": "2023-01-01", "churn_date": "2024-01-08"},
    {"customer_id": "back", "signup_date": "2024-01-25", "churn_date": None},
]


@pytest.mark.parametrize(
    ("rule", "value", "n"),
    [
        ("set", 10.0, 100),  # 10 of 100 are gone at the end
        ("events", 12.0, 100),  # and a joiner left, and one left who came back
        ("stripe", 100 * 12 / 110, 110),  # over those of the start and the 10 who joined
        ("average", 100 * 10 / 99.5, 100),  # 100 at the start, 99 at the end
    ],
)
def test_by_rule(rule: str, value: float, n: int) -> None:
    result = answer("churn_rate", {"customers": HUNDRED}, "2024-01", f"{{rule: {rule}}}")
    assert result.value == pytest.approx(value, rel=1e-12)
    assert result.n == n
    assert result.components["events"] == 12
    assert result.components["joined_and_left"] == 1
    assert (result.low is None) == (rule != "set")


def test_a_quarter_is_computed_from_its_own_customers() -> None:
    rows = customers(
        (9, "2023-01-01", None), (1, "2023-01-01", "2024-01-10"), (4, "2024-01-20", "2024-02-20")
    )
    result = answer("churn_rate", {"customers": rows}, "2024-Q1", every="quarter")
    assert (result.value, result.components["joined_and_left"]) == (10.0, 4)


def test_it_makes_a_hundred_with_retention() -> None:
    tables = {"customers": HUNDRED}
    churn = answer("churn_rate", tables, "2024-01")
    assert churn.value == 100 - (answer("retention_rate", tables, "2024-01").value or 0)


def test_more_losses_than_customers_have_no_yearly_rate() -> None:
    """One at the start; five join and all six leave: 600 % of the start."""
    rows = customers((1, "2023-01-01", "2024-01-20"), (5, "2024-01-05", "2024-01-20"))
    result = answer("churn_rate", {"customers": rows}, "2024-01", "{rule: events}")
    assert (result.value, result.components["annualised"]) == (600, None)


def test_a_period_with_nobody_at_the_start() -> None:
    rows = customers((3, "2024-01-10", None))
    result = answer("churn_rate", {"customers": rows}, "2024-01")
    assert (result.value, result.n, result.reason) == (None, 0, "no customers to lose")


def flagged(*groups: tuple[int, str, str | None, bool | None]) -> list[Row]:
    """(how many, signup, churn date, whether they have left)."""
    rows = customers(*((count, signup, churn) for count, signup, churn, _ in groups))
    flags = [left for count, _, _, left in groups for _ in range(count)]
    return [row | {"churned": left} for row, left in zip(rows, flags, strict=True)]


def test_who_has_left_nobody_knows_when_is_out_of_both() -> None:
    """Of 200 one has left without a date: in February 4 of the other 199."""
    rows = flagged(
        (195, "2023-01-01", None, False),
        (4, "2023-01-01", "2024-02-10", True),
        (1, "2023-01-01", None, True),
    )
    churn = answer("churn_rate", {"customers": rows}, "2024-02")
    assert (churn.value, churn.n, churn.components["undated"]) == (100 * 4 / 199, 199, 1)
    retention = answer("retention_rate", {"customers": rows}, "2024-02")
    assert (retention.value, retention.n) == (100 * 195 / 199, 199)
    people = answer("customers", {"customers": rows}, "2024-02")
    assert (people.value, people.components["customers_lost"]) == (195, 4)


@pytest.mark.parametrize("metric", ["churn_rate", "retention_rate", "customers"])
def test_too_many_of_them_are_no_number(metric: str) -> None:
    """Exactly 1 of 100 is not above 1 %; 2 of 101 are."""
    some = flagged((99, "2023-01-01", None, False), (1, "2023-01-01", None, True))
    assert answer(metric, {"customers": some}, "2024-02").value is not None
    more = flagged((99, "2023-01-01", None, False), (2, "2023-01-01", None, True))
    result = answer(metric, {"customers": more}, "2024-02")
    assert (result.value, result.status, result.components["undated"]) == (None, "no_data", 2)
    assert result.reason == "2 of 101 customers have left, and the file does not say when"


def test_before_the_first_of_them_signed_up_nothing_is_unknown() -> None:
    rows = flagged((9, "2023-01-01", None, False), (1, "2024-02-10", None, True))
    january, february = (
        answer("churn_rate", {"customers": rows}, m) for m in ("2024-01", "2024-02")
    )
    assert (january.value, january.components["undated"]) == (0.0, 0)
    assert (february.value, february.components["undated"]) == (None, 1)


def test_in_one_period_that_covers_all_they_left_inside() -> None:
    rows = flagged((1, "2023-01-03", None, False), (2, "2023-01-13", None, True))
    people = answer("customers", {"customers": rows}, "all", every="all")
    assert (people.value, people.components["joined_and_left"]) == (1, 2)
    assert people.components["undated"] == 2
    # Nobody was there before the first day; of the 3 who joined 2 have left.
    churn = answer("churn_rate", {"customers": rows}, "all", "{rule: stripe}", every="all")
    assert (churn.value, churn.n) == (100 * 2 / 3, 3)


def test_by_segment_they_add_up() -> None:
    rows = [
        row | {"segment": "A" if i % 2 else "B"}
        for i, row in enumerate(
            flagged((5, "2023-01-01", None, False), (2, "2023-01-01", None, True))
        )
    ]
    report = ask({"customers": rows}, ["churn_rate"], as_of="2024-03-31", by=["segment"])
    assert [
        one(report, "churn_rate", "2024-02", **s).components["undated"]
        for s in ({}, {"segment": "A"}, {"segment": "B"})
    ] == [2, 1, 1]
