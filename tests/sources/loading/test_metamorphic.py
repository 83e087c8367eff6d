"""What must not matter does not: the same rows written otherwise give the same answers.

Byte by byte in the JSON: the results always, and the whole of it where neither paths nor
digests of files can differ.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from crm_kpi.tables import TABLES
from tests.cli.conftest import environment
from tests.corpus.program import crm_kpi
from tests.oracle import data_money, data_sales
from tests.oracle.data import Dataset

SEED = 11
METRICS = (
    *("retention_rate", "churn_rate", "repeat_purchase_rate", "revenue", "time_between_purchases"),
    *("clv", "mrr", "renewal_rate", "nps", "csat", "first_response_time", "lead_conversion_rate"),
    *("win_rate", "weighted_pipeline", "revenue_concentration"),
)
ASK = ("report", *METRICS, "-f", "json", "--every", "quarter", "--by", "segment")

Records = list[list[str]]


def company() -> Dataset:
    money = data_money.generate(SEED)
    tables = data_sales.sales(SEED).tables | money.tables
    return Dataset(SEED, money.as_of, money.timezone, tables)


DATA = company()


def records(table: str) -> Records:
    """Header and rows as text, in the canonical form."""
    rows = DATA[table]
    # Odds that are none would be rejects, and so would their places differ.
    columns = [name for name in rows[0] if name != "probability"]
    texts = [[_text(row[name]) for name in columns] for row in rows]
    return [columns, *texts]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def as_csv(found: Records, delimiter: str = ",", eol: str = "\n") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=eol).writerows(found)
    return text.getvalue().encode()


def plain(table: str, random: Random) -> dict[str, bytes]:
    return {f"{table}.csv": as_csv(records(table))}


def shuffled(table: str, random: Random) -> dict[str, bytes]:
    header, *rows = records(table)
    random.shuffle(rows)
    return {f"{table}.csv": as_csv([header, *rows])}


def split(table: str, random: Random) -> dict[str, bytes]:
    header, *rows = records(table)
    places = sorted(random.sample(range(1, len(rows)), 3))
    parts = zip([0, *places], [*places, len(rows)], strict=True)
    return {
        f"{table}-{i}.csv": as_csv([header, *rows[start:end]])
        for i, (start, end) in enumerate(parts)
    }


def more_columns(table: str, random: Random) -> dict[str, bytes]:
    header, *rows = records(table)
    words = ("", "x, y", 'said "no"', "31/02/2024", "1.250", "one\ntwo")
    wider = [[random.choice(words), *row, random.choice(words)] for row in rows]
    return {f"{table}.csv": as_csv([["Notes", *header, "Extra"], *wider])}


def moved_columns(table: str, random: Random) -> dict[str, bytes]:
    found = records(table)
    order = random.sample(range(len(found[0])), len(found[0]))
    return {f"{table}.csv": as_csv([[row[i] for i in order] for row in found])}


def other_dialect(table: str, random: Random) -> dict[str, bytes]:
    delimiter, eol = random.choice(";\t|"), random.choice(("\r\n", "\n"))
    return {f"{table}.csv": as_csv(records(table), delimiter, eol)}


def other_encoding(table: str, random: Random) -> dict[str, bytes]:
    return {f"{table}.csv": as_csv(records(table)).decode().encode("utf-16")}


Write = Callable[[str, Random], dict[str, bytes]]


def write(folder: Path, how: Write) -> None:
    """All files, and a config for them."""
    random = Random(SEED)
    sources: dict[str, dict[str, Any]] = {}
    for table in DATA.tables:
        files = how(table, random)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        sources[table] = {"path": list(files)}
        if len(files) > 1 and TABLES[table].id is None:
            sources[table]["duplicates"] = "keep"  # chance cuts days, and orders too
    sources["subscriptions"]["end"] = "exclusive"  # chance tells nothing of ends
    config = {"as_of": DATA.as_of, "timezone": DATA.timezone, "sources": sources}
    (folder / "crm-kpi.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def results(text: str) -> str:
    """From the results on; before them stands the account of the files."""
    return text[text.index('"results": ') :]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("plain")
    write(folder, plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        found = crm_kpi(*ASK)
    assert found.code == 0, found.err
    assert found.out.count('"status": "ok"') + found.out.count('"status": "low_n"') > 200
    return found.out


@pytest.mark.parametrize(
    "how",
    [shuffled, split, more_columns, moved_columns, other_dialect, other_encoding],
    ids=lambda how: how.__name__,
)
def test_how_the_rows_are_written(
    how: Write, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, how)
    monkeypatch.chdir(tmp_path)
    found = crm_kpi(*ASK)
    assert found.code == 0, found.err
    assert results(found.out) == results(expected)


@pytest.mark.parametrize(
    "env",
    [
        {"POLARS_MAX_THREADS": "1", "TZ": "Pacific/Auckland"},
        {"POLARS_MAX_THREADS": "16", "TZ": "America/St_Johns"},
        {"POLARS_MAX_THREADS": "2", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    ],
    ids=lambda env: f"{env['POLARS_MAX_THREADS']} threads in {env['TZ'].rpartition('/')[2]}",
)
def test_threads_and_the_clock_of_the_machine(
    env: dict[str, str], expected: str, tmp_path: Path
) -> None:
    """The whole of the JSON: these are the same files."""
    write(tmp_path, plain)
    found = subprocess.run(
        [sys.executable, "-m", "crm_kpi", *ASK],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(**env, PYTHONPATH=str(Path(__file__).parents[3])),
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout == expected


def test_what_was_read_reads_back_the_same(
    expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of `validate --clean` are input like any other."""
    write(tmp_path, plain)
    monkeypatch.chdir(tmp_path)
    assert crm_kpi("validate", "--clean", "clean", "-f", "json").code == 0
    clean: dict[str, dict[str, Any]] = {t: {"path": f"clean/{t}.csv"} for t in DATA.tables}
    clean["subscriptions"]["end"] = "exclusive"
    config = {"as_of": DATA.as_of, "timezone": DATA.timezone, "sources": clean}
    Path("crm-kpi.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    found = crm_kpi(*ASK)
    assert found.code == 0, found.err
    assert results(found.out) == results(expected)


def test_another_row_would_be_seen(
    expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_less(table: str, random: Random) -> dict[str, bytes]:
        return {f"{table}.csv": as_csv(records(table)[:-1])}

    write(tmp_path, one_less)
    monkeypatch.chdir(tmp_path)
    assert results(crm_kpi(*ASK).out) != results(expected)
