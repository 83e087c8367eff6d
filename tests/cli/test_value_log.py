"""`--log FILE`: values as they were first reported."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from crm_kpi.cli import value_log
from crm_kpi.cli.value_log import LoggedValue
from crm_kpi.errors import OutputError, UsageError

from .conftest import ROOT, Run, environment

SALES = "customer_id,date,amount\nA,2024-01-05,10.50\nB,2024-02-05,20\n"
QUERY = ("revenue", "sales.csv", "--as-of", "2024-03-10", "--log", "kpis.ndjson")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(SALES)
    return tmp_path


def lines(folder: Path, name: str = "kpis.ndjson") -> list[dict[str, Any]]:
    text = (folder / name).read_text()
    assert text.endswith("\n")
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def value(period: str = "2024-01", number: int | None = 1, **more: Any) -> LoggedValue:
    fields: dict[str, Any] = {
        "metric": "revenue",
        "period": period,
        "start": f"{period}-01",
        "end": f"{period}-28",
        "segment": {},
        "definition": {},
        "where": {},
        "every": "month",
        "unit": "VND",
        "value": number,
        "n": 1,
        "status": "ok",
        "as_of": "2024-03-10",
        "reported_at": "2024-03-10T08:00:00+00:00",
        "run_id": "r",
        "version": "1",
        "sources": {"transactions": {"rows": 2, "sha256": ["00"]}},
        "reading": "0",
    }
    return LoggedValue(**(fields | more))


def test_a_line_says_what_was_reported_and_of_what(crm_kpi: Run, folder: Path) -> None:
    done = crm_kpi(*QUERY, env={"CRM_KPI_RUN_ID": "4711"})
    assert done.returncode == 0
    first, second = lines(folder)  # March is not whole
    assert (first["metric"], first["period"], first["value"]) == ("revenue", "2024-01", 10.5)
    assert (first["start"], first["end"], first["every"]) == ("2024-01-01", "2024-02-01", "month")
    assert (second["period"], second["value"], second["as_of"]) == ("2024-02", 20, "2024-03-10")
    assert first["run_id"] == "4711"

    sha256 = hashlib.sha256(SALES.encode()).hexdigest()
    assert first["sources"] == {"transactions": {"rows": 2, "sha256": [sha256]}}


def test_what_was_said_is_neither_said_again_nor_rewritten(crm_kpi: Run, folder: Path) -> None:
    crm_kpi(*QUERY)
    before = (folder / "kpis.ndjson").read_bytes()
    (folder / "sales.csv").write_text(SALES + "C,2024-01-06,5\nC,2024-03-06,7\n")
    crm_kpi(*QUERY)
    assert (folder / "kpis.ndjson").read_bytes() == before
    crm_kpi(*QUERY, "--as-of", "2024-03-31")
    after = (folder / "kpis.ndjson").read_bytes()
    assert after.startswith(before)
    assert [line["period"] for line in lines(folder)] == ["2024-01", "2024-02", "2024-03"]


@pytest.mark.parametrize(
    "other",
    [
        ("--where", "customer_id=A"),
        ("--by", "customer_id"),
        ("--every", "quarter"),
        ("--set", "definitions.revenue.free_orders=count"),
    ],
)
def test_another_question_is_another_value(
    crm_kpi: Run, folder: Path, other: tuple[str, ...]
) -> None:
    crm_kpi(*QUERY)
    done = crm_kpi(*QUERY, *other, "--as-of", "2024-03-31")
    assert done.returncode == 0, done.stderr
    found = [json.dumps(line, default=str) for line in lines(folder)]
    assert len(found) > 3 - ("--every" in other)
    identities = {v.identity for v in value_log.read(str(folder / "kpis.ndjson")).values}
    assert len(identities) == len(found)


def test_check_logs_what_report_would(crm_kpi: Run, tmp_path: Path) -> None:
    words = ("-c", ROOT / "samples" / "crm-kpi.yaml", "--log", tmp_path / "k.ndjson")
    assert crm_kpi("check", *words).returncode == 0
    judged = lines(tmp_path, "k.ndjson")
    assert {line["metric"] for line in judged} >= {"nps", "csat"}
    assert crm_kpi("report", *words).returncode == 0
    assert lines(tmp_path, "k.ndjson")[: len(judged)] == judged
    identities = {v.identity for v in value_log.read(str(tmp_path / "k.ndjson")).values}
    assert len(identities) == len(lines(tmp_path, "k.ndjson")) > len(judged)


def test_a_pending_value_is_not_logged(crm_kpi: Run, tmp_path: Path) -> None:
    rows = "lead_id,created_at,converted_at\nL1,2024-01-05,2024-01-20\nL2,2024-02-25,\n"
    (tmp_path / "leads.csv").write_text(rows)
    words = ("lead-conversion-rate", "leads.csv", "--as-of", "2024-02-29", "--log", "k.ndjson")
    words += ("--set", "definitions.lead_conversion_rate.window=30d")
    shown = json.loads(crm_kpi(*words, "-f", "json").stdout)["results"]
    assert [each["status"] for each in shown] == ["low_n", "pending"]
    assert [line["period"] for line in lines(tmp_path, "k.ndjson")] == ["2024-01"]


def test_half_a_line_is_told_and_passed_over(crm_kpi: Run, folder: Path) -> None:
    crm_kpi(*QUERY)
    path = folder / "kpis.ndjson"
    whole = path.read_text()
    path.write_text(whole + whole[:50])
    done = crm_kpi(*QUERY, "--as-of", "2024-03-31")
    assert "kpis.ndjson:3: no whole line of a log of values; it is passed over" in done.stderr
    text = path.read_text()
    assert text.startswith(whole + whole[:50] + "\n")
    assert json.loads(text.splitlines()[-1])["period"] == "2024-03"
    assert len(value_log.read(str(path)).values) == 3


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'"' + b"x" * (3 << 20) + b'"',
        b'{"metric": 1}',
        b"NaN",
    ],
)
def test_what_is_no_line_of_ours_is_one_fault(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "k.ndjson"
    value_log.append(str(path), [value()], [], quiet=True)
    mine = path.read_bytes()
    path.write_bytes(mine + line + b"\n\n" + mine)
    log = value_log.read(str(path))
    assert (len(log.values), len(log.faults)) == (2, 1)


@pytest.mark.parametrize(
    ("field", "other"),
    [("value", "7"), ("value", "NaN"), ("start", "soon"), ("segment", []), ("sources", {"a": 1})],
)
def test_fields_of_another_kind_are_not_believed(tmp_path: Path, field: str, other: Any) -> None:
    path = tmp_path / "k.ndjson"
    record = vars(value()) | {field: other}
    path.write_text(json.dumps(record) + "\n")
    assert len(value_log.read(str(path)).faults) == 1


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.ndjson"
    value_log.append(str(path), [value()], [], quiet=True)
    before = path.read_bytes()
    write = value_log.os.write
    monkeypatch.setattr(value_log.os, "write", lambda number, data: write(number, data[:20]))
    with pytest.raises(OutputError, match="No space left"):
        value_log.append(str(path), [value("2024-02")], [], quiet=True)
    assert path.read_bytes() == before


def test_runs_at_the_same_time_share_a_log(tmp_path: Path) -> None:
    script = (
        "from tests.cli.test_value_log import value, value_log\n"
        "for month in range(1, 13):\n"
        "    value_log.append('k.ndjson', [value(f'2024-{month:02}')], [], quiet=True)"
    )
    env = environment(PYTHONPATH=str(ROOT))
    runs = [
        subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, env=env) for _ in range(3)
    ]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert [line["period"] for line in lines(tmp_path, "k.ndjson")] == sorted(
        f"2024-{month:02}" for month in range(1, 13)
    )


def test_another_run_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(value_log, "PATIENCE", 0.1)
    path = tmp_path / "k.ndjson"
    with FileLock(f"{path}.lock"), pytest.raises(OutputError, match="another run has held it"):
        value_log.append(str(path), [value()], [], quiet=True)
    assert path.read_bytes() == b""


def test_an_analysis_has_no_values(crm_kpi: Run, folder: Path) -> None:
    assert crm_kpi("concentration", *QUERY[1:]).returncode == 0
    assert not (folder / "kpis.ndjson").exists()


def test_where_it_cannot_be_written(crm_kpi: Run, folder: Path) -> None:
    (folder / "d").mkdir()
    for name in ("d", "nowhere/k.ndjson", "/dev/null"):
        done = crm_kpi(*QUERY[:-1], name)
        assert done.returncode == 5, name
        assert done.stderr.count("error: ") == 1
        assert "--log" in done.stderr
    assert not Path("/dev/null.lock").exists()


def test_it_is_neither_an_input_nor_the_output(crm_kpi: Run, folder: Path) -> None:
    assert crm_kpi(*QUERY[:-1], "sales.csv").returncode == 2
    assert (folder / "sales.csv").read_text() == SALES
    done = crm_kpi(*QUERY[:-1], "out.csv", "-o", "out.csv")
    assert done.returncode == 2
    with pytest.raises(UsageError):
        value_log.append(str(folder / "sales.csv"), [], [folder / "sales.csv"], quiet=True)
