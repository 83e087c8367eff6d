"""Dates as programs and people spell them out."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import DerivedColumn
from tests.sources.conftest import read, rejected

HANOI = "Asia/Ho_Chi_Minh"


def days(values: list[str], **how: object) -> list[date | None]:
    lines = (f'c{i},"{value}"' for i, value in enumerate(values))
    text = "\n".join(["customer_id,signup_date", *lines, ""])
    return read("customers", text, **how).frame["signup_date"].to_list()


def moments(values: list[str], header: str = "created_at", **how: object) -> list[datetime | None]:
    lines = (f'{i},"{value}"' for i, value in enumerate(values))
    text = "\n".join([f"ticket_id,{header}", *lines, ""])
    return read("tickets", text, **how).frame["created_at"].to_list()


@pytest.mark.parametrize(
    "written",
    ["3-Dec-2024", "03 Dec 2024", "3 December 2024", "3 dec. 2024", "03/DEC/2024", "Dec 3, 2024",
     "December 3 2024", "Dec. 3, 2024", "3 tháng 12 năm 2024", "ngày 3 tháng 12 năm 2024",
     "Ngày 03 tháng 12, 2024", "3 Thg 12 2024", "03 thg 12, 2024", "3 Th12 2024", "Thg 12 3, 2024",
     "3-Dec-2024 10:00", "Dec 3, 2024, 3:05 PM", "Dec 3, 2024 3:05:06 PM", "10:00 03/12/2024",
     "10:00:05 03-12-2024", "10:00 2024-12-03"],
)  # fmt: skip
def test_a_named_month_or_a_time_in_front(written: str) -> None:
    day_first = ["13/12/2024", "13-12-2024"] if "/12/" in written or "-12-" in written else []
    assert days([written, *day_first])[0] == date(2024, 12, 3)


def test_every_month_has_its_names() -> None:
    names = ["Jan", "feb", "MAR", "apr", "May", "june", "July", "aug", "Sept", "oct", "nov", "Dec"]
    found = days([f"2 {name} 2024" for name in names])
    assert found == [date(2024, month, 2) for month in range(1, 13)]


@pytest.mark.parametrize(
    "written", ["31-Dek-2024", "31 Feb 2024", "Dec 2024", "31 tháng 13 năm 2024"]
)
def test_what_is_no_day_of_a_named_month(written: str) -> None:
    text = f"customer_id,signup_date\nA,{written}\nB,2024-01-02\n"
    loaded = read("customers", text)
    assert rejected(loaded) == [(2, "signup_date", written, "not a date")]


def test_a_year_of_two_digits_beside_others_of_four_is_said_to_be_the_reason() -> None:
    text = "customer_id,signup_date\nA,31/12/24\nB,31/12/2024\n"
    (problem,) = read("customers", text).audit.problems
    assert str(problem.hint).startswith("its year has two digits")


def test_a_named_month_proves_no_order_for_others() -> None:
    with pytest.raises(DataError, match="may be day first or month first"):
        days(["3 Dec 2024", "03/04/2024"])


@pytest.mark.parametrize(
    ("written", "hour"),
    [("3:05 SA", 3), ("3:05 CH", 15), ("3:05:00 ch", 15), ("12:05 SA", 0), ("12:05 CH", 12),
     ("3:05 p.m.", 15), ("3:05 a.m.", 3), ("03:05PM", 15), ("03:05CH", 15)],
)  # fmt: skip
def test_halves_of_the_day(written: str, hour: int) -> None:
    assert moments([f"14/03/2024 {written}"]) == [datetime(2024, 3, 14, hour, 5)]
    assert moments([f"14 thg 3, 2024 {written}"]) == [datetime(2024, 3, 14, hour, 5)]


@pytest.mark.parametrize("offset", ["GMT+7", "GMT+07:00", "UTC+7", "+07", "GMT +7", "+0700"])
def test_offsets(offset: str) -> None:
    """As Google Forms writes them: 2024/03/14 3:05:06 CH GMT+7."""
    assert moments([f"2024/03/14 3:05:06 CH {offset}"]) == [datetime(2024, 3, 14, 8, 5, 6)]


def test_zones_of_the_pacific_are_offsets() -> None:
    """As Amazon's reports write them, whose clocks change within a file."""
    written = ["Mar 2, 2024 11:11:52 PM PST", "Mar 12, 2024 8:30:00 AM PDT"]
    assert moments(written) == [datetime(2024, 3, 3, 7, 11, 52), datetime(2024, 3, 12, 15, 30)]


