"""Renewal rate: what was due, and what came of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from tests.support import ask, one

from .files import ask_files

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
    """A term that ends on its due day."""
    more = {"due_date": day, "renewed_at": renewed}
    return term(customer, "2023-01-01", day, amount, **more)


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
    # It ended within its year, which was over in May.
    without = [term("B", "2023-05-01", "2024-01-20")]
    assert renewal(without).n == 0
    assert (renewal(without, "2024-05").value, renewal(without, "2024-05").n) == (0.0, 1)


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
    assert renewal([*rows, term("A", "2024-01-10", None, 105)]).components["net"] == 105.0


def test_an_add_on_with_the_same_due_date_renews_nothing() -> None:
    rows = [due("A", "2024-01-10", None, 100)]
    rows.append(term("A", "2023-12-20", "2024-01-10", 5, due_date="2024-01-10", renewed_at=None))
    assert renewal(rows).value == 0.0


def test_what_began_before_is_no_next_term() -> None:
    rows = [term("A", "2023-01-09", "2024-01-09"), term("A", "2022-12-28", None)]
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
        result = renewal(rows, period, "{min_term: 0d}")
        assert (result.value, result.components["net"]) == (100.0, 100.0)
    assert renewal(rows, "2024-04", "{min_term: 0d}").value == 0.0


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
    assert report.skipped[0].reason == (
        "subscriptions has no column due_date or end_date or interval or term_months"
    )


def test_a_term_that_runs_on_was_renewed() -> None:
    """100 yearly ones, of which 5 end at the anniversary: 95 are renewed."""
    rows = [term(f"C{i}", "2023-01-15", "2024-01-15" if i < 5 else None) for i in range(100)]
    result = renewal(rows)
    assert (result.value, result.n, result.status) == (95.0, 100, "ok")
    assert result.components["net"] == 95.0
    assert renewal(rows, "2024-02").reason == "nothing was due"


def test_past_the_due_date() -> None:
    """10 run on past it, 10 ended in the middle of the term: 10 of 20."""
    rows = [
        term(f"C{i}", "2023-03-31", "2023-10-01" if i < 10 else None, due_date="2024-03-31")
        for i in range(20)
    ]
    assert (renewal(rows, "2024-03").value, renewal(rows, "2024-03").n) == (50.0, 20)
    # Until the grace is over either may still come to something.
    assert renewal(rows, "2024-03", as_of="2024-04-29").components["pending"] == 20
    assert renewal(rows, "2024-03", as_of="2024-04-30").n == 20


@pytest.mark.parametrize(
    ("end", "january", "year_later"),
    [
        ("2024-01-10", 0.0, None),  # at the anniversary
        ("2024-02-09", 0.0, None),  # within the grace: it was not renewed, and not due again
        ("2024-02-10", 100.0, 0.0),  # ran on, and ended within its second year
    ],
)
def test_it_is_lost_once(end: str, january: float, year_later: float | None) -> None:
    rows = [term("A", "2023-01-10", end)]
    assert renewal(rows, as_of="2025-06-30").value == january
    assert renewal(rows, "2025-01", as_of="2025-06-30").value == year_later


def test_the_term_is_not_what_is_billed() -> None:
    """A yearly contract paid by the month is due once a year."""
    rows = [
        term("A", "2023-01-10", None, interval="month", term_months=12),
        term("B", "2023-01-10", "2023-06-10", interval="month", term_months=12),
    ]
    assert renewal(rows, "2023-06").n == 0
    assert (renewal(rows).value, renewal(rows).n) == (50.0, 2)


def test_a_row_that_is_followed_is_a_term() -> None:
    rows = [
        term("A", "2023-01-10", "2024-01-10", interval="month"),
        term("A", "2024-01-10", "2025-01-10", interval="month"),  # ends after as_of
        term("B", "2023-02-10", "2024-02-10", interval="month"),
    ]
    assert (renewal(rows).value, renewal(rows).n) == (100.0, 1)
    # No row is open: a list of contracts, and B's term is its year, too.
    assert (renewal(rows, "2024-02").value, renewal(rows, "2024-02").n) == (0.0, 1)


def test_an_end_of_no_contract() -> None:
    rows = [
        term("A", "2023-01-10", "2024-01-10", interval="month"),
        term("B", "2023-01-10", None, interval="month"),
    ]
    plain = renewal(rows)
    assert plain.reason is not None
    assert plain.reason.startswith("every term is shorter than 3 months")
    assert plain.components["short_terms"] == 1


@pytest.mark.parametrize(
    ("header", "n"),
    [("Contract end", 1), ("Ngày hết hạn", 1), ("end_date", 0), ("Cancelled at", 0)],
)
def test_the_header_names_the_end_of_a_contract(header: str, n: int, tmp_path: Path) -> None:
    """Of two that are paid by the month the one that ended had a term of a year."""
    text = f"customer_id,start_date,{header},amount,interval\n"
    text += "A,2023-01-10,2024-01-10,1,month\nB,2023-01-10,,1,month\n"
    report = ask_files(tmp_path, {"subscriptions": text}, ["renewal_rate"])
    result = one(report, "renewal_rate", "all")
    assert (result.n, result.value) == (n, 0.0 if n else None)


@pytest.mark.parametrize("more", [{"canceled_at": "2023-11-01"}, {"status": "Cancelled"}])
def test_an_end_that_was_asked_for_is_no_term(more: Row) -> None:
    """The contract of a year is given up after seven months, from August on: due in January."""
    rows = [term("A", "2023-01-10", "2024-08-10", **more)]
    assert renewal(rows, "2024-01", as_of="2024-06-30").value == 100.0
    assert renewal(rows, "2024-08", as_of="2024-09-30").n == 0
    assert renewal(rows, "2025-01", as_of="2025-06-30").value == 0.0


def test_an_end_after_as_of_is_that_of_a_term() -> None:
    rows = [term("A", "2023-01-10", "2024-08-10")]
    assert renewal(rows, "2024-01").n == 0
    assert renewal(rows, "2024-01", as_of="2024-09-30").value == 100.0  # known to have run on


def test_months_of_thirty_and_twenty_nine_days() -> None:
    """Terms from the 31st end with the month, and are due again on the 31st."""
    rows = [term("A", "2023-08-31", None, interval="quarter")]
    for period, n in (("2023-11", 1), ("2024-02", 1), ("2024-05", 1), ("2024-04", 0)):
        assert renewal(rows, period, as_of="2024-07-31").n == n
    ended = [term("A", "2023-08-31", "2024-02-29", interval="quarter")]
    assert renewal(ended, "2023-11").value == 100.0
    assert renewal(ended, "2024-02").value == 0.0


def test_month_to_month_does_not_drown_the_yearly() -> None:
    rows = [term("Y1", "2023-01-10"), term("Y2", "2023-01-10", "2024-01-10")]
    rows += [term(f"M{i}", "2023-01-10", interval="month") for i in range(50)]
    result = renewal(rows)
    assert (result.value, result.n, result.components["short_terms"]) == (50.0, 2, 50)
    everything = renewal(rows, definition="{min_term: 0d}")
    assert (everything.n, everything.components["renewed"]) == (52, 51)
    # Each month until it ends, and then once not.
    left = [term("M", "2023-01-10", "2024-03-20", interval="month")]
    values = {
        period: renewal(left, period, "{min_term: 0d}").value
        for period in ("2023-12", "2024-03", "2024-04", "2024-05")
    }
    assert values == {"2023-12": 100.0, "2024-03": 100.0, "2024-04": 0.0, "2024-05": None}


def test_weeks_and_days() -> None:
    rows = [
        term("W", "2024-01-01", "2024-01-22", interval="week", interval_count=1),
        term("D", "2024-01-01", None, interval="day", interval_count=10),
    ]
    result = renewal(rows, definition="{min_term: 0d, grace: 2d}")
    # W on the 8th, 15th and 22nd, when it ends; D on the 11th, 21st and 31st.
    assert (result.n, result.components["renewed"]) == (6, 5)


def test_a_change_of_plan_within_the_term_is_no_loss() -> None:
    rows = [
        term("A", "2023-01-10", "2023-10-01", 100, plan="basic"),
        term("A", "2023-10-01", None, 150, plan="pro"),
    ]
    result = renewal(rows)
    assert (result.value, result.n, result.components["net"]) == (100.0, 1, 150.0)


def test_terms_with_their_last_day_as_end() -> None:
    """1 January to 31 March is three months."""
    rows = [
        term("A", "2024-01-01", "2024-03-31"),
        term("A", "2024-04-01", "2024-06-30"),
    ]
    assert (renewal(rows, "2024-03").value, renewal(rows, "2024-03").n) == (100.0, 1)


def test_a_min_term_in_hours() -> None:
    with pytest.raises(ConfigError) as error:
        renewal([], definition="{min_term: 48h}")
    assert error.value.problems[0].reason == ("should be days or months such as 90d or 3 months")


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
    assert renewal([due("A", "2024-01-10", None)]).definition == {
        "grace": "30d",
        "min_term": "3 months",
    }
