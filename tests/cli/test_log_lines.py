"""`--log-format json`: what stderr says, as an object a line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

FIELDS = ["time", "run_id", "level", "message", "hint", "path", "line", "column"]
JSON = ("--log-format", "json")


def objects(stderr: str) -> list[dict[str, Any]]:
    """Every line of stderr, each with all fields."""
    found = [json.loads(line) for line in stderr.splitlines()]
    for each in found:
        assert list(each) == FIELDS
        assert datetime.fromisoformat(each["time"]).utcoffset() is not None
    assert len({each["run_id"] for each in found}) <= 1
    return found


@pytest.fixture
def answers(tmp_path: Path) -> str:
    rows = [f"{n % 11},2024-01-0{1 + n % 9}" for n in range(20)]
    text = "\n".join(["score,answered_at", *rows, "x,2024-01-03", ""])
    (tmp_path / "answers.csv").write_text(text)
    return "answers.csv"


def test_a_note_and_a_rejected_row(crm_kpi: Run, answers: str) -> None:
    words = ("nps", answers, "--set", "limits.rejected_rows=10%")
    done = crm_kpi(*words, *JSON, "-v")
    assert done.returncode == 0
    said = objects(done.stderr)
    (rejected,) = (each for each in said if each["column"] == "score")
    assert rejected["message"] == "not a number ('x')"
    assert (rejected["path"], rejected["line"], rejected["level"]) == (answers, 22, "info")
    assert "sources.surveys.values" in rejected["hint"]
    assert said[0]["level"] == "warning"  # until when is known
    assert done.stdout == crm_kpi(*words, "-v").stdout


def test_an_error_and_its_problems(crm_kpi: Run, answers: str) -> None:
    done = crm_kpi("nps", answers, *JSON)
    first, second = objects(done.stderr)
    assert (done.returncode, done.stdout) == (3, "")
    assert first["message"].startswith("surveys: 1 of 21 rows are rejected")
    assert first["hint"].startswith("mend them (crm-kpi validate lists them all)")
    assert (second["path"], second["line"], second["column"]) == (answers, 22, "score")
    assert {first["level"], second["level"]} == {"error"}


def test_a_place_in_a_sentence_is_a_place(crm_kpi: Run) -> None:
    (said,) = objects(crm_kpi("nps", "nothing.csv", *JSON).stderr)
    assert (said["path"], said["message"]) == ("nothing.csv", "no such file")


@pytest.mark.parametrize(
    "words",
    [
        ("report", "--everi", "week", *JSON),
        (*JSON, "no-such-kpi"),
        ("report", "--language", "xx", "--log-format=json"),
        ("check", "-c", "missing.yaml", *JSON),
    ],
)
def test_what_is_wrong_with_the_command_line_too(crm_kpi: Run, words: tuple[str, ...]) -> None:
    done = crm_kpi(*words)
    assert done.returncode == 2
    assert {each["level"] for each in objects(done.stderr)} == {"error"}
    assert done.stderr


def test_a_program_reads_english(crm_kpi: Run) -> None:
    words = ("nps", "nothing.csv", "--language", "vi")
    assert objects(crm_kpi(*words, *JSON).stderr)[0]["message"] == "no such file"
    assert "no such file" not in crm_kpi(*words).stderr


def test_the_run_has_an_id(crm_kpi: Run) -> None:
    runs = [objects(crm_kpi("nps", "no.csv", *JSON).stderr)[0]["run_id"] for _ in range(2)]
    assert len({*runs}) == 2
    given = crm_kpi("nps", "no.csv", env={"CRM_KPI_RUN_ID": "4711", "CRM_KPI_LOG_FORMAT": "json"})
    assert objects(given.stderr)[0]["run_id"] == "4711"


def test_it_may_stand_before_the_command(crm_kpi: Run) -> None:
    done = crm_kpi(*JSON, "nps", "nothing.csv")
    assert (done.returncode, objects(done.stderr)[0]["message"]) == (3, "no such file")


def test_quiet_says_errors_alone(crm_kpi: Run, answers: str) -> None:
    done = crm_kpi("nps", answers, "--set", "limits.rejected_rows=10%", *JSON, "-q")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_format_that_there_is_not(crm_kpi: Run) -> None:
    done = crm_kpi("report", "--log-format", "xml")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_what_steers_a_terminal_is_escaped(crm_kpi: Run) -> None:
    done = crm_kpi("nps", "\x1b[31m\u202eno.csv", *JSON)
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert objects(done.stderr)[0]["path"] == "\x1b[31m\u202eno.csv"
