"""On whose days times with an offset are counted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import DerivedColumn, LoadedTable, SourceSpec
from crm_kpi.tables import day
from tests.sources.conftest import AS_OF

LATE = "2024-03-31T23:30:00+07:00"


def tickets(*rows: str, header: str = "created_at", own: bool = True, **how: object) -> LoadedTable:
    lines = (f"{place},{row}" for place, row in enumerate(rows))
    Path("t.csv").write_text("\n".join([f"ticket_id,{header}", *lines, ""]))
    spec = SourceSpec("tickets", ("t.csv",), **how)  # type: ignore[arg-type]
    options = sources.ReadOptions(AS_OF, own_zone=own, rejected_rows=Decimal(1))
    return sources.load_all({"tickets": [spec]}, options)["tickets"]


def days(loaded: LoadedTable) -> list[date]:
    return loaded.frame[day("created_at")].to_list()


def test_an_offset_that_all_rows_share_is_the_clock_of_the_file() -> None:
    loaded = tickets("2024-03-31T01:30:00+07:00", "2024-04-01T00:30:00+07:00")
    assert days(loaded) == [date(2024, 3, 31), date(2024, 4, 1)]
    (reading,) = loaded.audit.meaning
    assert (reading.column, reading.how, reading.rows) == ("created_at", How.PROVED, 2)
    assert "days are those of +07:00" in loaded.audit.assumed


def test_two_offsets_an_hour_apart_are_one_clock() -> None:
    loaded = tickets("2024-03-31T00:30:00+01:00", "2024-04-01T00:30:00+02:00")
    assert days(loaded) == [date(2024, 3, 31), date(2024, 4, 1)]


@pytest.mark.parametrize(
    "other", ["2024-04-01T00:30:00+02:00", "2024-04-01T00:30:00Z", "2024-04-01T00:30:00-05:00"]
)
def test_other_mixtures_are_counted_on_utc_days(other: str) -> None:
    loaded = tickets("2024-03-31T01:30:00+07:00", other)
    assert days(loaded)[0] == date(2024, 3, 30)
    assert loaded.audit.meaning == []


def test_a_declared_zone_comes_first() -> None:
    assert days(tickets("2024-03-31T01:30:00+07:00", own=False)) == [date(2024, 3, 30)]
    loaded = tickets("2024-03-31T01:30:00+07:00", timezone="UTC")
    assert days(loaded) == [date(2024, 3, 30)]


def test_utc_says_nothing() -> None:
    assert tickets("2024-03-31T01:30:00Z").audit.meaning == []
    assert tickets("2024-03-31 01:30:00").audit.meaning == []


def test_what_comes_after_such_a_time_is_on_the_same_clock() -> None:
    reply = {"first_reply_at": DerivedColumn(after="created_at", minutes="Wait")}
    loaded = tickets(f"{LATE},60", header="created_at,Wait", columns=reply)
    row = loaded.frame.row(0, named=True)
    assert row["created_at"] == datetime(2024, 3, 31, 23, 30)
    assert row["first_reply_at"] == datetime(2024, 4, 1, 0, 30)


def test_blocks_of_several_clocks_are_refused() -> None:
    Path("a.csv").write_text(f"ticket_id,created_at\n1,{LATE}\n")
    Path("b.csv").write_text("ticket_id,created_at\n2,2024-03-31T23:30:00Z\n")
    blocks = [SourceSpec("tickets", (path,)) for path in ("a.csv", "b.csv")]
    with pytest.raises(DataError, match=r"several offsets from UTC \(\+00:00 and \+07:00\)"):
        sources.load_all({"tickets": blocks}, sources.ReadOptions(AS_OF, own_zone=True))
    sources.load_all({"tickets": blocks}, sources.ReadOptions(AS_OF))


def test_tables_that_are_compared_are_on_one_clock() -> None:
    Path("l.csv").write_text(f"lead_id,created_at\n1,{LATE}\n")
    Path("i.csv").write_text("lead_id,occurred_at\n1,2024-03-31T23:30:00Z\n")
    specs = {
        "leads": [SourceSpec("leads", ("l.csv",))],
        "interactions": [SourceSpec("interactions", ("i.csv",))],
    }
    with pytest.raises(DataError, match="interactions and leads: times stand beside several"):
        sources.load_all(specs, sources.ReadOptions(AS_OF, own_zone=True))
