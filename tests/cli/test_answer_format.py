"""What an answer is written as: by -f, by the ending of -o, into a folder, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from crm_kpi import catalogue
from crm_kpi.cli.answer_format import chosen
from crm_kpi.cli.report import RESULTS
from crm_kpi.errors import UsageError
from crm_kpi.render.formats import FORMATS, REPORT_FORMATS

from .conftest import ROOT, Run

MARK = b"\xef\xbb\xbf"
WHEN = ("-c", ROOT / "samples" / "crm-kpi.yaml", "--as-of", "2024-12-31", "--last", "1", "-q")


@pytest.mark.parametrize(
    ("asked", "output", "excel", "format"),
    [
        (None, None, False, "table"),
        (None, "a.CSV", False, "csv"),
        (None, "a.b/c.md", False, "markdown"),
        (None, "a.b/c", False, "table"),
        (None, "-", False, "table"),
        (None, "/dev/fd/3", False, "table"),
        (None, "a/", False, "csv"),
        ("json", "a/", False, "json"),
        ("json", "a.csv", False, "json"),
        ("json", "a.nosuch", False, "json"),
        (None, None, True, "csv"),
        (None, "a.csv", True, "csv"),
        ("csv", "a.txt", True, "csv"),
    ],
)
def test_format(asked: str | None, output: str | None, excel: bool, format: str) -> None:
    assert chosen(asked, output, REPORT_FORMATS, excel=excel) == format


@pytest.mark.parametrize("format", [name for name, one in FORMATS.items() if one.ending])
def test_every_ending_says_its_format(format: str) -> None:
    assert chosen(None, f"a{FORMATS[format].ending}", REPORT_FORMATS) == format


@pytest.mark.parametrize("ending", ["xls", "jpg", "docx", "gz", "2024"])
def test_other_endings_are_refused(ending: str) -> None:
    with pytest.raises(UsageError, match=r"there are \.txt, \.json, \.ndjson, \.csv, \.md, \.html"):
        chosen(None, f"a.{ending}", REPORT_FORMATS)


@pytest.mark.parametrize(("asked", "output"), [("json", None), (None, "a.txt"), ("table", "a.csv")])
def test_excel_is_csv(asked: str | None, output: str | None) -> None:
    with pytest.raises(UsageError, match="--excel: the format is"):
        chosen(asked, output, REPORT_FORMATS, excel=True)


@pytest.mark.parametrize(
    "words",
    [
        ("customers", "customers.csv"),
        ("report", "--customers", "customers.csv"),
        ("validate", "customers.csv"),
        ("metrics",),
    ],
)
def test_endings_hold_for_every_command(
    crm_kpi: Run, customers: Path, tmp_path: Path, words: Sequence[str]
) -> None:
    assert crm_kpi(*words, "-q", "-o", "a.json").returncode == 0
    json.loads((tmp_path / "a.json").read_text())
    assert crm_kpi(*words, "-q", "-o", "a.csv", "--excel").returncode == 0
    assert (tmp_path / "a.csv").read_bytes().startswith(MARK)
    refused = crm_kpi(*words, "-q", "-o", "a.xls")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("error: a.xls: no format has this ending; there are .txt")
    assert not (tmp_path / "a.xls").exists()


def test_a_mark_only_for_excel(crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
    words = ("customers", customers, "-q", "-f", "csv")
    plain = crm_kpi(*words).stdout
    assert crm_kpi(*words, "--excel").stdout == MARK.decode() + plain
    assert crm_kpi("validate", customers, "-q", "--clean", "clean").returncode == 0
    for path in (tmp_path / "clean").iterdir():
        assert not path.read_bytes().startswith(MARK)


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_results_and_tables_are_refused_with_the_way_out(crm_kpi: Run, format: str) -> None:
    refused = crm_kpi("report", "revenue", "cohorts", *WHEN, "-f", format)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert (
        f"{format} holds one table, and this answer has 2: the results, cohorts" in refused.stderr
    )
    assert "-o DIR/" in refused.stderr


class TestFolder:
    def test_has_a_file_for_the_results_and_one_for_each_table(
        self, crm_kpi: Run, tmp_path: Path
    ) -> None:
        done = crm_kpi("report", "revenue", "cohorts", "rfm", *WHEN, "-o", "new/out/")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        out = tmp_path / "new" / "out"
        assert sorted(path.name for path in out.iterdir()) == [
            "cohorts.csv",
            "results.csv",
            "rfm.csv",
        ]
        whole = json.loads(
            crm_kpi("report", "revenue", "cohorts", "rfm", *WHEN, "-f", "json").stdout
        )
        for name, rows in {RESULTS: whole["results"], **whole["tables"]}.items():
            text = (out / f"{name}.csv").read_text(encoding="utf-8")
            written = [*csv.DictReader(io.StringIO(text, newline=""))]
            assert len(written) == len(rows) > 0
        assert crm_kpi("cohorts", *WHEN, "-o", "one/").returncode == 0
        assert [path.name for path in (tmp_path / "one").iterdir()] == ["cohorts.csv"]
        assert (tmp_path / "one" / "cohorts.csv").read_bytes() == (out / "cohorts.csv").read_bytes()

    def test_in_other_formats(self, crm_kpi: Run, tmp_path: Path) -> None:
        for format in ("json", "ndjson", "markdown", "table"):
            done = crm_kpi("report", "revenue", "cohorts", *WHEN, "-f", format, "-o", "out/")
            assert done.returncode == 0, done.stderr
            for name in ("results", "cohorts"):
                assert (tmp_path / "out" / f"{name}{FORMATS[format].ending}").read_text()
        results = json.loads((tmp_path / "out" / "results.json").read_text())
        cohorts = json.loads((tmp_path / "out" / "cohorts.json").read_text())
        assert (results["tables"], cohorts["results"]) == ({}, [])
        assert results["sources"] == cohorts["sources"]

    def test_for_excel_every_file_has_a_mark(self, crm_kpi: Run, tmp_path: Path) -> None:
        assert crm_kpi("report", "revenue", "cohorts", *WHEN, "--excel", "-o", "o/").returncode == 0
        for name in ("results.csv", "cohorts.csv"):
            assert (tmp_path / "o" / name).read_bytes().startswith(MARK)

    def test_that_cannot_be(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("old")
        (tmp_path / "out" / "results.csv").mkdir(parents=True)
        for output in ("file/", "file/out/", "/proc/out/", "out/"):
            done = crm_kpi("customers", customers, "-q", "-o", output)
            assert (done.returncode, done.stdout) == (5, ""), output
            assert done.stderr.startswith("error: -o")
        assert (tmp_path / "file").read_text() == "old"
        assert not [*(tmp_path / "out").glob(".crm-kpi*")]

    def test_no_file_of_it_is_an_input(self, crm_kpi: Run, customers: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        data = customers.rename(tmp_path / "out" / "results.csv")
        before = data.read_bytes()
        done = crm_kpi("customers", "out/*.csv", "-q", "-o", "out/")
        assert (done.returncode, done.stdout) == (2, "")
        assert "results.csv: this file is an input of the same run" in done.stderr
        assert data.read_bytes() == before

    @pytest.mark.parametrize("words", [("validate", "customers.csv"), ("metrics",), ("schema",)])
    def test_is_none_for_what_is_one_list(
        self, crm_kpi: Run, customers: Path, tmp_path: Path, words: Sequence[str]
    ) -> None:
        done = crm_kpi(*words, "-o", "out/")
        assert (done.returncode, done.stdout) == (5, "")
        assert "name a file in it" in done.stderr
        assert not (tmp_path / "out").exists()

    def test_no_table_is_called_like_the_results(self) -> None:
        assert RESULTS not in catalogue.ids()


class TestCheck:
    @pytest.fixture(autouse=True)
    def tickets(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_text("ticket_id,created_at,solved_at\n1,2024-01-02,\n")
        (tmp_path / "crm-kpi.yaml").write_text(
            "as_of: 2024-02-29\nsources: {tickets: {path: t.csv}}\n"
            "thresholds: {unresolved: {target: 0}}\n"
        )

    def test_an_alert_is_not_refused_for_the_list_behind_it(self, crm_kpi: Run) -> None:
        done = crm_kpi("check", "-f", "csv")
        assert (done.returncode, done.stdout.count("\n")) == (4, 2)
        assert "csv holds one table: unresolved left out" in done.stderr

    def test_a_folder_has_both(self, crm_kpi: Run, tmp_path: Path) -> None:
        assert crm_kpi("check", "-o", "out/").returncode == 4
        names = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert names == ["results.csv", "unresolved.csv"]
