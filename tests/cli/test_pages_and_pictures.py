"""Files for people: how they are asked for, and what is said of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.render.test_as_image import skip_without_letters

from .conftest import ROOT, Run

SAMPLES = ("-c", ROOT / "samples" / "crm-kpi.yaml", "--as-of", "2024-12-31")


def test_a_page_is_told_and_can_be_dark(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi("report", "nps", *SAMPLES, "--theme", "dark", "-o", "a.html")
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "a.html is written: open it in a browser"
    assert '<html lang="en" data-theme="dark">' in (tmp_path / "a.html").read_text("utf-8")
    quiet = crm_kpi("report", "nps", *SAMPLES, "-q", "-o", "a.html")
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_a_page_goes_through_a_pipe(crm_kpi: Run) -> None:
    done = crm_kpi("nps", *SAMPLES, "-f", "html")
    assert done.stdout.startswith("<!doctype html>")
    assert "written" not in done.stderr


def test_a_folder_gets_a_picture_of_each_figure(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi("report", "nps", "revenue", "cohorts", "team", *SAMPLES, "-f", "svg", "-o", "d/")
    assert done.returncode == 0
    files = sorted(path.name for path in (tmp_path / "d").iterdir())
    assert files == ["cohorts.svg", "nps.svg", "results.svg", "revenue.svg"]
    assert "no picture of team" in done.stderr


def test_pictures_sum_customers_up(crm_kpi: Run, tmp_path: Path) -> None:
    """rfm lists customers; drawn are the groups."""
    done = crm_kpi("rfm", *SAMPLES, "-o", "rfm.svg")
    assert done.returncode == 0
    assert "champions" in (tmp_path / "rfm.svg").read_text("utf-8")


def test_a_png_is_bytes_through_a_pipe(tmp_path: Path) -> None:
    skip_without_letters()
    command = [sys.executable, "-m", "crm_kpi", "nps", *map(str, SAMPLES), "-f", "png"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.startswith(b"\x89PNG")


@pytest.mark.parametrize("format", ["pdf"])
def test_without_a_browser_there_is_no_pdf(crm_kpi: Run, tmp_path: Path, format: str) -> None:
    done = crm_kpi("nps", *SAMPLES, "-q", "-o", f"a.{format}", env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    assert "chromium" in done.stderr
    assert "-f html" in done.stderr
    assert not (tmp_path / f"a.{format}").exists()


def test_a_browser_that_fails_is_told(crm_kpi: Run, tmp_path: Path) -> None:
    false = tmp_path / "chromium"
    shutil.copy(shutil.which("false") or "", false)
    done = crm_kpi("nps", *SAMPLES, "-q", "-o", "a.pdf", env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    assert "does not print the page" in done.stderr
    assert not (tmp_path / "a.pdf").exists()


def test_what_cannot_be_split_stands_whole_on_a_page(crm_kpi: Run, tmp_path: Path) -> None:
    words = ("report", "retention_cost", "revenue", *SAMPLES, "--by", "segment")
    done = crm_kpi(*words, "-o", "a.html")
    assert done.returncode == 0
    assert "retention_cost is told of all" in done.stderr
    page = (tmp_path / "a.html").read_text("utf-8")
    assert 'id="k-retention_cost"' in page
    assert 'id="k-revenue"' in page
    assert crm_kpi(*words, "-f", "json").returncode == 3  # a machine gets what it asks for
    alone = crm_kpi("report", "retention_cost", *SAMPLES, "--by", "segment", "-o", "b.html")
    assert alone.returncode == 3  # nothing at all is split


@pytest.fixture
def viewer(tmp_path: Path) -> dict[str, str]:
    """What the system opens files with: it notes which."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/shown"\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "BROWSER": str(program)}


def test_open_writes_the_page_and_shows_it(
    crm_kpi: Run, tmp_path: Path, viewer: dict[str, str]
) -> None:
    done = crm_kpi("open", "nps", *SAMPLES, env=viewer)
    assert done.returncode == 0
    assert done.stdout == ""
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")
    for _ in range(100):
        if (tmp_path / "shown").exists():
            break
        time.sleep(0.05)  # the program that shows it is not waited for
    assert (tmp_path / "shown").read_text().strip().endswith("report.html")


def test_open_says_so_where_nothing_can_show_it(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi("open", "nps", *SAMPLES, "-o", "x.html", env={"PATH": str(tmp_path)})
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].startswith("nothing here opens it: x.html is written")


@pytest.mark.parametrize("output", ["-", "folder/", "/dev/stdout"])
def test_open_needs_a_file(crm_kpi: Run, output: str) -> None:
    done = crm_kpi("open", "nps", *SAMPLES, "-f", "html", "-o", output)
    assert done.returncode == 2
    assert "open needs a file" in done.stderr


