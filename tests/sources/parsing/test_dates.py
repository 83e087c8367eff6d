"""Dates and times: what is read, what is proved, what is refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected


def days(values: list[str], **how: object) -> list[date | None]:
    """The signup dates of customers, each value quoted as it is."""
    return customers(values, **how).frame["signup_date"].to_list()


def customers(values: list[str], **how: object):  # type: ignore[no-untyped-def]
    lines = [f'{i},"{value}"' for i, value in enumerate(values)]
    return read("customers", "\n".join(["customer_id,signup_date", *lines, ""]), **how)


def moments(values: list[str], **how: object) -> list[tuple[datetime | None, date | None]]:
    """UTC and local day of tickets' created_at."""
    lines = [f'{i},"{value}"' for i, value in enumerate(values)]
    loaded = read("tickets", "\n".join(["ticket_id,created_at", *lines, ""]), **how)
    return loaded.frame.select("created_at", "created_at:day").rows()


D = date(2024, 3, 14)


@pytest.mark.parametrize(
    "written",
    ["2024-03-14", "2024-3-14", "2024/03/14", "2024.03.14", "14/03/2024", "14/3/2024", "03/14/2024",
     "3/14/2024", "14-03-2024", "03-14-2024", "14.03.2024", " 2024-03-14 ", "2024-03-14T23:59",
     "14/03/2024 09:05", "14/3/2024 9:05", "14/03/2024 09:05:07", "03/14/2024 9:05 PM",
     "3/14/2024, 9:05:07 am", "14.03.2024 09:05:07.123", "2024-03-14 09:05:07.123456789",
     "2024-03-14T09:05:07Z", "2024-03-14T09:05:07.5+00:00", "2024-03-14 09:05 UTC"],
)  # fmt: skip
def test_ways_to_write_a_day(written: str) -> None:
    assert days([written]) == [D]


@pytest.mark.parametrize(
    "written",
    ["2024-02-30", "31/04/2024", "2024-13-01", "24-03-14", "14/03/24", "0024-03-14", "20240314",
     "2024-03-14x", "x2024-03-14", "2024-03", "2024-03/14", "2024-03-14 24:00",
     "2024-03-14 23:60", "2024-03-14 23:59:60", "2024-03-14 13:00 PM", "2024-03-14T", "45000",
     "2024-03-14 10:00 +15:00", "today", "2024-03-140", "02024-03-14"],
)  # fmt: skip
def test_what_is_no_date_is_rejected(written: str) -> None:
    loaded = customers(["2024-01-01", written, "2024-01-03"])
    assert rejected(loaded) == [(3, "signup_date", written, "not a date")]
    assert loaded.audit.used == 2


def test_one_day_above_12_proves_the_order_of_the_whole_column() -> None:
    assert days(["03/04/2024", "13/04/2024", "5/6/2024"]) == [
        date(2024, 4, 3), date(2024, 4, 13), date(2024, 6, 5),
    ]  # fmt: skip
    assert days(["03/04/2024", "04/13/2024", "5/6/2024"]) == [
        date(2024, 3, 4), date(2024, 4, 13), date(2024, 5, 6),
    ]  # fmt: skip


def test_the_proof_is_noted() -> None:
    assert customers(["03/04/2024", "13/04/2024"]).audit.notes == [
        "signup_date: read as %d/%m/%Y, which its rows prove"
    ]


@pytest.mark.parametrize("mark", ["/", "-"])
def test_an_open_order_is_an_error_that_names_column_and_option(mark: str) -> None:
    value = f"03{mark}04{mark}2024"
    with pytest.raises(DataError) as caught:
        days(["2024-01-02", value])
    assert str(caught.value) == (
        f"t.csv:3: column signup_date: {value!r} may be day first or month first, "
        "and no row of the column tells"
    )
    assert caught.value.hint == (
        'declare sources.customers.dates: "%d/%m/%Y" or "%m/%d/%Y", '
        "or add --set sources.customers.dates=%d/%m/%Y"
    )


def test_days_that_both_orders_read_alike_are_no_problem() -> None:
    assert days(["03/03/2024", "4/4/2024"]) == [date(2024, 3, 3), date(2024, 4, 4)]


def test_dots_are_day_first() -> None:
    assert days(["03.04.2024"]) == [date(2024, 4, 3)]


def test_both_orders_proved_is_an_error_that_shows_both_lines() -> None:
    with pytest.raises(DataError) as caught:
        days(["03/04/2024", "01/13/2024", "13/01/2024"])
    assert str(caught.value) == (
        "column signup_date: dates are written both day first and month first: "
        "'01/13/2024' at t.csv:3 and '13/01/2024' at t.csv:4"
    )