def test_a_year_of_two_digits_behind_a_named_month_and_its_day() -> None:
    assert days(["Sep-05-23", "Aug-25-98"]) == [date(2023, 9, 5), date(1998, 8, 25)]


def test_a_value_that_is_rewritten_is_shown_as_it_stands() -> None:
    text = "ticket_id,created_at\n1,14/03/2024 13:05 CH\n2,14/03/2024 1:05 CH\n"
    assert rejected(read("tickets", text)) == [
        (2, "created_at", "14/03/2024 13:05 CH", "not a date")
    ]


@pytest.mark.parametrize(
    ("written", "word"),
    [("45365", "excel"), ("1710410400", "unix"), ("1710410400.25", "unix"),
     ("1710410400000", "unix_ms")],
)  # fmt: skip
def test_counted_dates_are_declared(written: str, word: str) -> None:
    text = f"ticket_id,created_at\n1,{written}\n"
    (problem,) = read("tickets", text).audit.problems
    assert str(problem.hint).endswith(f"declare sources.tickets.dates: {word}")
    (found,) = read("tickets", text, dates=word).frame["created_at"].to_list()
    assert found.date() == date(2024, 3, 14)


def test_seconds_keep_their_fraction_and_are_utc() -> None:
    found = moments(["1710410400.25", "0", ""], dates="unix", timezone=HANOI)
    assert found == [datetime(2024, 3, 14, 10, 0, 0, 250_000)]


def test_a_header_that_says_utc_is_believed() -> None:
    assert moments(["2024-03-14 20:00"], timezone=HANOI) == [datetime(2024, 3, 14, 13)]
    assert moments(["2024-03-14 20:00"], "Created (UTC)", timezone=HANOI) == [
        datetime(2024, 3, 14, 20)
    ]
    text = "id,customer,Created (UTC),amount\n1,A,2024-01-31 20:00,5\n2,A,2024-01-31,5\n"
    frame = read("transactions", text, timezone=HANOI).frame
    assert frame["date"].to_list() == [date(2024, 2, 1), date(2024, 1, 31)]


def test_a_declared_time_zone() -> None:
    how = {"timezone": HANOI}
    from crm_kpi import sources
    from crm_kpi.tables import TABLES
    from tests.sources.conftest import AS_OF, Path

    Path("t.csv").write_text("ticket_id,created_at\n1,2024-03-14 20:00\n2,2024-03-10 02:30\n")
    spec = sources.SourceSpec("tickets", ("t.csv",), timezone="America/New_York")
    options = sources.ReadOptions(AS_OF, rejected_rows=1, **how)  # type: ignore[arg-type]
    loaded = sources.load(TABLES["tickets"], [spec], options)
    assert loaded.frame["created_at"].to_list() == [datetime(2024, 3, 15)]
    (problem,) = loaded.audit.problems
    assert problem.reason == "no such local time"
    assert "America/New_York" in str(problem.hint)


def test_files_of_one_block_that_disagree_about_utc() -> None:
    from crm_kpi import sources
    from crm_kpi.tables import TABLES
    from tests.sources.conftest import AS_OF, Path

    Path("a.csv").write_text("ticket_id,Created (UTC)\n1,2024-03-14 20:00\n")
    Path("b.csv").write_text("ticket_id,Created\n2,2024-03-14 20:00\n")
    spec = sources.SourceSpec("tickets", ("a.csv", "b.csv"))
    with pytest.raises(UsageError, match="not all are UTC"):
        sources.load(TABLES["tickets"], [spec], sources.ReadOptions(AS_OF))


def test_a_join_of_a_date_and_a_vietnamese_time() -> None:
    text = "ticket_id,Ngày,Giờ\n1,14/03/2024,3:05 CH\n"
    loaded = read("tickets", text, columns={"created_at": DerivedColumn(join=("Ngày", "Giờ"))})
    assert loaded.frame["created_at"].to_list() == [datetime(2024, 3, 14, 15, 5)]
