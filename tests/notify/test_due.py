"""What is due: new, due again, recovered, and what stays quiet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_kpi.config.notify_block import Recipient
from crm_kpi.engine import findings
from crm_kpi.notify.due import Due, decide, key_of
from crm_kpi.notify.told import ToldFinding
from crm_kpi.results import Rating, Report, Result, UnusualSide

NOW = datetime(2024, 12, 31, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def result(metric: str = "nps", **fields: Any) -> Result:
    plain = {
        "metric": metric, "period": "2024-12", "start": date(2024, 12, 1),
        "end": date(2025, 1, 1), "partial": False, "segment": {}, "value": 40, "unit": "points",
        "n": 9, "low": None, "high": None, "components": {}, "definition": {}, "target": 50,
        "rating": Rating.MISSED,
    }  # fmt: skip
    return Result(**{**plain, **fields})


def report(*results: Result, **tables: list[dict[str, Any]]) -> Report:
    found = findings.find(results)
    return Report("1", date(2024, 12, 31), "UTC", None, {}, [*results], tables, findings=found)


MISSED = result()
NEAR = result(rating=Rating.WARNING, value=45)
MET = result(rating=Rating.MET, value=55)
WORSE = result(
    target=None, rating=None, unusual=True, unusual_side=UnusualSide.WORSE,
    usual_low=50, usual_high=60,
)  # fmt: skip
USUAL = result(target=None, rating=None, value=55, usual_low=50, usual_high=60)


def after(first: Due, hours: float, *results: Result, **keys: Any) -> Due:
    now = NOW + hours * HOUR
    return decide(Recipient(**keys), report(*results), {}, first.memory, now)


def first(*results: Result, **keys: Any) -> Due:
    return decide(Recipient(**keys), report(*results), {}, {}, NOW)


def told(due: Due) -> list[str]:
    return [one.finding.level.value for one in due.findings]


@pytest.mark.parametrize(
    ("when", "levels"),
    [
        ("missed", ["missed"]),
        ("warning", ["missed", "warning"]),
        ("unusual", ["missed", "worse", "warning"]),
        ("always", ["missed", "worse", "warning"]),
    ],
)
def test_when(when: str, levels: list[str]) -> None:
    near = result("csat", rating=Rating.WARNING)
    worse = result(
        "ces", target=None, rating=None, unusual=True, unusual_side=UnusualSide.WORSE,
        usual_low=50, usual_high=60,
    )  # fmt: skip
    assert told(first(MISSED, near, worse, when=when)) == levels


def test_the_same_is_told_again_after_a_day() -> None:
    due = first(MISSED)
    assert told(due) == ["missed"]
    quiet = after(due, 5, MISSED)
    assert (told(quiet), quiet.known, bool(quiet)) == ([], 1, False)
    assert quiet.memory == due.memory
    assert told(after(due, 24, MISSED)) == ["missed"]
    assert told(after(due, 23.99, MISSED)) == ["missed"]  # cron is a little early
    assert told(after(due, 9999, MISSED, again="once")) == []
    assert told(after(due, 0, MISSED, again="always")) == ["missed"]


def test_a_next_month_is_the_same_finding() -> None:
    due = first(MISSED, again="once")
    later = result(period="2025-01", start=date(2025, 1, 1), end=date(2025, 2, 1))
    assert told(after(due, 24 * 31, MISSED, later, again="once")) == []


def test_another_level_is_new() -> None:
    due = first(NEAR, when="warning")
    assert told(after(due, 1, MISSED, when="warning")) == ["missed"]


def test_recovery_is_said_once() -> None:
    due = first(MISSED)
    met = after(due, 1, MET)
    assert (told(met), [r.value for r in met.recovered]) == ([], [55])
    assert not after(met, 2, MET)
    assert told(after(met, 2, MISSED)) == ["missed"]


def test_near_is_no_recovery_of_missed() -> None:
    due = first(MISSED)
    near = after(due, 1, NEAR)
    assert not near
    assert [r.value for r in after(near, 2, MET).recovered] == [55]


def test_no_value_is_no_recovery() -> None:
    due = first(MISSED)
    for gone in ([result(value=None, rating=None)], [result(target=None, rating=None)], []):
        nothing = after(due, 1, *gone)
        assert not nothing
        assert nothing.memory == due.memory


def test_what_is_unusual_is_usual_again() -> None:
    due = first(WORSE, when="unusual")
    assert told(due) == ["worse"]
    assert [r.value for r in after(due, 1, USUAL, when="unusual").recovered] == [55]


def test_nobody_waits_for_what_was_better_to_pass() -> None:
    better = result(
        target=None, rating=None, value=70, unusual=True, unusual_side=UnusualSide.BETTER,
        usual_low=50, usual_high=60,
    )  # fmt: skip
    due = first(better, when="unusual")
    assert told(due) == ["better"]
    usual = after(due, 1, USUAL, when="unusual")
    assert (bool(usual), usual.memory) == (False, {})


def test_a_report_on_every_run_tells_all() -> None:
    due = first(MISSED, when="always")
    again = after(due, 1, MISSED, when="always")
    assert told(again) == ["missed"]


def test_segments_are_apart() -> None:
    north = result(segment={"region": "Bắc"})
    due = first(north)
    both = after(due, 1, north, MISSED)
    assert [one.key for one in both.findings] == ["nps"]
    assert key_of("nps", {"region": "Bắc"}) in both.memory


TICKETS = [{"ticket_id": "T1", "hours_open": 60}, {"ticket_id": "T2", "hours_open": 50}]
BOUGHT = [
    {"customer_id": "An", "purchased": date(2024, 12, 24)},
    {"customer_id": "Bình", "purchased": date(2024, 12, 23)},
]


def rows(
    name: str, found: list[dict[str, Any]], told_before: Due | None, days: float, **keys: Any
) -> Due:
    count = result(
        name, period="2024-12-31", value=len(found), unit="count", target=0,
        rating=Rating.MISSED if found else Rating.MET,
    )  # fmt: skip
    memory = {} if told_before is None else told_before.memory
    now = NOW + timedelta(days=days)
    return decide(Recipient(**keys), report(count, **{name: found}), {name: name}, memory, now)


def ids(due: Due) -> list[list[str]]:
    return [[next(iter(row.values())) for row in one.rows or ()] for one in due.findings]


def test_each_row_of_a_list_is_told_by_itself() -> None:
    due = rows("unresolved", TICKETS[:1], None, 0)
    assert ids(due) == [["T1"]]
    assert ids(rows("unresolved", TICKETS, due, 0.2)) == [["T2"]]
    assert ids(rows("unresolved", TICKETS, due, 1)) == [["T1", "T2"]]
    done = rows("unresolved", [], due, 0.3)
    assert [r.value for r in done.recovered] == [0]
    reopened = rows("unresolved", TICKETS[:1], rows("unresolved", [], due, 0.3), 0.4)
    assert ids(reopened) == [["T1"]]


def test_nobody_is_written_to_twice_over_one_purchase() -> None:
    due = rows("follow_up", BOUGHT[:1], None, 0)
    assert ids(due) == [["An"]]
    assert ids(rows("follow_up", BOUGHT, due, 30)) == [["Bình"]]
    gone = rows("follow_up", [], due, 1)
    assert not gone
    assert not rows("follow_up", BOUGHT[:1], gone, 2)
    bought_again = [{"customer_id": "An", "purchased": date(2025, 2, 1)}]
    assert ids(rows("follow_up", bought_again, gone, 40)) == [["An"]]
    assert ids(rows("follow_up", BOUGHT[:1], due, 1, again="24h")) == [["An"]]


def test_no_customer_is_remembered() -> None:
    due = rows("follow_up", BOUGHT, None, 0)
    (kept,) = due.memory.values()
    assert isinstance(kept, ToldFinding)
    assert len(kept.rows) == 2
    assert "An" not in str(kept.rows)