def test_the_order_is_one_for_all_shapes_of_a_column() -> None:
    assert days(["03/04/2024 10:00", "13/04/2024", "03-04-2024"]) == [
        date(2024, 4, 3), date(2024, 4, 13), date(2024, 4, 3),
    ]  # fmt: skip
    with pytest.raises(DataError, match="both day first and month first"):
        days(["03/13/2024 10:00", "13/04/2024"])


def test_a_column_with_other_marks_is_proved_for_itself() -> None:
    text = "customer_id,signup_date,churn_date\nA,13-01-2024,03/04/2024\n"
    with pytest.raises(DataError, match="column churn_date"):
        read("customers", text)
    how = {"churn_date": "%d/%m/%Y"}
    assert read("customers", text, dates=how).frame["churn_date"].to_list() == [date(2024, 4, 3)]


def test_two_open_columns_are_told_together() -> None:
    text = "customer_id,signup_date,churn_date\nA,02/01/2024,03/04/2024\n"
    with pytest.raises(DataError, match="2 columns cannot be read") as caught:
        read("customers", text)
    assert [str(p).split(": ")[1] for p in caught.value.problems] == [
        "column signup_date", "column churn_date",
    ]  # fmt: skip
    assert "sources.customers.dates" in str(caught.value.problems[0].hint)


def test_files_of_one_block_are_proved_together() -> None:
    Path("s2.csv").write_text("customer_id,signup_date\nB,13/04/2024\n")
    Path("s1.csv").write_text("customer_id,signup_date\nA,03/04/2024\n")
    spec = sources.SourceSpec("customers", ("s*.csv",))
    loaded = sources.load(TABLES["customers"], [spec], sources.ReadOptions(AS_OF))
    assert loaded.frame["signup_date"].to_list() == [date(2024, 4, 3), date(2024, 4, 13)]


@pytest.mark.parametrize(
    ("declared", "written"),
    [("%d/%m/%Y", "14/03/2024"), ("%m/%d/%Y", "03/14/2024"), ("%Y-%m-%d", "2024-03-14"),
     ("%d/%m/%Y", "14/3/2024 10:00"), ("%Y%m%d", "20240314"), ("%d-%b-%Y", "14-Mar-2024"),
     ("%B %d, %Y", "March 14, 2024"), ("%d/%m/%Y %H:%M", "14/03/2024 10:00"),
     ("%Y-%m-%dT%H:%M:%S.%f%z", "2024-03-14T10:00:00.25+0000"), ("%F %T", "2024-03-14 10:00:00"),
     ("excel", "45365"), ("excel", "45365.75"), ("excel", "45365,75"), ("unix", "1710410400"),
     ("unix", "1710410400.5"), ("unix_ms", "1710410400000"), ("%d/%m/%Y", "14/3/2024 3:05 CH")],
)  # fmt: skip
def test_declared_formats(declared: str, written: str) -> None:
    assert days([written], dates=declared) == [D]
    assert days([written], dates={"signup_date": declared}) == [D]


@pytest.mark.parametrize(
    ("declared", "written"),
    [("%d/%m/%Y", "2024-03-14"), ("%d/%m/%Y", "03/14/2024"), ("%d/%m/%Y", "14-03-2024"),
     ("%Y%m%d", "2024314"), ("%d/%m/%Y %H:%M", "14/03/2024"), ("excel", "2024-03-14"),
     ("excel", "60"), ("excel", "2958466"), ("unix", "1710410400000"),
     ("unix_ms", "1710410400"), ("%d/%m/%Y", "14 Mar 2024"), ("%d/%m/%Y", "14/03/24")],
)  # fmt: skip
def test_text_that_is_not_as_declared_is_rejected(declared: str, written: str) -> None:
    assert rejected(customers([written], dates=declared)) == [
        (2, "signup_date", written, "not a date")
    ]


def test_a_declared_order_settles_what_the_rows_leave_open() -> None:
    assert days(["03/04/2024"], dates="%d/%m/%Y") == [date(2024, 4, 3)]
    assert days(["03/04/2024"], dates="%m/%d/%Y") == [date(2024, 3, 4)]


@pytest.mark.parametrize("declared", ["%d/%m", "%d/%m/%e", "yyyy-mm-dd", "%Q%d%m%Y"])
def test_a_format_that_makes_no_date_is_a_usage_error(declared: str) -> None:
    with pytest.raises(UsageError, match=r"sources.customers.dates: .* is no format of a date"):
        days(["2024-01-02"], dates=declared)


