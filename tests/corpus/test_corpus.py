"""Every file of the corpus comes out as its case says, or is refused as it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml

from crm_kpi.tables import TABLES, Kind
from tests.cli.conftest import environment
from tests.corpus import parquets, workbooks
from tests.corpus.cases import FILES, Case, load
from tests.corpus.program import Outcome, crm_kpi

CASES = load()
METRICS = {
    "customers": "completeness",
    "transactions": "revenue",
    "subscriptions": "mrr",
    "surveys": "nps",
    "tickets": "tickets",
    "leads": "leads",
    "opportunities": "pipeline_value",
}
COUNTS = ("skipped", "excluded", "duplicates", "future")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are then short."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_file(case: Case, tmp_path: Path) -> None:
    _place(case, tmp_path)
    if case.words is not None:
        _judge_words(case)
        return
    _configure(case)
    metric = case.metric or METRICS[case.table]
    report = crm_kpi(
        *("report", metric, "-c", "crm-kpi.yaml", "-f", "json", "--every", "all"), *case.args
    )
    if case.exit:
        _judge_error(case, report)
    else:
        _judge_report(case, report, tmp_path)
    checked = crm_kpi("validate", "-c", "crm-kpi.yaml", "--clean", "clean", *_strictness(case))
    assert checked.code == case.exit, checked
    if case.exit == 0 and case.read is not None:
        _judge_table(case, tmp_path / "clean" / f"{case.table}.csv")


ALONE = ("delimiters-semicolon", "encodings-cp1258", "packed-gzip_cut", "dates-open", "ids-blank")


@pytest.mark.parametrize("name", ALONE)
def test_a_process_of_its_own_says_the_same(name: str, tmp_path: Path) -> None:
    """That the program is run in this process changes nothing."""
    case = next(case for case in CASES if str(case) == name)
    _place(case, tmp_path)
    _configure(case)
    words = ("report", METRICS[case.table], "-c", "crm-kpi.yaml", "-f", "json", "--every", "all")
    inside = crm_kpi(*words)
    alone = subprocess.run(
        [sys.executable, "-m", "crm_kpi", *words],
        capture_output=True,
        encoding="utf-8",
        env=environment(PYTHONPATH=str(Path(__file__).parents[2])),
        timeout=120,
    )
    assert Outcome(alone.returncode, alone.stdout, alone.stderr) == inside


@pytest.mark.parametrize(
    "name", ["packed-gzip", "encodings-utf16_le_bom", "title_rows-three_lines_above"]
)
def test_the_same_from_stdin(name: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if str(case) == name)
    [path] = case.found()
    words = ("--every", "all", "--as-of", "2024-12-31", "-f", "json")
    shutil.copy(path, tmp_path)
    named, piped = (
        crm_kpi("revenue", path.name, *words),
        crm_kpi("revenue", "-", *words, stdin=path.read_bytes()),
    )
    assert piped.code == named.code == 0
    assert json.loads(piped.out)["results"] == json.loads(named.out)["results"]
    accounts = [json.loads(found.out)["sources"]["transactions"] for found in (named, piped)]
    assert accounts[0]["sha256"] == accounts[1]["sha256"]
    assert accounts[0]["used"] == accounts[1]["used"] > 0


def _place(case: Case, folder: Path) -> None:
    """The files of the case in the working directory."""
    if case.sheets:
        workbooks.write(folder / case.files[0], **case.sheets)
    elif case.parquet:
        parquets.write(folder / case.files[0], **case.parquet)
    elif case.words is None or case.file is not None:
        for path in case.found():
            shutil.copy(path, folder / path.name)


def _configure(case: Case) -> None:
    blocks = case.source if isinstance(case.source, list) else [{"path": case.files, **case.source}]
    config: dict[str, Any] = {
        "as_of": "2024-12-31",
        "limits": {"rejected_rows": "100%"},
        **case.config,
        "sources": {case.table: blocks, **case.config.get("sources", {})},
    }
    Path("crm-kpi.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def _strictness(case: Case) -> list[str]:
    return [word for word in case.args if word == "--strict"]


def _judge_error(case: Case, found: Outcome) -> None:
    """One message that says what, where and what to do, nothing on stdout, the right code."""
    assert found.code == case.exit, found
    assert found.out == ""
    assert found.err.count("error: ") == 1, found.err
    assert "Traceback" not in found.err
    if case.exit == 3:
        assert "hint: " in found.err or " - " in found.err, found.err
    for part in case.says:
        assert part in found.err, found.err


def _judge_words(case: Case) -> None:
    assert case.words is not None
    found = crm_kpi(*case.words)
    if case.exit:
        _judge_error(case, found)
        return
    assert found.code == 0, found
    for part in case.says:
        assert part in found.err, found.err
    if case.value is not None:
        assert _number(json.loads(found.out)["results"][-1]["value"]) == _number(case.value)


def _judge_report(case: Case, found: Outcome, folder: Path) -> None:
    assert found.code == 0, found
    for part in case.says:
        assert part in found.err, found.err
    # Decimals must come through to the last digit, so they are not read as floats.
    answer = json.loads(found.out, parse_float=Decimal)
    audit = answer["sources"][case.table]
    _judge_bytes(audit, folder)
    problems = [[p["line"], p["column"], p["value"], p["reason"]] for p in audit["problems"]]
    assert problems == case.rejected
    assert audit["rejected"] == len(case.rejected)
    assert sum(audit["reasons"].values()) == audit["rejected"]
    if case.read is not None:
        assert audit["used"] == len(case.read.strip().splitlines()) - 1 or '"' in case.read
    gone = [audit[name] for name in COUNTS if name != "skipped"]
    assert audit["rows"] == audit["used"] + audit["rejected"] + sum(gone)
    for name in COUNTS:
        expected = case.audit.get(name, 0)
        assert expected is None or audit[name] == expected, (name, audit)
    for part in case.notes:
        assert any(part in note for note in audit["notes"]), audit["notes"]
    if case.value is not None:
        assert _number(answer["results"][-1]["value"]) == _number(case.value)


def _judge_bytes(audit: dict[str, Any], folder: Path) -> None:
    """Size and digest are those of the files as they were given."""
    files = [(folder / path).read_bytes() for path in audit["paths"]]
    assert audit["bytes"] == sum(map(len, files))
    assert audit["sha256"] == [hashlib.sha256(file).hexdigest() for file in files]


def _judge_table(case: Case, path: Path) -> None:
    assert case.read is not None
    expected = list(csv.DictReader(io.StringIO(case.read)))
    columns = next(csv.reader(io.StringIO(case.read)))
    with path.open(encoding="utf-8", newline="") as file:
        found = [{name: row[name] for name in columns} for row in csv.DictReader(file)]
    table = TABLES[case.table]
    numeric = {c.name for c in table.columns if c.kind in (Kind.MONEY, Kind.NUMBER)}
    for rows in (expected, found):
        for row in rows:
            row.update({name: _number(row[name]) for name in numeric & set(columns)})
    assert found == expected


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value


def test_the_corpus_is_whole() -> None:
    """Every file belongs to a case, and there are enough of them."""
    used = {path for case in CASES for path in case.found()}
    assert used == {p for p in FILES.rglob("*") if p.is_file() and p.name != ".gitattributes"}
    assert len(CASES) >= 150
