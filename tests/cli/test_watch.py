"""`report --watch`: written anew when a file changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_kpi.cli import watch
from crm_kpi.cli.options import ReportOptions
from crm_kpi.errors import CrmKpiError, DataError

from .conftest import Run, environment

SALES = "customer_id,date,amount\nA,2024-01-05,10\n"
Change = Callable[[], object]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Watches for one run, with a change done between two looks each; what the run has read."""

    def run_once(path: Path, *changes: Change, run: Change | None = None) -> list[str]:
        left, read, told = [*changes], list[str](), list[CrmKpiError]()

        def sleep(seconds: float) -> None:
            if left:
                left.pop(0)()

        def read_all() -> None:
            files = sorted(path.parent.glob(path.name))
            read.append(" ".join(file.read_text() for file in files))

        monkeypatch.setattr(watch.time, "sleep", sleep)
        options = ReportOptions(output="out.json", quiet=True)
        before = watch.seen([path])
        watch.again(before, lambda: [path], run or read_all, told.append, options, rounds=1)
        assert not left
        return read + [error.message for error in told]

    return run_once


def nothing() -> None:
    """Between two looks."""


def test_a_change_runs_once(tmp_path: Path, watched: Callable[..., list[str]]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1")
    assert watched(path, nothing, nothing, lambda: path.write_text("22"), nothing) == ["22"]


def test_a_file_that_is_still_written_is_waited_for(
    tmp_path: Path, watched: Callable[..., list[str]]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")

    def add() -> None:
        with path.open("a") as file:
            file.write("row\n")

    assert watched(path, nothing, *[add] * 20, nothing) == ["row\n" * 20]


def test_a_new_file_of_a_pattern_and_one_that_is_gone(
    tmp_path: Path, watched: Callable[..., list[str]]
) -> None:
    first, second, pattern = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "*.csv"
    first.write_text("1")
    assert watched(pattern, lambda: second.write_text("2"), nothing) == ["1 2"]
    assert watched(pattern, first.unlink, nothing) == ["2"]


def test_another_file_in_its_place_is_a_change(
    tmp_path: Path, watched: Callable[..., list[str]]
) -> None:
    """Of the same size and date."""
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("1")
    other.write_text("2")
    for each in (path, other):
        os.utime(each, ns=(0, 0))
    assert watched(path, lambda: os.replace(other, path), nothing) == ["2"]


def test_a_folder_is_all_that_is_in_it(tmp_path: Path, watched: Callable[..., list[str]]) -> None:
    (tmp_path / "d" / "e").mkdir(parents=True)
    runs: list[int] = []
    touch = (tmp_path / "d" / "e" / "part.parquet").touch
    watched(tmp_path / "d", touch, nothing, run=lambda: runs.append(1))
    assert runs == [1]


def test_what_cannot_be_read_is_told(tmp_path: Path, watched: Callable[..., list[str]]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1")

    def run() -> None:
        raise DataError("no")

    assert watched(path, lambda: path.write_text("22"), nothing, run=run) == ["no"]


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
    command = [sys.executable, "-m", "crm_kpi", *words]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
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
        assert process.wait(60) == 130
        assert process.stderr.read() == ""
    assert sorted(os.listdir(tmp_path)) == ["o.csv", "sales.csv"]
