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
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.mapping.session import Session

from .conftest import environment


def test_line() -> None:
    now = Progress()
    assert progress.line(now) == "reading …"
    now.path, now.done, now.size = "data/sales\x1b[31m.csv", 90, 200
    assert progress.line(now).startswith("reading sales")
    assert progress.line(now).endswith(" 45 %")
    assert "\x1b" not in progress.line(now)
    now.done = 200
    assert progress.line(now) == "computing …"


def test_a_session_tells_how_far_its_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text("date,kind,amount\n" + "2024-01-01,service,5\n" * 10)
    now = Progress()
    assert list(Session(progress=now).file_bytes(str(file), None).blocks())
    assert (now.path, now.done, now.size) == (str(file), *[file.stat().st_size] * 2)


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
