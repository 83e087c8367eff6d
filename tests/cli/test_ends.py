"""Values at their ends: a message and an exit code, never a fault of the program's own."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from .conftest import Run
from .test_process import Done, refused

ODD = os.fsdecode(b"a\xff")
"""A name that is not UTF-8."""
LARGE = "9" * 33


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,date,amount,Region\nA,2024-01-02,10,N\nB,2024-02-02,20,S\n")
    return path


def revenue(crm_kpi: Run, path: Path | str, *words: str) -> Done:
    return crm_kpi("revenue", path, "--as-of", "2024-03-01", "-f", "csv", "-q", *words)


class TestCalendar:
    @pytest.mark.parametrize(
        "words",
        [
            ("--as-of", "9999-12-31"),
            ("--as-of", "1899-12-31"),
            ("--as-of", "0001-01-01"),
            ("--from", "0001"),
            ("--from", "FY1899"),
            ("--to", "9999"),
            ("--to", "9999-W52"),
            ("--from", "9999-Q1"),
            ("--set", "periods.custom=[{name: x, start: 0001-01-01, end: 2024-01-01}]"),
            ("--set", "periods.custom=[{name: x, start: 2024-01-01, end: 9999-12-31}]"),
        ],
    )
    def test_days_outside_of_it(self, crm_kpi: Run, orders: Path, words: tuple[str, str]) -> None:
        done = crm_kpi("revenue", orders, *words)
        refused(done, 2, "1900" if "FY" in words[1] else "between 1900 and 9998")

    @pytest.mark.parametrize("every", ["week", "month", "quarter", "year", "all"])
    @pytest.mark.parametrize("fiscal", ["1", "2", "12"])
    def test_its_last_year(self, crm_kpi: Run, orders: Path, every: str, fiscal: str) -> None:
        words = ("--every", every, "--from", "9998", "--set", f"periods.fiscal_year_start={fiscal}")
        done = crm_kpi("revenue", orders, "--as-of", "9998-12-31", "-f", "csv", "-q", *words)
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year", "all"])
    def test_its_first_year(self, crm_kpi: Run, orders: Path, every: str) -> None:
        done = revenue(crm_kpi, orders, "--every", every, "--from", "1900", "--to", "1900")
        assert done.returncode == 0, done.stderr

    def test_a_period_of_all_of_it(self, crm_kpi: Run, orders: Path) -> None:
        custom = "periods.custom=[{name: ever, start: 1900-01-01, end: 9998-12-31}]"
        done = revenue(crm_kpi, orders, "--set", custom)
        assert done.returncode == 0, done.stderr
        assert "revenue,ever,1900-01-01,9999-01-01,true,,30," in done.stdout

    @pytest.mark.parametrize("length", ["99999999d", "99999999 weeks", "1001y", "99999999 months"])
    @pytest.mark.parametrize(
        "key", ["timeliness.within", "renewal_rate.grace", "fcr.window", "unresolved.limit"]
    )
    def test_lengths_of_time(self, crm_kpi: Run, orders: Path, key: str, length: str) -> None:
        refused(revenue(crm_kpi, orders, "--set", f"definitions.{key}={length}"), 2, key)


class TestConfig:
    @pytest.mark.parametrize(
        "number", ["1e999", "-1e999", "1e-999", ".inf", ".nan", "inf", "nan", "9" * 400, "9" * 5000]
    )
    @pytest.mark.parametrize(
        "key",
        [
            "definitions.clv.lifetime",
            "definitions.clv_profit.acquisition_cost",
            "definitions.mrr.arpc",
            "definitions.data_quality.validity",
            "definitions.team.target",
            "definitions.csat.satisfied",
            "limits.low_n",
            "periods.last",
            "thresholds.revenue.target",
        ],
    )
    def test_numbers_that_nothing_can_be_computed_with(self, key: str, number: str) -> None:
        from crm_kpi.config import load_config
        from crm_kpi.errors import ConfigError

        with pytest.raises(ConfigError) as error:
            load_config(None, [f"{key}={number}"], env={})
        assert error.value.problems

    @pytest.mark.parametrize(
        "word",
        [
            'cache="a\\0b"',
            'timezone="a\\0b"',
            'sources.transactions={path: "a\\0b"}',
            'sources.transactions={path: a, dates: "%d/%m/%Y\\0"}',
            'sources.transactions={path: a, columns: {"a\\0": b}}',
            'cache="\\ud800"',
            "a." * 3000 + "b=1",
            "a=" + "[" * 3000,
            "a=" + "{a: " * 3000,
        ],
        ids=lambda word: word[:30],
    )
    def test_texts_that_nothing_can_be_called(self, crm_kpi: Run, orders: Path, word: str) -> None:
        refused(revenue(crm_kpi, orders, "--set", word), 2, "--set")

    @pytest.mark.parametrize(
        ("format", "what"),
        [
            ("%d/%m/%Y %p", "%p"),
            ("%d/%m/%Y %I:%M", "%I"),
            ("%d/%m/%Y %H:%M %p", "%p"),
            ("%d/%m/%Y %H", "%H"),
            ("%d/%m/%Y %M", "%M"),
            ("%d/%m/%Y %H:%S", "%H"),
            ("%d/%m/%Y %d", "%d and %d"),
            ("%F %Y", "%F and %Y"),
            ("%d/%m/%Y %T %H:%M", "%T and %H"),
            ("%d/%m/%Y %I:%M %p %H", "%I and %H"),
            ("%z %d/%m/%Y", "%z"),
            ("%f %d/%m/%Y %T", "%f"),
            ("%Y-%j", "%j"),
            ("%H:%M", "%d"),
            ("%d/%m/%Y %Z", "%Z"),
        ],
    )
    def test_formats_of_dates_that_make_none(
        self, crm_kpi: Run, orders: Path, format: str, what: str
    ) -> None:
        done = revenue(crm_kpi, orders, "--set", f"sources.transactions.dates={format}")
        refused(done, 2, what)
        assert "panicked" not in done.stderr


class TestBy:
    @pytest.mark.parametrize(
        "names", [("Region", "Region"), ("Region", "amount", "Region"), ("customer_id",) * 2]
    )
    def test_a_column_twice(self, crm_kpi: Run, orders: Path, names: tuple[str, ...]) -> None:
        words = [word for name in names for word in ("--by", name)]
        refused(revenue(crm_kpi, orders, *words), 2, "--by", "twice")

    def test_a_column_by_our_name_and_by_theirs(self, crm_kpi: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("customer_id,date,amount,Art\nA,2024-01-02,10,sale\n")
        words = ("--set", "sources.transactions.columns.kind=Art", "--by", "kind", "--by", "Art")
        refused(revenue(crm_kpi, path, *words), 2, "kind", "Art", "same column")


class TestNames:
    """Of files that are not UTF-8."""

    @pytest.mark.parametrize("name", [f"{ODD}.csv", f"{ODD}/a.csv", f"{ODD}.parquet"])
    @pytest.mark.parametrize("engine", ["polars", "duckdb"])
    def test_are_read(
        self, crm_kpi: Run, tmp_path: Path, orders: Path, name: str, engine: str
    ) -> None:
        plain = revenue(crm_kpi, orders)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if path.suffix == ".parquet":
            pl.read_csv(orders, try_parse_dates=True).write_parquet(orders.with_suffix(".parquet"))
            os.rename(orders.with_suffix(".parquet"), path)
        else:
            os.rename(orders, path)
        done = revenue(crm_kpi, path, "--engine", engine)
        assert (done.returncode, done.stdout) == (0, plain.stdout), done.stderr
        glob = crm_kpi("validate", "--transactions", tmp_path / "a*" / "*.csv")
        assert glob.returncode in (0, 3)
        assert "fault" not in glob.stderr

    @pytest.mark.parametrize("engine", ["polars", "duckdb"])
    def test_are_not_read_in_place(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        plain, path = tmp_path / "a.parquet", tmp_path / f"{ODD}.parquet"
        pl.DataFrame({"customer_id": ["A"], "amount": [1]}).write_parquet(plain)
        os.rename(plain, path)
        words = ("--set", "engine.in_place=[transactions]", "--engine", engine)
        refused(revenue(crm_kpi, path, *words), 3, "a\\udcff.parquet", "UTF-8")

    @pytest.mark.parametrize(
        "words",
        [("--where", f"Region={ODD}"), ("--by", ODD), ("--set", f"cache={ODD}"), ("-c", ODD)],
        ids=lambda words: words[0],
    )
    def test_of_other_things_are_refused(
        self, crm_kpi: Run, orders: Path, words: tuple[str, str]
    ) -> None:
        refused(revenue(crm_kpi, orders, *words), 2, "\\udcff" if words[0] != "--set" else "DCFF")

    def test_of_the_cache_folder(self, crm_kpi: Run, orders: Path, tmp_path: Path) -> None:
        env = {"XDG_CACHE_HOME": str(tmp_path / ODD)}
        done = crm_kpi("revenue", orders, "--set", "cache=true", env=env)
        refused(done, 2, "cache", "UTF-8")


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
class TestSums:
    def test_of_more_than_38_digits(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        path = tmp_path / "a.csv"
        rows = [f"C{n},2024-01-02,{LARGE}" for n in range(20)]
        path.write_text("\n".join(["customer_id,date,amount", *rows, ""]))
        refused(revenue(crm_kpi, path, "--engine", engine), 3, "transactions", "amount")

    def test_of_fewer(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        path = tmp_path / "a.csv"
        path.write_text(f"customer_id,date,amount\nA,2024-01-02,{LARGE[1:]}\nB,2024-01-02,1\n")
        done = revenue(crm_kpi, path, "--engine", engine)
        assert f",{int(LARGE[1:]) + 1}," in done.stdout, done.stderr

    def test_of_subscriptions_by_the_year(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        path = tmp_path / "a.csv"
        path.write_text(
            "customer_id,start_date,unit_amount,quantity,interval\n"
            "A,2024-01-02,99999999999999999.99,999,day\n"
        )
        done = crm_kpi("mrr", path, "--as-of", "2024-03-01", "--engine", engine)
        refused(done, 3, "subscriptions", "amount")

    def test_of_counts(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        path = tmp_path / "a.csv"
        rows = [f"T{n},2024-01-02,2024-01-03,9000000000000000000" for n in range(4)]
        path.write_text("\n".join(["ticket_id,created_at,solved_at,agent_replies", *rows, ""]))
        done = crm_kpi("fcr", path, "--as-of", "2024-03-01", "--engine", engine)
        refused(done, 3, "tickets", "agent_replies")

    def test_in_place(self, crm_kpi: Run, tmp_path: Path, engine: str) -> None:
        path = tmp_path / "a.parquet"
        amounts = pl.Series([LARGE] * 20).cast(pl.Decimal(38, 4))
        frame = pl.DataFrame({"customer_id": ["A"] * 20, "date": "2024-01-02", "amount": amounts})
        frame.with_columns(pl.col("date").str.to_date()).write_parquet(path)
        words = ("--set", "engine.in_place=[transactions]", "--engine", engine)
        refused(revenue(crm_kpi, path, *words), 3, "amount")


class TestProducts:
    @pytest.mark.parametrize("rate", ["0.0000393700787", "9" * 38, "123456789012345678.123456789"])
    def test_with_a_rate(self, crm_kpi: Run, tmp_path: Path, rate: str) -> None:
        path = tmp_path / "a.csv"
        path.write_text(f"customer_id,date,amount,currency\nA,2024-01-02,{LARGE},VND\n")
        words = ("--set", "currency=USD", "--set", f"exchange_rates.VND={rate}")
        refused(revenue(crm_kpi, path, *words), 3, "VND", "amount")

    def test_of_columns(self, crm_kpi: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        large = "9" * 25
        path.write_text(
            f"customer_id,date,n,price\nA,2024-01-02,2,3\nB,2024-01-02,{large},{large}\n"
        )
        made = ("--set", "sources.transactions.columns.amount={product: [n, price]}")
        refused(revenue(crm_kpi, path, *made), 3, "a.csv:3", "amount")
        done = revenue(crm_kpi, path, *made, "--set", "limits.rejected_rows=50%")
        assert done.stdout.splitlines()[1].split(",")[6] == "6", done.stderr
