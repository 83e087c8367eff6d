"""What stderr says after an answer: one line, of the sources that the question needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.cli import talk
from crm_kpi.cli.options import MetricOptions
from crm_kpi.results import Report, SourceAudit

from .conftest import ROOT, Run

CONFIG = ROOT / "config.example.yaml"


def test_one_line_of_all_tables(crm_kpi: Run) -> None:
    done = crm_kpi("report", "-c", CONFIG, "-f", "csv")
    assert done.stderr == (
        "11,405 rows in 10 tables; 2 repeated rows dropped; 1 of unknown customers; "
        "-v says how they were read; "
        f"5 rejected (0.04 %): crm-kpi validate -c {CONFIG}\n"
    )


def test_sources_that_the_question_does_not_need_are_not_told_of(crm_kpi: Run) -> None:
    done = crm_kpi("nps", "-c", CONFIG)
    assert (
        done.stderr == f"2,332 rows in 1 table; 1 rejected (0.04 %): crm-kpi validate -c {CONFIG}\n"
    )
    by = crm_kpi("nps", "-c", CONFIG, "--by", "segment")
    assert "2,735 rows in 2 tables" in by.stderr
    assert crm_kpi("nps", "-c", CONFIG, "-q").stderr == ""
    assert "surveys.csv:2334" in crm_kpi("nps", "-c", CONFIG, "-v").stderr


def test_what_may_be_wrong_has_a_line_of_its_own(crm_kpi: Run, tmp_path: Path) -> None:
    rows = ["A,1900-01-14,5", "B,2024-01-15,5"]
    (tmp_path / "o.csv").write_text("\n".join(["customer_id,date,amount", *rows, ""]))
    done = crm_kpi("revenue", "o.csv", "--every", "all")
    first, *others = done.stderr.splitlines()
    assert first.startswith("2 rows in 1 table; as_of is 2024-01-15, the newest date in the data")
    assert others == ["transactions: 1 row before 1970 (-v says all)"]


@pytest.mark.parametrize(
    ("named", "command"),
    [
        ({"config": Path("a b.yaml")}, "crm-kpi validate -c 'a b.yaml'"),
        ({"paths": ["x.csv"]}, "crm-kpi validate x.csv"),
        ({"paths": ["1.csv", "2.csv", "3.csv", "4.csv"]}, "crm-kpi validate FILE"),
        ({}, "crm-kpi validate"),
    ],
)
def test_the_command_that_lists_what_was_rejected(
    named: dict[str, object], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = MetricOptions(**named, output="answer.csv")  # type: ignore[arg-type]
    audit = SourceAudit("surveys", list(options.paths or ["y.csv"]), rows=10, used=9)
    audit.rejected = 1
    report = Report("0", None, "UTC", None, {"surveys": audit}, [])  # type: ignore[arg-type]
    talk.after_answer(report, options, {"surveys"})
    assert capsys.readouterr().err == f"10 rows in 1 table; 1 rejected (10.00 %): {command}\n"
