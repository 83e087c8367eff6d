"""Renewal rate: what was due, and what came of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from tests.support import ask, one

Row = dict[str, Any]


def term(customer: str, start: str, end: str | None = None, amount: float = 1, **more: Any) -> Row:
    """One term, worth `amount` a year."""
    return {
        "customer_id": customer,
        "start_date": start,
        "end_date": end,
        "amount": amount,
        "interval": "year",
        **more,
    }


def due(customer: str, day: str, renewed: str | None = None, amount: float = 1) -> Row:
    more = {"due_date": day, "renewed_at": renewed}
    return term(customer, "2023-01-01", None, amount, **more)


def renewal(
    rows: list[Row], period: str = "2024-01", definition: str = "{}", **options: Any
) -> Any:
    report = ask(
        {"subscriptions": rows},
        ["renewal_rate"],
        definitions={"renewal_rate": definition},
        **({"as_of": "2024-06-30"} | options),
    )
    return one(report, "renewal_rate", period)


def test_a_hundred_and_twenty_due() -> None:
    """102 renewed at value, +8, -4: (102 + 8 - 4) / 120 = 88.33, capped (102 - 4) / 120."""
    rows = [term(f"C{i}", "2023-01-10", "2024-01-10", 10) for i in range(120)]
    for i in range(102):
        # 10 renew 8 higher, 10 renew 4 lower, the others at value: +80 and -40 of 1,200.
        amount = 18 if i < 10 else (6 if i < 20 else 10)
        rows.append(term(f"C{i}", "2024-01-10", "2025-01-10", amount))
    result = renewal(rows)
    assert (result.value, result.n) == (85.0, 120)
    counts = {name: result.components[name] for name in ("due", "renewed", "pending")}
    assert counts == {"due": 120, "renewed": 102, "pending": 0}
    assert result.components["net"] == pytest.approx(88.33, abs=0.005)
    assert result.components["revenue_rate"] == pytest.approx(81.67, abs=0.005)
    assert result.low == pytest.approx(77.53, abs=0.005)  # Wilson
    assert result.high == pytest.approx(90.30, abs=0.005)


def test_by_due_date_and_renewed_at() -> None:
    rows = [
        due("on time", "2024-01-10", "2024-01-10"),
        due("early", "2024-01-10", "2023-09-01"),  # counts in January, where it was due
        due("late", "2024-01-10", "2024-02-09"),  # the 30th day after
        due("too late", "2024-01-10", "2024-02-10"),
        due("never", "2024-01-10", None),
        due("february", "2024-02-01", "2024-01-20"),
        due("not due", "2025-01-10", "2024-01-10"),
    ]
    result = renewal(rows)
    assert result.value == 60.0  # 3 of 5
    assert (result.components["due"], result.components["renewed"]) == (5, 3)
    # Renewed without a next row: at the old value.
    assert (result.components["revenue_rate"], result.components["net"]) == (60.0, 60.0)
    assert renewal(rows, "2024-02").value == 100.0
    assert renewal(rows, "2023-09").reason == "nothing was due"
    assert renewal(rows, "2023-09").status == "no_data"


def test_where_the_file_has_due_dates_an_end_is_no_due_day() -> None:
    """A monthly subscription that was cancelled had nothing due."""
    rows = [
        due("A", "2024-01-10", "2024-01-10"),
        term("B", "2023-05-01", "2024-01-20", due_date=None, renewed_at=None),
    ]
    assert renewal(rows).n == 1
    without = [term("B", "2023-05-01", "2024-01-20")]
    assert (renewal(without).value, renewal(without).n) == (0.0, 1)


@pytest.mark.parametrize(
    ("start", "renewed"),
    [
        ("2023-12-10", False),  # 31 days before: another subscription, not the next term
        ("2023-12-11", True),
        ("2024-01-10", True),
        ("2024-02-09", True),
        ("2024-02-10", False),
    ],
)
def test_a_next_term_within_the_grace(start: str, renewed: bool) -> None:
    rows = [term("A", "2023-01-10", "2024-01-10"), term("A", start, "2025-01-10")]
    assert renewal(rows).value == (100.0 if renewed else 0.0)


def test_a_next_term_outlasts_the_old_one() -> None:
    """An add-on that began shortly before and ends with it renews nothing."""
    rows = [
        term("A", "2023-01-10", "2024-01-10", 100),
        term("A", "2023-12-20", "2024-01-10", 5),
    ]
    result = renewal(rows)
    assert (result.value, result.n) == (0.0, 1)  # one customer, one day: one renewal
    assert renewal([*rows, term("A", "2024-01-10", None, 105)]).components["net"] == 100.0


def test_an_add_on_with_the_same_due_date_renews_nothing() -> None:
    rows = [due("A", "2024-01-10", None, 100)]
    rows.append(term("A", "2023-12-20", None, 5, due_date="2024-01-10", renewed_at=None))
    assert renewal(rows).value == 0.0


def test_what_began_before_is_no_next_term() -> None:
    rows = [term("A", "2024-01-02", "2024-01-09"), term("A", "2023-12-28", None)]
    assert renewal(rows).value == 0.0


def test_of_two_as_near_the_earlier_is_renewed() -> None:
    rows = [
        term("A", "2023-01-01", "2024-01-01", 100),
        term("A", "2023-01-11", "2024-01-11", 50),
        term("A", "2024-01-06", None, 100),
    ]
    result = renewal(rows)
    assert (result.value, result.n) == (50.0, 2)
    # All 100 of the earlier, not 50 of the later, of 150.
    assert result.components["revenue_rate"] == pytest.approx(200 / 3)


def test_another_customer_renews_nothing() -> None:
    rows = [term("A", "2023-01-10", "2024-01-10"), term("B", "2024-01-10", None)]
    assert renewal(rows).value == 0.0


def test_monthly_terms_renew_once_each() -> None:
    """February's term lies within the grace of January's and of its own; it renews January's."""
    days = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    rows = [term("A", day, after, 12) for day, after in pairwise(days)]
    for period in ("2024-02", "2024-03"):
        result = renewal(rows, period)
        assert (result.value, result.components["net"]) == (100.0, 100.0)
    assert renewal(rows, "2024-04").value == 0.0