def test_serial_days_are_hinted_at() -> None:
    (problem,) = customers(["45365"]).audit.problems
    assert problem.hint is not None
    assert problem.hint.endswith("declare sources.customers.dates: excel")


def test_words_for_missing() -> None:
    text = "customer_id,signup_date,churn_date\n" + "".join(
        f"{i},2024-01-02,{word}\n"
        for i, word in enumerate(["", "-", "N/A", "na", "NULL", "None", "#N/A", "  ", '""'])
    )
    loaded = read("customers", text)
    assert loaded.frame["churn_date"].to_list() == [None] * 9
    assert loaded.audit.rejected == 0


def test_a_column_without_any_value() -> None:
    loaded = read("customers", "customer_id,signup_date,churn_date\nA,2024-01-02,\n")
    assert str(loaded.frame.schema["churn_date"]) == "Date"
    assert "churn_date" in loaded.columns


HANOI = {"timezone": "Asia/Ho_Chi_Minh"}


def test_times_without_offset_are_local_and_with_offset_converted() -> None:
    assert moments(
        ["2024-03-14T01:30:00", "2024-03-14T01:30:00Z", "2024-03-14 20:00:00 +0200",
         "2024-03-14T23:00:00-03", "2024-03-14"],
        **HANOI,
    ) == [
        (datetime(2024, 3, 13, 18, 30), date(2024, 3, 14)),
        (datetime(2024, 3, 14, 1, 30), date(2024, 3, 14)),
        (datetime(2024, 3, 14, 18, 0), date(2024, 3, 15)),
        (datetime(2024, 3, 15, 2, 0), date(2024, 3, 15)),
        (datetime(2024, 3, 13, 17, 0), date(2024, 3, 14)),
    ]  # fmt: skip


def test_the_day_of_a_date_column_is_the_local_one() -> None:
    assert days(["2024-03-14T23:00:00Z", "2024-03-14 23:00", "2024-03-14"], **HANOI) == [
        date(2024, 3, 15), date(2024, 3, 14), date(2024, 3, 14),
    ]  # fmt: skip


def test_fractions_and_half_days() -> None:
    assert moments(["14/03/2024 12:05 AM", "3/14/2024 12:05 PM"][:1]) == [
        (datetime(2024, 3, 14, 0, 5), D)
    ]
    assert moments(["2024-03-14 12:00:00.123456", "2024-03-14 12:00:00.5"]) == [
        (datetime(2024, 3, 14, 12, 0, 0, 123456), D),
        (datetime(2024, 3, 14, 12, 0, 0, 500000), D),
    ]
    assert moments(["1/3/2024 9:05:07.25 PM", "14/3/2024 9:05"]) == [
        (datetime(2024, 3, 1, 21, 5, 7, 250000), date(2024, 3, 1)),
        (datetime(2024, 3, 14, 9, 5), D),
    ]
    assert moments(["14/3/2024 9:05:07.25 +0530"]) == [(datetime(2024, 3, 14, 3, 35, 7, 250000), D)]


def test_local_times_that_do_not_exist_are_rejected_and_double_ones_take_the_first() -> None:
    text = "ticket_id,created_at\n1,2024-03-31 02:30\n2,2024-10-27 02:30\n3,2024-03-31 03:00\n"
    loaded = read("tickets", text, timezone="Europe/Berlin")
    assert rejected(loaded) == [(2, "created_at", "2024-03-31 02:30", "no such local time")]
    assert loaded.frame["created_at"].to_list() == [
        datetime(2024, 10, 27, 0, 30), datetime(2024, 3, 31, 1, 0),
    ]  # fmt: skip


def test_a_day_whose_midnight_clocks_skip_starts_later() -> None:
    assert moments(["2018-11-04"], timezone="America/Sao_Paulo") == [
        (datetime(2018, 11, 4, 3, 0), date(2018, 11, 4))
    ]


def test_serials_with_a_time_of_day() -> None:
    assert moments(["45365.75", "45365"], dates="excel", **HANOI) == [
        (datetime(2024, 3, 14, 11, 0), D), (datetime(2024, 3, 13, 17, 0), D),
    ]  # fmt: skip


def test_an_unknown_time_zone() -> None:
    with pytest.raises(UsageError, match="'Asia/Hanoy' is no time zone"):
        days(["2024-01-02"], timezone="Asia/Hanoy")


def test_dates_before_1970_are_kept_and_said() -> None:
    loaded = customers(["1969-12-31", "2024-01-02"])
    assert loaded.audit.notes == ["signup_date: 1 row before 1970"]
    assert loaded.audit.used == 2