@pytest.mark.parametrize("format", ["html", "png", "pdf", "svg"])
def test_nothing_binary_reaches_a_terminal(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_kpi.cli import answer_format
    from crm_kpi.errors import UsageError
    from crm_kpi.render.formats import REPORT_FORMATS

    monkeypatch.setattr(answer_format, "_is_terminal", lambda: True)
    with pytest.raises(UsageError) as caught:
        answer_format.chosen(format, None, REPORT_FORMATS)
    assert f"-o report.{format}" in str(caught.value.hint)


LISTS = """sources:
  customers: {path: customers.csv}
  transactions: {path: transactions.csv}
  tickets: {path: tickets.csv}
thresholds: {unresolved: {target: 0}}
report: {tables: [unresolved, history]}
definitions: {history: {customer: KH0008}}
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A config that asks for lists of customers, but not that files for people have them."""
    for name in ("customers", "transactions", "tickets"):
        shutil.copy(ROOT / "samples" / f"{name}.csv", tmp_path)
    path = tmp_path / "lists.yaml"
    path.write_text(LISTS, "utf-8")
    return path


@pytest.mark.parametrize("command", ["report", "check"])
def test_no_list_gets_into_a_page(crm_kpi: Run, tmp_path: Path, lists: Path, command: str) -> None:
    words = (command, "-c", lists, "--as-of", "2024-12-31", "-o", "a.html")
    done = crm_kpi(*words)
    assert done.returncode == (4 if command == "check" else 0)
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "KH0" not in page
    assert "DH0" not in page
    if command == "report":
        assert "unresolved, history left out" in done.stderr
        asked = crm_kpi(*words, "--set", "report.lists=true")
        assert asked.returncode == 0
        assert "KH0" in (tmp_path / "a.html").read_text("utf-8")


def test_an_alert_is_a_picture_without_its_list(crm_kpi: Run, lists: Path) -> None:
    done = crm_kpi("check", "-c", lists, "--as-of", "2024-12-31", "-o", "a.svg")
    assert done.returncode == 4


def test_a_goal_below_zero_has_no_way_from_zero(crm_kpi: Run, tmp_path: Path) -> None:
    rows = "\n".join(f"2024-05-0{day},{score}" for day, score in enumerate([0, 0, 9, 8], 1))
    (tmp_path / "a.csv").write_text(f"date,score\n{rows}\n", "utf-8")
    words = ("nps", "a.csv", "--as-of", "2024-05-31", "--every", "all", "-f", "json")
    goal = ("--set", "thresholds.nps={target: -10, warning: -60}")
    (one,) = json.loads(crm_kpi(*words, *goal).stdout)["results"]
    assert (one["value"], one["rating"], one["progress"]) == (-25, "warning", None)
    from_ = ("--set", "thresholds.nps={target: -10, warning: -60, start: -40}")
    (one,) = json.loads(crm_kpi(*words, *from_).stdout)["results"]
    assert one["progress"] == 50


def test_goals_by_month_and_by_week_are_a_card_each(crm_kpi: Run, tmp_path: Path) -> None:
    """One line of months and weeks would be neither."""
    goal = "thresholds.nps=[{target: 50, warning: 40}, {target: 40, every: month}]"
    words = ("check", *SAMPLES, "--every", "quarter", "--set", goal, "-o")
    done = crm_kpi(*words, "a.html")
    assert done.returncode == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert page.count('id="k-nps"') == page.count('id="k-nps-month"') == 1
    assert "Net Promoter Score, by month" in page
    said = next(line for line in done.stderr.splitlines() if line.startswith("check:"))
    met, near, missed = (int(word) for word in re.findall(r"\d+", said))
    assert f"{met} of {met + near + missed} goals met" in page
    assert crm_kpi(*words, "a.xlsx").returncode == 0


def test_drivers_in_the_card_of_a_kpi_and_by_themselves(crm_kpi: Run, tmp_path: Path) -> None:
    sample = ("-c", ROOT / "samples" / "crm-kpi.yaml", "--every", "month", "-q")
    page = tmp_path / "page.html"
    words = ("report", "csat", "revenue", *sample, "--set", "report.drivers=[segment]", "-o", page)
    done = crm_kpi(*words)
    assert done.returncode == 0, done.stderr
    said = page.read_text(encoding="utf-8")
    assert said.count("<b>Why did it move?</b>") == 2
    assert "Dec 2024 against Nov 2024 · 82.4 % to 76.5 %" in said
    assert "style=" not in said
    unknown = crm_kpi("report", "csat", *sample, "--set", "report.drivers=[segmnt]", "-o", page)
    assert unknown.returncode == 2
    assert "segmnt: no table" in unknown.stderr
    for name in ("d.html", "d.svg", "d.xlsx", "d.csv", "d.md"):
        done = crm_kpi("drivers", "csat", "--by", "segment", *sample, "-o", tmp_path / name)
        assert (done.returncode, done.stderr) == (0, ""), name
    assert "by segment" in (tmp_path / "d.svg").read_text(encoding="utf-8")
