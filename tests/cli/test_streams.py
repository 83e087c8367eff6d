"""stdout is data, stderr is talk; what happens when one of them goes away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT, Run, environment

JANUARY = ("--from", "2024-01", "--to", "2024-01", "--as-of", "2024-03-31")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["nps", "--help"], []])
def test_help_imports_no_polars(words: list[str]) -> None:
    script = (
        "import os, sys; sys.argv = ['crm-kpi', *sys.argv[1:]]; os._exit = sys.exit\n"
        "from crm_kpi.cli import main\n"
        "try: main.main()\n"
        "except SystemExit as end: code = end.code\n"
        "assert not code, code\n"
        "heavy = {'polars', 'narwhals', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "print('nothing heavy', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    assert "crm-kpi" in done.stdout
    assert done.stdout.endswith("nothing heavy\n")


def test_version_is_the_packages(crm_kpi: Run) -> None:
    from crm_kpi import __version__

    assert crm_kpi("--version").stdout == f"crm-kpi {__version__}\n"


def test_answer_on_stdout_account_on_stderr(crm_kpi: Run, customers: Path) -> None:
    with customers.open("a") as file:
        file.write("X1,31/02/2024,\n")
    done = crm_kpi("retention-rate", customers, *JANUARY, "--set", "limits.rejected_rows=10%")
    assert done.returncode == 0
    assert "95.0 %" in done.stdout
    assert "rejected" not in done.stdout
    assert "26 rows in 1 table" in done.stderr
    assert done.stderr.endswith(f"1 rejected (3.85 %): crm-kpi validate {customers}\n")
    assert (
        crm_kpi(
            "retention-rate", customers, *JANUARY, "--set", "limits.rejected_rows=10%", "-q"
        ).stderr
        == ""
    )


def test_file_dash_and_pipe_are_the_same(crm_kpi: Run, customers: Path) -> None:
    text = customers.read_text()
    answers = [
        json.loads(done.stdout)["results"]
        for done in (
            crm_kpi("retention-rate", customers, *JANUARY, "-f", "json"),
            crm_kpi("retention-rate", "-", *JANUARY, "-f", "json", input=text),
            crm_kpi("retention-rate", *JANUARY, "-f", "json", input=text),
        )
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0]["value"] == 95.0


def test_a_piped_table_is_not_cut(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("retention-rate", customers, "--as-of", "2024-03-31", env={"COLUMNS": "40"})
    lines = [line for line in done.stdout.splitlines() if line.startswith("retention_rate")]
    assert len(lines) == len({line.split()[1] for line in lines}) > 5
    whole = crm_kpi("retention-rate", customers, "--as-of", "2024-03-31", "-v").stdout
    assert all("customers_start" in line for line in whole.splitlines()[1 : len(lines) + 1])
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert "…" not in done.stdout
    assert "\x1b" not in done.stdout


def test_head_is_silent(customers: Path) -> None:
    command = f"{sys.executable} -m crm_kpi customers {customers} --every day -f ndjson | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    first, status = done.stdout.splitlines()
    assert json.loads(first)["metric"] == "customers"
    assert status == "141"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "term"]
)
def test_signals_end_at_once(tmp_path: Path, number: signal.Signals, code: int) -> None:
    fifo = tmp_path / "fifo.csv"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "crm_kpi", "nps", str(fifo)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )
    with os.fdopen(os.open(fifo, os.O_RDWR), "wb"):
        time.sleep(1.5)  # it waits for the writer, or still imports
        process.send_signal(number)
        start = time.monotonic()
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert time.monotonic() - start < 5
    assert out == b""
    assert b"Traceback" not in err


def test_utf8_whatever_the_locale(crm_kpi: Run, tmp_path: Path) -> None:
    path = tmp_path / "khách.csv"
    path.write_text(
        "Mã khách hàng,Ngày đăng ký,Ngày rời bỏ,Khu vực\nA,25/12/2023,,Hà Nội\n", "utf-8"
    )
    done = crm_kpi(
        "customers",
        path,
        "--by",
        "Khu vực",
        "--as-of",
        "2024-01-31",
        "-f",
        "csv",
        env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert "Hà Nội" in done.stdout