def test_two_subscriptions_due_on_one_day_are_one_renewal() -> None:
    rows = [
        term("A", "2023-01-10", "2024-01-10", 100),
        term("A", "2023-05-10", "2024-01-10", 50),
        term("A", "2024-01-10", "2025-01-10", 90),  # of the two only one goes on
    ]
    result = renewal(rows)
    assert (result.value, result.n) == (100.0, 1)
    assert result.components["revenue_rate"] == 60.0  # 90 / 150


def test_pending_until_the_grace_is_over() -> None:
    rows = [
        due("renewed", "2024-01-10", "2024-01-12"),
        due("lost", "2024-01-01", None),
        due("open", "2024-01-10", None),
        due("promised", "2024-01-10", "2024-02-05"),  # after as_of: not yet
    ]
    result = renewal(rows, as_of="2024-02-04")
    # Of the last three the first has had its 30 days by 31 January.
    assert (result.value, result.n, result.status) == (50.0, 2, "pending")
    assert result.components["pending"] == 2
    assert result.reason == "2 still within the grace of 30 days"
    # 9 February is the last day of the grace: known in full at its end.
    assert renewal(rows, as_of="2024-02-08").components["pending"] == 1
    result = renewal(rows, as_of="2024-02-09")
    assert (result.value, result.n, result.status) == (50.0, 4, "low_n")


def test_all_pending() -> None:
    result = renewal([due("A", "2024-01-10", None)], as_of="2024-01-31")
    assert (result.value, result.n, result.status) == (None, 0, "pending")
    assert result.components["revenue_rate"] is None


def test_what_is_due_after_as_of_is_not_due() -> None:
    rows = [due("A", "2024-01-10", "2024-01-10"), due("B", "2024-01-31", "2024-01-10")]
    assert renewal(rows, as_of="2024-01-30").n == 1


@pytest.mark.parametrize(("grace", "value"), [("0d", 0.0), ("6d", 0.0), ("1 week", 100.0)])
def test_grace(grace: str, value: float) -> None:
    rows = [due("A", "2024-01-10", "2024-01-17")]
    result = renewal(rows, definition=f"{{grace: {grace}}}")
    assert result.value == value
    rows = [term("A", "2023-01-10", "2024-01-10"), term("A", "2024-01-17", None)]
    assert renewal(rows, definition=f"{{grace: {grace}}}").value == value


def test_grace_is_in_days() -> None:
    with pytest.raises(ConfigError) as error:
        renewal([], definition="{grace: 1 month}")
    assert error.value.problems[0].reason == "should be a number of days such as 30d"


def test_trials_and_gifts_are_not_due() -> None:
    rows = [
        term("A", "2023-12-27", "2024-01-10", trial_end="2024-01-10"),
        term("B", "2023-01-10", "2024-01-10", 0),
        term("C", "2023-01-10", "2024-01-10", trial_end="2023-01-24"),
        term("C", "2024-01-10", "2025-01-10", 0),  # a gift renews nothing
    ]
    result = renewal(rows)
    assert (result.value, result.n) == (0.0, 1)


def test_the_end_of_a_trial_is_no_renewal() -> None:
    rows = [due("A", "2024-01-10", None) | {"trial_end": "2024-01-10"}]
    assert renewal(rows).n == 0


def test_neither_due_date_nor_end_date() -> None:
    rows = [{"customer_id": "A", "start_date": "2023-01-10", "amount": 1}]
    report = ask({"subscriptions": rows}, ["renewal_rate"], as_of="2024-01-31")
    assert report.skipped[0].reason == "subscriptions has no column due_date or end_date"


PLANS = [
    term("A", "2023-01-10", "2024-01-10", 100, plan="basic"),
    term("A", "2024-01-10", "2025-01-10", 150, plan="pro"),  # renewed, in another plan
    term("B", "2023-01-10", "2024-01-10", 100, plan="basic"),
    term("C", "2023-01-10", "2024-01-10", 100, plan="pro"),
    term("C", "2024-01-10", "2025-01-10", 100, plan="pro"),
]


def test_the_plan_that_was_due_is_the_segment() -> None:
    report = ask({"subscriptions": PLANS}, ["renewal_rate"], as_of="2024-06-30", by=["plan"])
    basic = one(report, "renewal_rate", "2024-01", plan="basic")
    assert (basic.value, basic.n, basic.components["net"]) == (50.0, 2, 75.0)
    pro = one(report, "renewal_rate", "2024-01", plan="pro")
    assert (pro.value, pro.n) == (100.0, 1)


def test_a_filter_does_not_hide_the_next_term() -> None:
    result = renewal(PLANS, where={"plan": ["basic"]})
    assert (result.value, result.n, result.components["net"]) == (50.0, 2, 75.0)


def test_the_definition_is_shown_as_written() -> None:
    assert renewal([due("A", "2024-01-10", None)]).definition == {"grace": "30d"}
