"""Streams that are closed, variables that make no sense, a machine that allows too little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Run, environment
from .test_process import refused

PROGRAM = f"exec {sys.executable} -m crm_kpi"


def shell(command: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=cwd, env=environment(**env)
    )


@pytest.mark.parametrize("count", ["0", "-1", "abc", "1e9", "1.5", "1000000", "9" * 400])
def test_a_number_of_threads_that_polars_cannot_have(
    crm_kpi: Run, customers: Path, count: str
) -> None:
    done = crm_kpi("customers", customers, env={"POLARS_MAX_THREADS": count})
    refused(done, 2, "POLARS_MAX_THREADS", count[:50])
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "env",
    [
        {"POLARS_MAX_THREADS": ""},
        {"POLARS_MAX_THREADS": "2"},
        {"POLARS_ENGINE_AFFINITY": "none"},
        {"POLARS_TEMP_DIR": "/nonexistent"},
        {"POLARS_VERBOSE": "1"},
        {"COLUMNS": "abc"},
        {"COLUMNS": "-5"},
        {"TERMINAL_WIDTH": "abc"},
        {"TZ": "Nonsense/Zone"},
        {"LC_ALL": "xx_YY.none"},
    ],
    ids=str,
)
def test_other_variables_change_nothing(crm_kpi: Run, customers: Path, env: dict[str, str]) -> None:
    words = ("customers", customers, "--as-of", "2024-03-01", "-f", "csv")
    done, plain = crm_kpi(*words, env=env), crm_kpi(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    assert crm_kpi("customers", "--help", env=env).returncode == 0


@pytest.mark.parametrize("count", [5, 8, 12, 20])
def test_too_few_files_may_be_open(customers: Path, count: int) -> None:
    done = shell(f"ulimit -n {count}; {PROGRAM} customers {customers}")
    refused(done, 2, "ulimit -n")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "words", ["--version", "--help", "metrics", "schema", "customers CUSTOMERS -f csv"]
)
def test_a_stdout_that_is_closed_takes_no_answer(customers: Path, words: str) -> None:
    done = shell(f"{PROGRAM} {words.replace('CUSTOMERS', str(customers))} >&-")
    refused(done, 5, "stdout")


def test_an_answer_in_a_file_needs_no_stdout(customers: Path, tmp_path: Path) -> None:
    done = shell(f"{PROGRAM} customers {customers} -o {tmp_path / 'a.csv'} -f csv >&-")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.csv").read_text().startswith("metric,")


@pytest.mark.parametrize(
    ("words", "code"), [("report", 2), ("nps", 3), ("nps -", 3), ("customers CUSTOMERS", 0)]
)
def test_a_stdin_that_is_closed_is_an_empty_one(customers: Path, words: str, code: int) -> None:
    done = shell(f"{PROGRAM} {words.replace('CUSTOMERS', str(customers))} <&-")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of its own" not in done.stderr


@pytest.mark.parametrize(("words", "code"), [("CUSTOMERS", 0), ("no.csv", 3)])
def test_a_stderr_that_is_closed_matters_not(customers: Path, words: str, code: int) -> None:
    words = words.replace("CUSTOMERS", str(customers))
    assert shell(f"{PROGRAM} customers {words} 2>&-").returncode == code


PANIC = (
    "import sys; sys.argv[1:] = {words}\n"
    "from crm_kpi.cli import app, process\n"
    "def run(_):\n"
    "    import os, polars\n"
    "    os.write(2, b'native words')\n"
    "    print('our words', file=sys.stderr)\n"
    "    raise polars.exceptions.PanicException('of Rust')\n"
    "app.run = run\n"
    "process.run()\n"
)


@pytest.mark.parametrize(("words", "heard"), [([], False), (["-v"], True)])
def test_what_native_code_says_is_heard_with_v_alone(words: list[str], heard: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PANIC.format(words=words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == 1
    assert ("native words" in done.stderr) == heard
    assert "our words" in done.stderr
    assert "a fault of its own: PanicException" in done.stderr


@pytest.mark.parametrize("name", ["/dev/stderr", "/proc/self/fd/2"])
def test_stderr_as_the_output_is_our_own(crm_kpi: Run, customers: Path, name: str) -> None:
    done = crm_kpi("customers", customers, "-f", "ndjson", "-q", "-o", name)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith('{"metric": "customers"')


def test_null_as_the_output_is_not_stderr(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("customers", customers, "-q", "-o", "/dev/null")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
