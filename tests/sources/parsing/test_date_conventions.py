"""Dates that other columns, headers or all rows together settle."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable, SourceSpec, load
from crm_kpi.sources.parsing.dates import OpenDates
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read

VIETNAMESE = "Mã khách hàng,Ngày đăng ký"


def customers(
    values: list[str], header: str = "customer_id,signup_date", **how: object
) -> LoadedTable:
    lines = (f'c{place},"{value}"' for place, value in enumerate(values))
    return read("customers", "\n".join([header, *lines, ""]), **how)


def days(values: list[str], header: str = "customer_id,signup_date", **how: object) -> list[date]:
    return customers(values, header, **how).frame["signup_date"].to_list()


@pytest.mark.parametrize(
    "written",
    ["Mon Feb 05 2024 09:30:00 GMT+0700 (Indochina Time)", "Mon, 05 Feb 2024 10:00:00 GMT",
     "Mon Feb  5 09:30:00 2024", "2024年2月5日", "2024年02月05日(月) 14時05分", "令和6年2月5日",
     "2024年2月5日 下午3:05", "2024年2月5日 星期一", "2024년 2월 5일", "2024. 2. 5. 오후 3:05",
     "2024. 02. 05.", "2024.02.05.", "5 de febrero de 2024", "5 de fevereiro de 2024",
     "lundi 5 février 2024", "05 févr. 2024 à 14h05", "5. Februar 2024", "Mo, 05.02.2024",
     "05.02.2024 um 14:05 Uhr", "5 febbraio 2024", "5 februari 2024", "05/Feb/24 9:00 AM",
     "Thứ Hai, ngày 5 tháng 2 năm 2024", "Monday, February 5th, 2024", "5th of February 2024",
     "2024/02/05 3:05:06 p. m.", "２０２４/０２/０５", "2024-02-05 - 14:05", "2024-02-05 (Mon)"],
)  # fmt: skip
def test_spellings(written: str) -> None:
    assert days([written]) == [date(2024, 2, 5)]


@pytest.mark.parametrize(
    "written",
    ["14h05 05/02/2024", "05/02/2024 14h05", "05/02/2024 14 giờ 05 phút", "T2, 05/02/2024",
     "05/02/2024 lúc 14:05", "05/02/2024 - 14:05", "05/02/2024 2:05 chiều", "05/02/2024 (T2)",
     "14 giờ 05 ngày 05/02/2024"],
)  # fmt: skip
def test_spellings_day_first(written: str) -> None:
    assert days([written, "25/01/2024"])[0] == date(2024, 2, 5)


def test_an_hour_that_is_written_with_a_letter() -> None:
    text = "ticket_id,created_at\n1,14h05 25/01/2024\n2,25/01/2024 9h05\n3,25/01/2024 2:05 chiều\n"
    found = read("tickets", text).frame["created_at"].to_list()
    assert found == [datetime(2024, 1, 25, *t) for t in ((14, 5), (9, 5), (14, 5))]


def test_buddhist_years_are_converted_where_all_are() -> None:
    loaded = customers(["29/02/2567", "25/12/2567"])
    assert loaded.frame["signup_date"].to_list() == [date(2024, 2, 29), date(2024, 12, 25)]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.PROVED, 2)
    assert days(["25/12/2567", "26/12/2567"]) == [date(2024, 12, 25), date(2024, 12, 26)]
    assert days(["2567-12-25"]) == [date(2024, 12, 25)]
    # One row of our calendar among them, and none is converted.
    assert customers(["25/12/2567", "25/12/2023"]).audit.future == 1


def test_another_column_of_the_file_proves_the_order() -> None:
    text = "customer_id,signup_date,churn_date\nA,26-05-2023,05-02-2024\n"
    loaded = read("customers", text)
    assert loaded.frame["churn_date"].to_list() == [date(2024, 2, 5)]
    (reading,) = loaded.audit.meaning
    assert (reading.column, reading.how, reading.rows) == ("churn_date", How.PROVED, 1)
    assert "'signup_date'" in reading.evidence


def test_columns_that_prove_both_orders_prove_nothing_for_a_third() -> None:
    header = "customer_id,signup_date,churn_date,updated_at"
    with pytest.raises(DataError, match="column updated_at"):
        read("customers", f"{header}\nA,26/05/2023,05/26/2024,05/06/2024\n")


def test_vietnamese_headers_are_day_first() -> None:
    loaded = customers(["05/02/2024"], VIETNAMESE)
    assert loaded.frame["signup_date"].to_list() == [date(2024, 2, 5)]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.CONVENTIONAL, 1)


@pytest.mark.parametrize(
    "header", ["customer_id,signup_date", "Mã khách hàng,Created at", "Ma KH,Ngay dang ky"]
)
def test_under_other_headers_the_order_stays_open(header: str) -> None:
    with pytest.raises(OpenDates, match="may be day first or month first"):
        customers(["05/02/2024"], header)


def test_vietnamese_rows_that_prove_another_order_are_believed() -> None:
    loaded = customers(["02/25/2024"], VIETNAMESE)
    assert loaded.frame["signup_date"].to_list() == [date(2024, 2, 25)]
    assert loaded.audit.meaning == []


def test_two_digits_of_a_year_are_conventional_under_vietnamese_headers() -> None:
    loaded = customers(["05/02/26", "31/01/26 9h05"], VIETNAMESE, as_of=date(2026, 12, 31))
    assert loaded.frame["signup_date"].to_list() == [date(2026, 2, 5), date(2026, 1, 31)]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.reading) == (How.CONVENTIONAL, "read as %d/%m/%y")


@pytest.mark.parametrize(
    ("values", "ways"),
    [(["05/02/24", "31/01/24"], ["%d/%m/%y"]), (["01/31/24"], ["%m/%d/%y"]),
     (["05-02-24"], ["%d-%m-%y", "%m-%d-%y", "%y-%m-%d"])],
)  # fmt: skip
def test_elsewhere_they_are_open_and_each_hint_works(values: list[str], ways: list[str]) -> None:
    with pytest.raises(OpenDates, match="has two digits") as refused:
        customers(values)
    for way in ways:
        assert f'"{way}"' in str(refused.value.hint)
        assert customers(values, dates=way).audit.rejected == 0


def test_two_digits_are_read_where_they_are_declared() -> None:
    assert days(["05/02/68", "05/02/69"], dates="%d/%m/%y", as_of=date(2069, 1, 1)) == [
        date(2068, 2, 5),
        date(1969, 2, 5),
    ]
    assert days(["24-02-05 10:00"], dates="%y-%m-%d") == [date(2024, 2, 5)]
    found = days(["01/Mar/24 9:00 AM", "01/Mar/69 9:00 AM"], dates="%d/%b/%y %I:%M %p")
    assert found == [date(2024, 3, 1), date(1969, 3, 1)]


def test_plain_dates_say_nothing() -> None:
    assert customers(["2024-02-05", "2024-02-06"]).audit.meaning == []
    assert customers(["25/02/2024", "05/02/2024"]).audit.meaning == []


def test_what_another_column_proves_comes_before_vietnamese_headers() -> None:
    text = "Mã khách hàng,Ngày đăng ký,Ngày hủy\nA,02/26/2023,05/06/2024\n"
    loaded = read("customers", text)
    assert loaded.frame["churn_date"].to_list() == [date(2024, 5, 6)]
    proved = [r.column for r in loaded.audit.meaning if r.how is How.PROVED]
    assert proved == ["Ngày hủy"]


def test_two_digits_of_a_year_are_proved_by_a_column_with_four() -> None:
    rows = "A,05/02/24,2024-02-05\nB,06/02/24,2024-02-06\n"
    loaded = read("customers", f"customer_id,signup_date,churn_date\n{rows}")
    assert loaded.frame["signup_date"].to_list() == [date(2024, 2, 5), date(2024, 2, 6)]
    (reading,) = loaded.audit.meaning
    assert (reading.column, reading.how) == ("signup_date", How.PROVED)
    with pytest.raises(OpenDates):
        read("customers", f"customer_id,signup_date,churn_date\n{rows}C,07/02/24,2024-02-08\n")


def test_days_that_both_orders_read_alike_prove_nothing() -> None:
    text = "customer_id,signup_date,churn_date\nA,01/01/2024,03/02/2024\n"
    with pytest.raises(OpenDates, match="column churn_date"):
        read("customers", text)


@pytest.mark.parametrize("of_source", [True, False])
def test_a_vietnamese_locale_settles_what_headers_leave_open(of_source: bool) -> None:
    Path("t.csv").write_text("customer_id,date,amount\nA,03/04/2024,1.250\n")
    spec = SourceSpec("transactions", ("t.csv",), locale="vi" if of_source else None)
    options = ReadOptions(AS_OF, locale=None if of_source else "vi")
    loaded = load(TABLES["transactions"], [spec], options)
    assert loaded.frame["date"].to_list() == [date(2024, 4, 3)]
    assert loaded.frame["amount"].to_list() == [1250]
    assert {(r.column, r.how) for r in loaded.audit.meaning} == {
        ("date", How.DECLARED), ("amount", How.DECLARED)}  # fmt: skip
    Path("t.csv").write_text("customer_id,date,amount\nA,04/13/2024,1.25\n")
    loaded = load(TABLES["transactions"], [spec], options)  # rows prove what they prove
    assert loaded.frame["date"].to_list() == [date(2024, 4, 13)]
