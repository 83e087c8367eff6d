"""`report --watch`: written anew when a file changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_kpi.cli import watch
from crm_kpi.cli.options import ReportOptions
from crm_kpi.errors import CrmKpiError, DataError

from .conftest import Run, environment

BEAT = 0.02
SALES = "customer_id,date,amount\nA,2024-01-05,10\n"


def watched(
    path: Path,
    change: Callable[[], None],
    run: Callable[[], object],
    told: Callable[[CrmKpiError], None] = lambda error: None,
    inputs: Callable[[], list[str | Path]] | None = None,
) -> None:
    """One round, in which `change` is done a few beats after the start."""
    paths = inputs or (lambda: [path])
    before = watch.seen(paths())
    timer = threading.Timer(3 * BEAT, change)
    timer.start()
    options = ReportOptions(output="out.json", quiet=True)
    watch.again(before, paths, run, told, options, beat=BEAT, rounds=1)
    timer.join()


def test_a_change_runs_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1")
    seen: list[str] = []
    watched(path, lambda: path.write_text("22") and None, lambda: seen.append(path.read_text()))
    assert seen == ["22"]


def test_a_file_that_is_still_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")
    seen: list[int] = []

    def write() -> None:
        for _ in range(20):
            with path.open("a") as file:
                file.write("row\n")
            time.sleep(BEAT / 4)

    watched(path, write, lambda: seen.append(len(path.read_text().splitlines())))
    assert seen == [20]


def test_a_new_file_of_a_pattern_and_one_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    pattern = tmp_path / "*.csv"
    runs: list[int] = []
    watched(pattern, lambda: (tmp_path / "b.csv").touch(), lambda: runs.append(1))
    watched(pattern, (tmp_path / "a.csv").unlink, lambda: runs.append(2))
    assert runs == [1, 2]


def test_an_equal_file_in_its_place_is_a_change(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    for each in (path, other):
        each.write_text("1")
        os.utime(each, ns=(0, 0))
    runs: list[int] = []
    watched(path, lambda: os.replace(other, path), lambda: runs.append(1))
    assert runs == [1]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1")
    errors: list[CrmKpiError] = []

    def run() -> None:
        raise DataError("no")

    watched(path, lambda: path.write_text("22") and None, run, errors.append)
    assert [error.message for error in errors] == ["no"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("report", "--transactions", "sales.csv", "--watch"), "there is none"),
        (("report", "--transactions", "-", "--watch", "-o", "o.json"), "stdin"),
    ],
)
def test_what_cannot_be_watched(
    crm_kpi: Run, tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    (tmp_path / "sales.csv").write_text(SALES)
    done = crm_kpi(*words)
    assert done.returncode == 2
    assert what in done.stderr
    assert not (tmp_path / "o.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_from_the_first_run_to_ctrl_c(tmp_path: Path) -> None:
    sales, out = tmp_path / "sales.csv", tmp_path / "o.csv"
    sales.write_text(SALES)
    words = ["report", "revenue", "--transactions", "sales.csv", "--watch", "-o", "o.csv"]
    process = subprocess.Popen(
        [sys.executable, "-m", "crm_kpi", *words],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")

    def wait_for(word: str) -> str:
        return next(line for line in lines if word in line)

    wait_for("until Ctrl-C")
    assert ",10," in out.read_text()
    sales.write_text(SALES.replace("10", "20"))
    assert wait_for("anew") == "o.csv is written anew, as sales.csv has changed\n"
    good = out.read_text()
    assert ",20," in good
    sales.write_text("customer_id,date\nA,2024-01-05\n")
    wait_for("error")
    assert out.read_text() == good
    sales.write_text(SALES.replace("10", "30"))
    wait_for("anew")
    assert ",30," in out.read_text()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stderr.read() == ""
    assert sorted(os.listdir(tmp_path)) == ["o.csv", "sales.csv"]
