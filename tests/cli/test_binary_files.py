"""Workbooks and Parquet through the program: wherever a CSV goes, they go too."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from crm_kpi.tables import TABLES, Kind
from tests.cli.conftest import ROOT, Run, environment
from tests.sources.readers.xlsx.test_workbook import NOTES, book

FIRST = date(2024, 1, 1)
ANSWERS = [["score", "answered_at"], *([i % 11, FIRST + timedelta(days=i)] for i in range(100))]


def as_csv(folder: Path) -> None:
    lines = [",".join(map(str, row)) for row in ANSWERS]
    (folder / "answers.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def as_workbook(folder: Path) -> None:
    (folder / "answers.xlsx").write_bytes(book(NOTES, ANSWERS))


def as_parquet(folder: Path) -> None:
    header, *rows = ANSWERS
    pl.DataFrame(rows, schema=header, orient="row").write_parquet(folder / "answers.parquet")


WRITERS: dict[str, Callable[[Path], None]] = {
    "csv": as_csv, "xlsx": as_workbook, "parquet": as_parquet,
}  # fmt: skip


def nps(folder: Path, kind: str, *, piped: bool) -> str:
    WRITERS[kind](folder)
    path = folder / f"answers.{kind}"
    command = [sys.executable, "-m", "crm_kpi", "nps", "-" if piped else path.name]
    with path.open("rb") as file:
        done = subprocess.run(
            [*command, "--every", "month", "--as-of", "2024-04-30", "-f", "json"],
            stdin=file if piped else subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env=environment(),
            timeout=120,
            check=True,
        )
    return json.dumps(json.loads(done.stdout)["results"])


def test_any_kind_of_file_gives_the_same_from_a_path_and_from_a_pipe(tmp_path: Path) -> None:
    answers = {nps(tmp_path, kind, piped=piped) for kind in WRITERS for piped in (False, True)}
    assert len(answers) == 1


def test_init_validate_and_clean_take_a_workbook(crm_kpi: Run, tmp_path: Path) -> None:
    as_workbook(tmp_path)
    found = crm_kpi("init", "answers.xlsx", "-o", "crm-kpi.yaml", "--no-input")
    assert found.returncode == 0, found.stderr
    checked = crm_kpi("validate", "answers.xlsx", "--clean", "clean")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert (tmp_path / "clean" / "surveys.csv").read_text(encoding="utf-8").count("\n") == 101
    report = crm_kpi("report", "--as-of", "2024-04-30")
    assert report.returncode == 0, report.stderr
    assert "sheet Sheet2" in report.stderr


CASTS = {
    Kind.DATE: pl.col("text").str.to_date("%Y-%m-%d"),
    Kind.TIME: pl.col("text").str.to_datetime("%+").dt.convert_time_zone("Asia/Ho_Chi_Minh"),
    Kind.MONEY: pl.col("text").cast(pl.Float64),
    Kind.COUNT: pl.col("text").cast(pl.Int64),
    Kind.SCORE: pl.col("text").cast(pl.Float32),
    Kind.NUMBER: pl.col("text").cast(pl.Decimal(10, 4)),
}


def typed(path: Path) -> pl.DataFrame:
    """A sample with a type for each column that a table knows."""
    frame = pl.read_csv(path, infer_schema=False)
    table = TABLES[path.stem]
    kinds = {name: table[name].kind for name in frame.columns if name in table}
    return frame.with_columns(
        frame.select(text=name).select(CASTS[kind].alias(name)).to_series()
        for name, kind in kinds.items()
        if kind in CASTS
    )


def test_the_sample_report_is_the_same_from_parquet(crm_kpi: Run, tmp_path: Path) -> None:
    """Byte for byte, but for what is known of the files themselves."""
    samples = ROOT / "samples" / "crm-kpi.yaml"
    crm_kpi("validate", "-c", samples, "--clean", tmp_path)
    names = [path.stem for path in tmp_path.glob("*.csv") if path.stem in TABLES]
    assert len(names) == 10
    for name in names:
        typed(tmp_path / f"{name}.csv").write_parquet(tmp_path / f"{name}.parquet")
    head, _, rest = samples.read_text(encoding="utf-8").partition("sources:")
    goals = rest[rest.index("thresholds:") :]
    reports = []
    for kind in ("csv", "parquet"):
        sources = [f"  {name}: {{path: {name}.{kind}}}" for name in names]
        config = tmp_path / f"{kind}.yaml"
        lines = [f"{head}sources:", *sources, goals]
        config.write_text("\n".join(lines), encoding="utf-8")
        done = crm_kpi("report", "-c", config, "-f", "json", "-q")
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        for source in report["sources"].values():
            for key in ("paths", "bytes", "sha256"):
                del source[key]
        reports.append(json.dumps(report))
    assert reports[0] == reports[1]


def test_a_database_beside_its_config(crm_kpi: Run, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        connection.execute("create table answers (score, day)")
        rows = [(score, str(day)) for score, day in ANSWERS[1:]]
        connection.executemany("insert into answers values (?, ?)", rows)
        connection.commit()
    config = folder / "crm-kpi.yaml"
    config.write_text(
        "as_of: 2024-04-30\n"
        "sources:\n"
        "  surveys:\n"
        "    database: sqlite:///shop.db\n"
        "    query: select score, day as answered_at from answers order by day\n"
        "    constants: {survey: nps}\n",
        encoding="utf-8",
    )
    done = crm_kpi("nps", "-c", config, "--every", "month", "-f", "json", "-v")
    assert done.returncode == 0, done.stderr
    assert json.dumps(json.loads(done.stdout)["results"]) == nps(tmp_path, "csv", piped=False)
    refused = crm_kpi("nps", "-c", config, "-f", "json", "-o", folder / "shop.db")
    assert refused.returncode == 2
    # A file in place of the database, with all else that the config says.
    as_csv(tmp_path)
    other = crm_kpi("nps", "answers.csv", "-c", config, "--every", "month", "-f", "json")
    assert json.loads(other.stdout)["sources"]["surveys"]["paths"] == ["answers.csv"]


def test_a_password_in_a_config_is_refused_and_not_repeated(crm_kpi: Run, tmp_path: Path) -> None:
    config = tmp_path / "crm-kpi.yaml"
    config.write_text(
        "sources: {surveys: {database: 'postgresql://me:hunter2@db/shop', query: select 1}}\n",
        encoding="utf-8",
    )
    database = "sources.surveys.database=postgresql://me:hunter2@db/shop?password=hunter2"
    options = ("--set", database, "--set", "sources.surveys.query=select 1")
    for command in (
        ("nps", "-c", config),
        ("validate", "-f", "json", "-c", config),
        ("report", "-v", "-c", config),
        ("nps", *options),
    ):
        done = crm_kpi(*command)
        assert done.returncode == 2
        assert "holds a password" in done.stdout + done.stderr
        assert "PGPASSWORD" in done.stdout + done.stderr
        assert "hunter2" not in done.stdout + done.stderr


def test_init_reads_each_sheet_as_the_table_that_it_is(crm_kpi: Run, tmp_path: Path) -> None:
    customers = [["Mã khách hàng", "Ngày tạo"], ["KH1", FIRST], ["KH2", FIRST]]
    orders = [["Mã đơn hàng", "Mã khách hàng", "Ngày mua", "Thành tiền"], ["1", "KH1", FIRST, 5]]
    content = book(NOTES, orders, customers, names=("Ghi chú", "Đơn hàng", "Khách"))
    (tmp_path / "shop.xlsx").write_bytes(content)
    done = crm_kpi("init", "shop.xlsx", "-o", "crm-kpi.yaml", "--no-input")
    assert done.returncode == 0, done.stderr
    report = crm_kpi("report", "--as-of", "2024-03-31", "-f", "json")
    sources = json.loads(report.stdout)["sources"]
    assert {name: source["rows"] for name, source in sources.items()} == {
        "customers": 2,
        "transactions": 1,
    }
