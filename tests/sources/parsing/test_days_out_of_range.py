"""Days outside of 1900 to 9998 are rejected, in whatever way they are stored."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.results import Report
from crm_kpi.sources.spec import SourceSpec

LOOSE = ("limits.rejected_rows=100%", "periods.every=all", "as_of=2024-12-31")


def read(table: str, path: Path, metric: str, *set_: str, **spec: Any) -> Report:
    config = load_config(None, [*LOOSE, *set_], env={})
    specs = {table: (SourceSpec(table, (str(path),), **spec),)}
    return compute(config, KpiQuery([metric]), specs)


def reasons(report: Report, table: str) -> dict[str, int]:
    return dict(report.sources[table].reasons)


OUTSIDE = "not a date between 1900 and 9998"


def test_days_of_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    days = ["1899-12-31", "1900-01-01", "9998-12-31", "9999-01-01", "1000-01-01", "2024-01-01"]
    path.write_text("\n".join(["customer_id,date,amount", *(f"A,{day},1" for day in days), ""]))
    report = read("transactions", path, "revenue")
    assert reasons(report, "transactions") == {OUTSIDE: 3}
    assert [p.value for p in report.sources["transactions"].problems] == [days[0], days[3], days[4]]
    assert report.results[0].value == 2


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
def test_moments_of_text(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "a.csv"
    moments = ["1000-01-01 00:00:00", "9999-12-31T23:59:59Z", "1899-12-30 23:59:59.999999"]
    rows = [f"{n},{moment}" for n, moment in enumerate([*moments, "2024-01-01 10:00:00"])]
    path.write_text("\n".join(["ticket_id,created_at", *rows, ""]))
    report = read("tickets", path, "tickets", f"timezone={zone}")
    assert reasons(report, "tickets") == {OUTSIDE: 3}


@pytest.mark.parametrize(
    ("dates", "text"), [("excel", "2958465"), ("excel", "2958465.9"), ("excel", "9999999")]
)
def test_counted_days(tmp_path: Path, dates: str, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"customer_id,date,amount\nA,{text},1\nB,45292,1\n")
    report = read("transactions", path, "revenue", dates=dates)
    assert report.sources["transactions"].rejected == 1


@pytest.mark.parametrize("number", ["9" * 18, "9" * 30, "-" + "9" * 12, "5000000000"])
@pytest.mark.parametrize("unit", ["minutes", "hours", "days"])
def test_a_time_long_after_another(tmp_path: Path, unit: str, number: str) -> None:
    from crm_kpi.sources.spec import DerivedColumn

    path = tmp_path / "a.csv"
    path.write_text(
        "ticket_id,created_at,length\n"
        f"1,2024-01-01 10:00:00,{number}\n2,2024-01-01 10:00:00,2\n3,2024-01-01 10:00:00,\n"
    )
    made = DerivedColumn(after="created_at", **{unit: "length"})
    report = read("tickets", path, "tickets", columns={"solved_at": made}, numbers="1234.56")
    assert reasons(report, "tickets") == {OUTSIDE: 1}


FAR = pl.Series([2**62, -(2**62), 2**63 - 1], dtype=pl.Int64)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("in_place", ["[]", "[tickets]"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh"])
def test_moments_of_parquet(tmp_path: Path, engine: str, in_place: str, zone: str) -> None:
    path = tmp_path / "a.parquet"
    one = pl.Series([datetime(2024, 1, 1)]).cast(pl.Datetime("us")).to_physical()
    at = pl.concat([FAR, one]).cast(pl.Datetime("us", "UTC"))
    pl.DataFrame({"ticket_id": ["a", "b", "c", "d"], "created_at": at}).write_parquet(path)
    words = (f"engine={{name: {engine}, in_place: {in_place}}}", f"timezone={zone}")
    report = read("tickets", path, "tickets", *words)
    audit = report.sources["tickets"]
    assert (audit.rows, audit.used, audit.rejected) == (4, 1, 3)


def test_moments_of_parquet_in_milliseconds_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    at = pl.concat([FAR, pl.Series([1704067200000])]).cast(pl.Datetime("ms", "UTC"))
    pl.DataFrame({"ticket_id": ["a", "b", "c", "d"], "created_at": at}).write_parquet(path)
    report = read("tickets", path, "tickets", "engine={in_place: [tickets]}")
    assert report.sources["tickets"].used == 1


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("in_place", ["[]", "[transactions]"])
def test_days_of_parquet(tmp_path: Path, engine: str, in_place: str) -> None:
    path = tmp_path / "a.parquet"
    days = pl.concat(
        [
            pl.Series([date(1, 1, 1), date(9999, 12, 31), date(2024, 1, 1)]),
            pl.Series([9_999_999, -9_999_999], dtype=pl.Int32).cast(pl.Date),
        ]
    )
    frame = pl.DataFrame({"customer_id": list("abcde"), "date": days, "amount": [1] * 5})
    frame.write_parquet(path)
    words = f"engine={{name: {engine}, in_place: {in_place}}}"
    audit = read("transactions", path, "revenue", words).sources["transactions"]
    assert (audit.used, audit.rejected) == (1, 4)


def test_far_days_as_text_are_no_numbers_of_days(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    days = pl.Series([2_932_897, 19_723], dtype=pl.Int32).cast(pl.Date)
    pl.DataFrame({"customer_id": ["a", "b"], "date": days, "amount": [1, 1]}).write_parquet(path)
    report = read("transactions", path, "revenue", dates="excel")
    assert report.sources["transactions"].used == 1
