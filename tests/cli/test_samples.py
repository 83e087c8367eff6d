"""The sample company through the command line: known answers, all formats, the schema."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from tests.demo.answers import ANSWERS, Answer

from .conftest import ROOT, Run

REPORT = ("report", "-c", ROOT / "config.example.yaml")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: f"{a.metric}-{a.period}")
def test_known_answers(crm_kpi: Run, answer: Answer) -> None:
    words = [answer.metric.replace("_", "-"), "-c", ROOT / "samples" / "crm-kpi.yaml"]
    done = crm_kpi(*words, *answer.options, "-f", "json")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    (result,) = [r for r in results if r["metric"] == answer.metric and not r["segment"]]
    assert result["period"] == answer.period
    assert result["value"] == pytest.approx(answer.value, rel=1e-12)
    for name, value in answer.components.items():
        assert result["components"][name] == pytest.approx(value, rel=1e-12), name


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    import subprocess
    import sys

    words = [sys.executable, "-m", "crm_kpi", *map(str, REPORT), "-f", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_example_config_answers_everything(report: dict[str, Any]) -> None:
    from crm_kpi import catalogue

    numbers = catalogue.ids(catalogue.KpiKind.SCALAR, catalogue.KpiKind.MODEL)
    assert {r["metric"] for r in report["results"]} == set(numbers)
    assert report["skipped"] == []
    assert set(report["sources"]) == {
        "customers", "transactions", "subscriptions", "surveys", "tickets", "leads",
        "opportunities", "stage_changes", "interactions", "costs",
    }  # fmt: skip


def test_every_row_is_accounted_for(report: dict[str, Any]) -> None:
    for source in report["sources"].values():
        gone = ("rejected", "duplicates", "excluded", "future")
        assert source["rows"] == source["used"] + sum(source[name] for name in gone)
        assert source["rejected"] == sum(source["reasons"].values())
        (path,) = source["paths"]
        with open(ROOT / path, encoding="utf-8-sig", newline="") as file:
            delimiter = ";" if "tickets" in path else ","
            records = list(csv.reader(file, delimiter=delimiter))
        assert source["rows"] == len(records) - 1, path


def test_order_of_rows(report: dict[str, Any]) -> None:
    keys = [(r["metric"], r["start"], bool(r["segment"])) for r in report["results"]]
    assert keys == sorted(keys)


def test_json_fits_the_printed_schema(crm_kpi: Run, report: dict[str, Any]) -> None:
    schema = json.loads(crm_kpi("schema", "output").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)


def test_config_fits_the_printed_schema(crm_kpi: Run) -> None:
    import yaml

    schema = json.loads(crm_kpi("schema", "config").stdout)
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(text), default=str)), schema)


def test_json_is_byte_identical_from_run_to_run(crm_kpi: Run) -> None:
    one, two = (crm_kpi(*REPORT, "-f", "json", cwd=ROOT).stdout for _ in range(2))
    assert one == two


def test_ndjson_and_csv_say_the_same(crm_kpi: Run, report: dict[str, Any]) -> None:
    lines = crm_kpi(*REPORT, "-f", "ndjson", cwd=ROOT).stdout.splitlines()
    assert [json.loads(line) for line in lines] == report["results"]
    exact = [json.loads(line, parse_float=Decimal) for line in lines]
    rows = list(csv.DictReader(io.StringIO(crm_kpi(*REPORT, "-f", "csv", cwd=ROOT).stdout)))
    assert len(rows) == len(report["results"])
    for row, result in zip(rows, exact, strict=True):
        assert row["metric"] == result["metric"]
        value = None if row["value"] == "" else Decimal(row["value"])
        assert value == result["value"]
        for name, part in result["components"].items():
            cell = row[f"components.{name}"]
            assert (cell == "") == (part is None)
            assert part is None or Decimal(cell) == part


def test_a_report_by_segment_and_where(crm_kpi: Run) -> None:
    done = crm_kpi(*REPORT, "--by", "Khu vực", "-f", "json", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    split = [r for r in found["results"] if r["metric"] == "customers" and r["segment"]]
    regions = {r["segment"]["Khu vực"] for r in split}
    assert len(regions) > 2
    some = sorted(r for r in regions if r)[0]
    only = json.loads(
        crm_kpi(
            "customers", *REPORT[1:], "--where", f"Khu vực={some}", "-f", "json", cwd=ROOT
        ).stdout
    )
    values = {r["period"]: r["value"] for r in split if r["segment"]["Khu vực"] == some}
    assert {r["period"]: r["value"] for r in only["results"]} == values


def test_demo_writes_what_report_reads(crm_kpi: Run, tmp_path: Any) -> None:
    assert crm_kpi("demo", tmp_path / "d", "--customers", "60", "--seed", "3").returncode == 0
    done = crm_kpi("report", "-c", tmp_path / "d" / "crm-kpi.yaml")
    assert done.returncode == 0, done.stderr
    again = crm_kpi("demo", tmp_path / "d")
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_config_is_found_in_the_folder_and_in_the_environment(crm_kpi: Run) -> None:
    here = crm_kpi("nps", "-f", "json", cwd=ROOT / "samples")
    assert here.returncode == 0, here.stderr
    there = crm_kpi("nps", "-f", "json", env={"CRM_KPI_CONFIG": str(ROOT / "samples/crm-kpi.yaml")})
    assert json.loads(here.stdout)["results"] == json.loads(there.stdout)["results"]


def test_a_report_takes_kpis_and_analyses_together(crm_kpi: Run) -> None:
    """Each file is read once for all of them, and the answers are those of the commands."""
    where = ("-c", ROOT / "samples" / "crm-kpi.yaml", "--every", "quarter", "-f", "json")
    done = crm_kpi("report", "revenue", "cohorts", "rfm", *where)
    assert done.returncode == 0, done.stderr
    both = json.loads(done.stdout)
    assert {r["metric"] for r in both["results"]} == {"revenue"}
    for name in ("cohorts", "rfm"):
        alone = json.loads(crm_kpi(name, *where).stdout)
        assert both["tables"][name] == alone["tables"][name]
    assert crm_kpi("report", "cohrot", *where).returncode == 2


def test_a_survey_of_one_kind_in_a_file_of_several(crm_kpi: Run) -> None:
    """What the file says of each row comes before what the command is called."""
    samples = ROOT / "samples"
    options = ("--every", "year", "--from", "2024", "--as-of", "2024-12-31", "-f", "json")
    wanted = json.loads(crm_kpi("nps", "-c", samples / "crm-kpi.yaml", *options).stdout)["results"]
    for words in ((samples / "surveys.csv",), ("--surveys", samples / "surveys.csv")):
        found = json.loads(crm_kpi("nps", *words, *options).stdout)["results"]
        assert [(r["period"], r["value"], r["n"]) for r in found] == [
            (r["period"], r["value"], r["n"]) for r in wanted
        ]
