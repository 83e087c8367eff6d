"""Until when is known: a day, a moment of it, today, or what the data say."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.errors import ConfigError
from crm_kpi.tables import TABLES
from tests.analyses.support import table
from tests.corpus.program import crm_kpi
from tests.oracle.data import generate
from tests.oracle.data_sales import sales
from tests.oracle.data_service import tickets
from tests.support import ask, one

MOMENT = "2024-01-31 14:30"


def ticket(number: int, created: str, **more: Any) -> dict[str, Any]:
    return {"ticket_id": f"T{number}", "created_at": created, "solved_at": None, **more}


def test_a_moment_is_honoured_to_the_minute() -> None:
    rows = [
        ticket(1, "2024-01-29T14:29"),  # 48:01 hours
        ticket(2, "2024-01-29T14:30"),  # 48 hours
        ticket(3, "2024-01-29T09:00", solved_at="2024-01-31T14:30"),  # at that very moment
        ticket(4, "2024-01-29T09:00", solved_at="2024-01-31T14:31"),  # not yet
        ticket(5, "2024-01-31T14:31"),  # not created yet
    ]
    found = table({"tickets": rows}, "unresolved", as_of=MOMENT)
    assert [(row["ticket_id"], row["hours_open"]) for row in found] == [
        ("T4", 53.5),
        ("T1", pytest.approx(48 + 1 / 60)),
    ]
    report = ask({"tickets": rows}, ["tickets", "ticket_backlog", "sla_attainment"], as_of=MOMENT)
    assert report.as_of == datetime(2024, 1, 31, 14, 30)
    tickets = one(report, "tickets", "2024-01")
    assert (tickets.value, tickets.components) == (4, {"solved": 1, "open": 3})
    assert tickets.partial  # the day is not over
    backlog = one(report, "ticket_backlog", "2024-01")
    # ages 48:01, 48 and 53.5 hours
    assert (backlog.value, backlog.components["median_age"]) == (3, (48 + 1 / 60) / 24)
    sla = one(report, "sla_attainment", "2024-01").components
    # T3 took 53.5 hours, T4 and T1 wait longer than 48, T2 exactly so long
    assert (sla["met"], sla["breached"], sla["open"]) == (0, 3, 1)


def test_the_moment_is_on_the_clock_of_the_report() -> None:
    """14:30 in Saigon is 07:30 UTC."""
    rows = [ticket(1, "2024-01-29T07:29:59+00:00"), ticket(2, "2024-01-29T07:30:00+00:00")]
    found = table({"tickets": rows}, "unresolved", as_of=MOMENT, timezone="Asia/Ho_Chi_Minh")
    assert [row["ticket_id"] for row in found] == ["T1"]


def test_a_day_that_is_not_over_leaves_a_window_open() -> None:
    """Solved on the 24th: the seven days are over when the 31st is."""
    solved = ticket(
        1, "2024-01-24T08:00", solved_at="2024-01-24T09:00", agent_replies=1, reopens=0,
        customer_id="A",
    )  # fmt: skip
    for as_of, pending in (("2024-01-31", 0), (MOMENT, 1)):
        report = ask(
            {"tickets": [solved]}, ["fcr"], as_of=as_of, definitions={"fcr": "{window: 7d}"}
        )
        assert one(report, "fcr", "2024-01").components["pending"] == pending


def test_a_solution_later_that_day_has_not_come() -> None:
    rows = [
        ticket(1, "2024-01-31T08:00", first_reply_at="2024-01-31T09:00"),
        ticket(2, "2024-01-31T08:00", first_reply_at="2024-01-31T15:00"),
    ]
    found = one(
        ask({"tickets": rows}, ["first_response_time"], as_of=MOMENT),
        "first_response_time", "2024-01",
    )  # fmt: skip
    assert (found.value, found.components["unanswered"]) == (1, 1)


def test_of_other_tables() -> None:
    deals = [
        {"opportunity_id": "1", "created_at": "2024-01-02T08:00", "amount": 5,
         "closed_at": f"2024-01-31T{hour}:00", "outcome": "won"}
        for hour in (14, 15)
    ]  # fmt: skip
    report = ask({"opportunities": deals}, ["win_rate", "pipeline_value"], as_of=MOMENT)
    assert one(report, "win_rate", "2024-01").n == 1
    assert one(report, "pipeline_value", "2024-01").components["deals"] == 1


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2024-01-31 25:00", "is no day of the calendar"),
        ("2024-01-31 14", "should be a date such as 2024-01-31, one with a time"),
        ("tomorrow", "today or data"),
        ("1899-01-01 10:00", "should be a date between"),
    ],
)
def test_what_is_no_moment(written: str, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        ask({"tickets": []}, ["tickets"], as_of=written)
    assert fault in str(error.value.problems[0])


ORDERS = "customer_id,date,amount\nA,2024-01-05,10\nB,2024-02-09,20\nC,2999-01-01,40\n"
SUBSCRIPTIONS = "customer_id,start_date,end_date,amount\nA,2024-01-01,2024-05-01,10\n"
CUSTOMERS = "customer_id,signup_date,churned\nA,2024-01-01,no\nB,2024-01-02,yes\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("o", ORDERS), ("s", SUBSCRIPTIONS), ("c", CUSTOMERS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_files_without_a_config_say_it_themselves(files: Path) -> None:
    found = crm_kpi("revenue", "o.csv", "-f", "json")
    answer = json.loads(found.out)
    assert answer["as_of"] == "2024-02-09"
    assert [result["period"] for result in answer["results"]] == ["2024-01", "2024-02"]
    assert "as_of is 2024-02-09, the newest date in the data" in found.err
    assert "1 after as_of" in found.err
    # An end is no event.
    answer = json.loads(crm_kpi("mrr", "s.csv", "-f", "json").out)
    assert answer["as_of"] == "2024-01-01"
    today = json.loads(crm_kpi("revenue", "o.csv", "-f", "json", "--as-of", "today").out)
    assert today["as_of"] == date.today().isoformat()


def test_who_left_on_an_unknown_day_left_by_then(files: Path) -> None:
    found = json.loads(crm_kpi("customers", "c.csv", "--as-of", "data", "-f", "json").out)
    assert found["as_of"] == "2024-01-02"
    declared = json.loads(crm_kpi("customers", "c.csv", "--as-of", "2024-01-02", "-f", "json").out)
    assert found["results"] == declared["results"]


def test_a_config_says_today_unless_it_says_data(files: Path) -> None:
    Path("crm-kpi.yaml").write_text("sources: {transactions: {path: o.csv}}", encoding="utf-8")
    found = crm_kpi("report", "revenue", "-f", "json", "--every", "year")
    assert json.loads(found.out)["as_of"] == date.today().isoformat()
    assert "the data end on 2024-02-09" in found.err
    found = crm_kpi("report", "revenue", "-f", "json", "--set", "as_of=data")
    assert json.loads(found.out)["as_of"] == "2024-02-09"
    assert "the data end" not in found.err


def test_json_keeps_the_time(files: Path) -> None:
    found = json.loads(crm_kpi("revenue", "o.csv", "--as-of", "2024-02-09T10:15", "-f", "json").out)
    assert found["as_of"] == "2024-02-09T10:15:00"
    assert found["results"][-1]["partial"]


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_after_the_moment_makes_no_difference(seed: int) -> None:
    """Every KPI of moments, with all rows and with those that had happened by then."""
    data = generate(seed)
    tables = data.tables | {n: sales(seed)[n] for n in ("leads", "opportunities", "interactions")}
    tables["tickets"] = tickets(data)
    # Of a deal without a beginning it matters whether it is open now.
    tables["opportunities"] = [row for row in tables["opportunities"] if row["created_at"]]
    solved = sorted(row["solved_at"] for row in tables["tickets"] if row["solved_at"])
    moment = solved[len(solved) // 2].astimezone(data.zone).replace(second=0)
    by_then = {
        name: [_by_then(row, moment) for row in rows if _begun(name, row, moment)]
        for name, rows in tables.items()
    }
    asked = [
        name
        for name, entry in catalogue.entries().items()
        if entry.kind is KpiKind.SCALAR and entry.domain != "quality"  # which looks at every cell
    ]
    full, trimmed = (
        ask(rows, asked, as_of=f"{moment:%Y-%m-%d %H:%M}", timezone=data.timezone)
        for rows in (tables, by_then)
    )
    there = {(result.metric, result.period): result for result in trimmed.results}
    assert len(there) > 100
    for result in full.results:
        other = there.get((result.metric, result.period), result)
        assert result == other, (result, other)


def _begun(table: str, row: Any, moment: datetime) -> bool:
    at = row.get(TABLES[table].at)
    return not isinstance(at, datetime) or at <= moment


def _by_then(row: Any, moment: datetime) -> Any:
    later = [k for k, v in row.items() if isinstance(v, datetime) and v > moment]
    gone: dict[str, Any] = dict.fromkeys(later)
    if "closed_at" in gone:
        gone["outcome"] = "open"
    if "converted_at" in gone:
        gone["converted"] = False
    return row | gone
