"""Parquet: typed columns give what the same table gives as CSV."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.readers.canonical_text import text
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected

CUSTOMERS = {"customer_id": ["A", "B"], "signup_date": [date(2024, 1, 2), date(2024, 2, 13)]}


def parquet(columns: Any, **how: Any) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file, **how)
    return file.getvalue()


def load(columns: Any, table: str = "customers", **how: Any) -> LoadedTable:
    return read(table, parquet(columns), "t.parquet", **how)


def paths(*paths: str, table: str = "customers", **how: Any) -> LoadedTable:
    options = ReadOptions(AS_OF, rejected_rows=Decimal(1), texts=how.pop("texts", {}))
    return sources.load(TABLES[table], [SourceSpec(table, paths, **how)], options)


def test_a_file_is_read_and_accounted_for() -> None:
    content = parquet(CUSTOMERS)
    loaded = read("customers", content, "t.csv")  # whatever its name
    assert loaded.frame.rows() == [("A", date(2024, 1, 2)), ("B", date(2024, 2, 13))]
    audit = loaded.audit
    assert (audit.rows, audit.used, audit.bytes, audit.notes) == (2, 2, len(content), [])
    assert len(audit.sha256[0]) == 64


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (pl.Series(["007", "", None]), ["007", "", None]),
        (pl.Series([901234567, None]), ["901234567", None]),
        (pl.Series([901234567.0, 0.1, 1e16, 1e-7, -0.5]),
         ["901234567", "0.1", "10000000000000000", "0.0000001", "-0.5"]),
        (pl.Series([float("nan"), float("inf")]), ["NaN", "inf"]),
        (pl.Series([12.125, 123456.789]), ["12.1250", "123456.7890"]),
        (pl.Series([0.1, 2.5], dtype=pl.Float32), ["0.1", "2.5"]),
        (pl.Series([Decimal("1.125"), Decimal("7")]), ["1.1250", "7.0000"]),
        (pl.Series([Decimal("1.5"), None]), ["1.5", None]),
        (pl.Series([date(2024, 1, 2), None, date(2023, 12, 31)]),
         ["2024-01-02", None, "2023-12-31"]),
        (pl.Series([date(1, 1, 1), date(9999, 12, 31)]), ["0001-01-01", "9999-12-31"]),
        (pl.Series([None], dtype=pl.Date), [None]),
        (pl.Series([datetime(2024, 1, 2), datetime(2024, 1, 2, 3, 4, 5, 250_000)]),
         ["2024-01-02 00:00:00", "2024-01-02 03:04:05.250"]),
        (pl.Series([datetime(2024, 1, 2)]).dt.replace_time_zone("Asia/Ho_Chi_Minh"),
         ["2024-01-01 17:00:00Z"]),
        (pl.Series([time(9, 30)]), ["09:30:00"]),
        (pl.Series([True, None]), ["true", None]),
        (pl.Series(["x"], dtype=pl.Categorical), ["x"]),
        (pl.Series([b"x"]), ["x"]),
        (pl.Series([None]), [None]),
        (pl.Series([[1, 2], None]), ["[1, 2]", None]),
        (pl.Series([timedelta(hours=1)]), ["1:00:00"]),
    ],
)  # fmt: skip
def test_types_as_text(values: pl.Series, shown: list[str | None]) -> None:
    assert text(values).to_list() == shown


def test_the_same_table_as_csv_and_as_parquet(samples: dict[str, LoadedTable]) -> None:
    for name, loaded in samples.items():
        table = loaded.frame.select(n for n in TABLES[name].names if n in loaded.frame.columns)
        csv = table.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.fZ").encode()
        everything = {"everything": True, "as_of": date(2026, 12, 31)}
        one = read(name, csv, "t.csv", **everything)
        # Moments are in UTC, which the CSV says and a column of moments says by its zone.
        zoned = table.with_columns(pl.col(pl.Datetime("us")).dt.replace_time_zone("UTC"))
        other = read(name, parquet(zoned), "t.parquet", **everything)
        assert one.frame.equals(other.frame)
        assert one.audit.used == other.audit.used == table.height > 0
        assert (one.audit.reasons, one.columns) == (other.audit.reasons, other.columns)


@pytest.fixture(scope="module")
def samples() -> dict[str, LoadedTable]:
    folder = Path(__file__).parents[3] / "samples"
    specs = {
        path.stem: [SourceSpec(path.stem, (str(path),))]
        for path in sorted(folder.glob("*.csv"))
        if path.stem in TABLES
    }
    assert len(specs) > 3
    options = ReadOptions(date(2026, 12, 31), everything=True)
    return sources.load_all(specs, options)


def test_rejects_are_those_of_text_and_rows_are_counted_from_1() -> None:
    columns = {
        "customer_id": ["A", None, "C", "D"],
        "date": [date(2024, 1, 1), date(2024, 1, 1), None, date(2024, 1, 1)],
        "amount": [1.00001, 5.0, 5.0, float("nan")],
    }
    assert rejected(load(columns, "transactions")) == [
        (1, "amount", "1.00001", "more than 4 decimals"),
        (3, "date", None, "blank required value"),
        (4, "amount", "NaN", "not a number"),
    ]


def test_declared_styles_are_for_text_and_leave_typed_columns_alone() -> None:
    columns = {
        "customer_id": ["A", "B"],
        "date": ["03/04/2024", "05/04/2024"],
        "amount": [1234.5, 12.125],
    }
    loaded = load(columns, "transactions", dates="%d/%m/%Y", numbers="1.234,56")
    assert loaded.frame["amount"].to_list() == [Decimal("1234.5"), Decimal("12.125")]
    assert loaded.frame["date"].to_list() == [date(2024, 4, 3), date(2024, 4, 5)]


def test_moments_without_zone_are_local() -> None:
    columns = {"ticket_id": ["1"], "created_at": [datetime(2024, 1, 2, 3)]}
    loaded = load(columns, "tickets", timezone="Asia/Ho_Chi_Minh")
    assert loaded.frame["created_at"].to_list() == [datetime(2024, 1, 1, 20)]


def test_columns_that_nobody_reads_may_hold_anything() -> None:
    loaded = load(CUSTOMERS | {"tags": [["x"], []], "raw": [b"\xff", b""]})
    assert loaded.audit.used == 2
    with pytest.raises(DataError, match=r"column customer_id holds List\(String\), not one value"):
        load(CUSTOMERS | {"customer_id": [["A"], ["B"]]})
    with pytest.raises(DataError, match=r"t.parquet: is a damaged Parquet file \(.*[Uu][Tt][Ff]"):
        load(CUSTOMERS | {"segment": [b"\xff", b""]}, texts={"customers": frozenset({"segment"})})


def test_rows_equal_in_every_column_are_known_from_all_columns() -> None:
    columns = {
        "response_id": ["r1", "r1", "r2", "r2"],
        "score": [9, 9, 9, 9],
        "answered_at": [datetime(2024, 1, 1)] * 4,
        "note": ["x", "x", "x", "y"],
    }
    audit = load(columns, "surveys", constants={"survey": "nps"}).audit
    assert (audit.duplicates, audit.rejected, audit.used) == (1, 1, 2)


def test_rows_far_apart_are_found_again() -> None:
    count = 70_000
    columns = {
        "ticket_id": [str(i % (count - 1)) for i in range(count)],
        "created_at": [datetime(2024, 1, 1)] * count,
    }
    audit = load(columns, "tickets").audit
    assert (audit.duplicates, audit.used) == (1, count - 1)


def test_no_rows() -> None:
    audit = load({"customer_id": [], "signup_date": []}).audit
    assert (audit.rows, audit.used) == (0, 0)


@pytest.mark.parametrize("cut", [6, 40, -1, -200])
def test_a_file_that_was_cut_off_is_an_error(cut: int) -> None:
    with pytest.raises(DataError, match=r"t.parquet: is a damaged Parquet file") as caught:
        read("customers", parquet(CUSTOMERS)[:cut], "t.parquet")
    assert "get the file again" in str(caught.value.hint)


def test_damage_within_is_an_error() -> None:
    columns = {"customer_id": [f"C{i * i}" for i in range(5000)],
               "signup_date": [date(2024, 1, 1)] * 5000}  # fmt: skip
    content = bytearray(parquet(columns, compression="zstd"))
    content[4:200] = b"\xff" * 196
    with pytest.raises(DataError, match="is a damaged Parquet file"):
        read("customers", bytes(content), "t.parquet")


def test_a_file_of_which_nothing_is_read_still_has_its_rows() -> None:
    constants = {"date": "2024-01-01", "amount": "5"}
    loaded = load({"note": ["x", "y"]}, "costs", constants=constants)
    assert (loaded.audit.used, loaded.frame["amount"].sum()) == (2, 10)


def test_several_files_and_globs_are_one_table() -> None:
    for name, value in (("a", "A"), ("b", "B")):
        pl.DataFrame({"customer_id": [value], "signup_date": [date(2024, 1, 1)]}).write_parquet(
            f"{name}.parquet"
        )
    Path("c.csv").write_text("customer_id,signup_date\nC,2024-01-01\n", encoding="utf-8")
    loaded = paths("*.parquet", "c.csv")
    assert loaded.frame["customer_id"].to_list() == ["A", "B", "C"]
    assert loaded.audit.paths == ["a.parquet", "b.parquet", "c.csv"]


def test_folders_and_their_names_as_columns() -> None:
    shops = ("H%C3%A0%20N%E1%BB%99i", "__HIVE_DEFAULT_PARTITION__")
    for month, shop in zip(("2024-01", "2024-02"), shops, strict=True):
        folder = Path(f"sales/month={month}/channel={shop}")
        folder.mkdir(parents=True)
        pl.DataFrame(
            {"customer_id": ["A"], "date": [date.fromisoformat(f"{month}-05")], "amount": [5]}
        ).write_parquet(folder / "part-0.parquet")
        (folder / "_SUCCESS").write_bytes(b"")
        (folder / ".part-0.parquet.crc").write_bytes(b"x")
    Path("sales/_temporary").mkdir()
    Path("sales/_temporary/x.parquet").write_bytes(b"half")
    texts = {"transactions": frozenset({"month", "channel"})}
    for path in ("sales", "sales/", "sales/month=*", "sales/*/*/*.parquet"):
        loaded = paths(path, table="transactions", texts=texts)
        assert loaded.frame["channel"].to_list() == ["Hà Nội", None]
        assert loaded.audit.rows == 2
    january = paths("sales", table="transactions", where={"month": ("2024-01",)})
    assert (january.audit.used, january.audit.excluded) == (1, 1)


def test_a_column_of_the_file_is_not_replaced_by_its_folder() -> None:
    Path("segment=folder").mkdir()
    pl.DataFrame(CUSTOMERS | {"segment": ["x", "y"]}).write_parquet("segment=folder/a.parquet")
    loaded = paths("segment=folder", texts={"customers": frozenset({"segment"})})
    assert loaded.frame["segment"].to_list() == ["x", "y"]


def test_a_folder_without_parquet_stays_an_error() -> None:
    Path("empty").mkdir()
    with pytest.raises(DataError, match="empty: is a directory"):
        paths("empty")
