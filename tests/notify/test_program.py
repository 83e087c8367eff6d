"""A program gets a finding on its standard input, and a limited time."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from crm_kpi.notify.program import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts with a first line")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "program with blanks; $(touch no)"


def start(script: Path, body: str, seconds: float = 20) -> str | None:
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o700)
    return run(str(script), '{"metric": "nps"}', os.environ, seconds)


def test_it_is_started_by_no_shell(script: Path, tmp_path: Path) -> None:
    assert start(script, f"cat > '{tmp_path}/out'") is None
    assert (tmp_path / "out").read_text() == '{"metric": "nps"}\n'
    assert not (tmp_path / "no").exists()


def test_one_that_reads_nothing(script: Path) -> None:
    assert start(script, "exit 0") is None


def test_one_that_fails(script: Path, tmp_path: Path) -> None:
    assert start(script, "exit 3") == "ended with 3"
    assert start(script, "echo no disk >&2; exit 3") == "ended with 3: no disk"
    assert "cannot be started" in str(run(str(tmp_path / "gone"), "{}", os.environ))


def test_one_that_does_not_end_and_what_it_has_started(script: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    body = f"(sleep 2; touch '{tmp_path}/late') & sleep 30"
    assert start(script, body, seconds=0.3) == "was ended, as it took longer than 0 seconds"
    assert time.monotonic() - began < 5
    time.sleep(2)
    assert not (tmp_path / "late").exists()
