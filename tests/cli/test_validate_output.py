"""The list of `validate` in each format; nothing in it is more than text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from crm_kpi.cli.validate_output import Finding, Level, write
from crm_kpi.errors import Problem
from crm_kpi.render import LIST_FORMATS

from .conftest import Run

HOSTILE = "=1+1\r\n::warning::x\x1b[31m,\u202e<b>[x](y)|100%,a:b\x85"


def text(findings: list[Finding], format: str) -> str:
    stream = io.StringIO(newline="")
    write(findings, format, stream)
    return stream.getvalue()


def test_github_annotations(crm_kpi: Run, customers: Path) -> None:
    with customers.open("a") as file:
        file.write("X1,31/02/2024,\n")
    strict = crm_kpi("validate", "customers.csv", "-f", "github")
    assert strict.returncode == 3
    assert strict.stdout == (
        "::error file=customers.csv,line=27,title=signup_date::not a date ('31/02/2024') - other "
        "ways to write a date are declared by sources.customers.dates\n"
    )
    loose = ("--set", "limits.rejected_rows=10%")
    done = crm_kpi("validate", "customers.csv", "-f", "github", *loose)
    assert done.returncode == 0
    assert done.stdout == strict.stdout.replace("::error", "::warning")


def test_a_missing_file_is_an_annotation_of_it(crm_kpi: Run) -> None:
    done = crm_kpi("validate", "no.csv", "-f", "github")
    assert done.stdout.startswith("::error file=no.csv,title=crm-kpi::no such file")


def test_config_faults_are_annotations(crm_kpi: Run, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("a: 1\nperiods: {every: moon}\n")
    done = crm_kpi("validate", "-c", "c.yaml", "-f", "github")
    assert done.returncode == 2
    assert [line.split(",title")[0] for line in done.stdout.splitlines()] == [
        "::error file=c.yaml,line=1",
        "::error file=c.yaml,line=2",
    ]


def test_github_escapes() -> None:
    problem = Problem("100%\r\nmore", "a,b:c%.csv", 3, "x:y,z", "1\n2")
    assert text([Finding(problem, Level.WARNING)], "github") == (
        "::warning file=a%2Cb%3Ac%25.csv,line=3,title=x%3Ay%2Cz::100%25%0D%0Amore ('1\\n2')\n"
    )


@pytest.mark.parametrize("format", LIST_FORMATS)
def test_one_line_a_finding_and_nothing_that_steers(format: str) -> None:
    one = Problem(HOSTILE, HOSTILE, 7, HOSTILE, HOSTILE, HOSTILE, row="secret")
    found = [Finding(one), Finding(replace(one, column="other"))]
    shown = text(found, format)
    assert "secret" not in shown
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    lines = [line for line in shown.split("\n") if line not in ("", "[", "]")]
    header = {"csv": 1, "markdown": 2}.get(format, 0)
    assert len(lines) == 2 + header
    assert not any(line.startswith("::warning") for line in lines)


def test_kinds_on_the_screen_and_every_place_elsewhere() -> None:
    found = [Finding(Problem("not a date", "a.csv", line, "date", "x")) for line in range(2, 6)]
    found += [Finding(Problem("blank", "b.csv", 9))]
    assert text(found, "table") == (
        "4 × date: not a date: a.csv:2 'x', :3 'x', :4 'x' …\nb.csv:9: blank\n"
    )
    assert len(text(found, "ndjson").splitlines()) == 5


def test_json_and_csv_say_the_same() -> None:
    found = [
        Finding(Problem("not a date", "a.csv", 3, "date", "x", "hint")),
        Finding(Problem("odd"), Level.WARNING),
    ]
    objects = [json.loads(line) for line in text(found, "ndjson").splitlines()]
    assert json.loads(text(found, "json")) == objects
    cells = list(csv.DictReader(io.StringIO(text(found, "csv"))))
    assert [
        {name: "" if value is None else str(value) for name, value in one.items()}
        for one in objects
    ] == cells
    assert text([], "json") == "[]\n"
    assert text([], "csv") == "path,line,column,value,reason,hint,level\n"
    assert text([], "table") == ""


def test_hostile_text_comes_back_from_json() -> None:
    problem = Problem(HOSTILE, HOSTILE, 7, HOSTILE, HOSTILE)
    assert json.loads(text([Finding(problem)], "json"))[0]["value"] == HOSTILE
