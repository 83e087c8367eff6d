"""Progress: seen by who waits at a terminal, by nobody else, and gone when done."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm_kpi.cli import progress
from crm_kpi.sources.io.read_progress import now

from .conftest import environment


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("path", ""), ("done", 0), ("size", 0)):
        monkeypatch.setattr(now, name, value)


def test_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress.line() == "reading …"
    monkeypatch.setattr(now, "path", "data/sales\x1b[31m.csv")
    monkeypatch.setattr(now, "size", 200)
    monkeypatch.setattr(now, "done", 90)
    assert progress.line().startswith("reading sales")
    assert progress.line().endswith(" 45 %")
    assert "\x1b" not in progress.line()
    monkeypatch.setattr(now, "done", 200)
    assert progress.line() == "computing …"


class Terminal:
    def __init__(self) -> None:
        self.said = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.said += text

    def flush(self) -> None: ...


def test_long_work_is_shown_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress.shown(quiet=False):
        while "reading" not in terminal.said:
            time.sleep(0.01)
    assert terminal.said.endswith("\r\x1b[K")


@pytest.mark.parametrize(("quiet", "term"), [(True, "xterm"), (False, "dumb")])
def test_not_where_nobody_wants_it(monkeypatch: pytest.MonkeyPatch, quiet: bool, term: str) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", term)
    with progress.shown(quiet=quiet):
        time.sleep(0.05)
    assert terminal.said == ""


def test_stdout_of_a_terminal_run_is_the_answer_alone(tmp_path: Path) -> None:
    """stderr is a terminal, stdout a pipe: not a letter of progress in the data."""
    file = tmp_path / "answers.csv"
    file.write_text("score,answered_at\n9,2024-01-01\n", encoding="utf-8")
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "crm_kpi",
                "nps",
                str(file),
                "--as-of",
                "2024-01-31",
                "-f",
                "csv",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=slave,
            env=environment(TERM="xterm"),
            check=True,
            timeout=120,
        )
    finally:
        os.close(slave)
        os.close(master)
    assert done.stdout.startswith(b"metric,")
    assert b"\x1b" not in done.stdout
