"""`cache:` in the config: the same answer whatever is there, and nothing of the user's touched."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Run, environment

ASKED = ("revenue", "--as-of", "2024-12-31", "-f", "json")


@pytest.fixture
def run(crm_kpi: Run, tmp_path: Path) -> Run:
    (tmp_path / "orders.csv").write_text(
        "customer_id,date,amount\nC1,2024-01-02,10\nC2,2024-02-02,20\n"
    )
    (tmp_path / "crm-kpi.yaml").write_text(
        "cache: .\nsources: {transactions: {path: orders.csv}}\n"
    )
    return functools.partial(crm_kpi, env={"XDG_CACHE_HOME": str(tmp_path / "home")})


def test_a_project_folder_keeps_all_that_is_in_it(run: Run, tmp_path: Path) -> None:
    names = ["archive", "backup", "bank", "contracts", "data", "exports", "2022", "2023", "bills"]
    for name in [*names, "a" * 64, ".draft-abcdefgh"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "precious.txt").write_text("x")
    before = set(tmp_path.iterdir())
    for _ in range(2):
        assert run(*ASKED).returncode == 0
    new = {path.name for path in set(tmp_path.iterdir()) - before}
    assert new == {".crm-kpi-cache", "home"}
    assert len(list(tmp_path.glob("*/precious.txt"))) == 9 + 2


def test_the_answer_is_the_same_with_and_without(run: Run, tmp_path: Path) -> None:
    """Also where the cache is passed over, which stderr tells, and -q does not."""
    plain = run(*ASKED, "--set", "cache=false")
    first, second = run(*ASKED), run(*ASKED)
    assert "note: " not in first.stderr + second.stderr
    for file in tmp_path.glob(".crm-kpi-cache/*/about.json"):
        file.write_text("[]")
    changed, anew = run(*ASKED), run(*ASKED)
    assert changed.stderr.count("note: the cache is passed over: ") == 1
    assert anew.stderr == second.stderr
    (tmp_path / ".crm-kpi-cache").chmod(0o777)
    others = run(*ASKED)
    assert others.stderr.count("note: the cache is passed over: others can write to ") == 1
    quiet = run(*ASKED, "-q")
    assert quiet.stderr == ""
    for done in (plain, first, second, changed, anew, others, quiet):
        assert done.returncode == 0
        assert done.stdout == plain.stdout


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_draft_does_not_outlive_a_kill_for_long(
    run: Run, tmp_path: Path, sent: signal.Signals
) -> None:
    code = (
        "import os, time; from pathlib import Path; from crm_kpi.cli import signals\n"
        "from crm_kpi import marked, tempfiles\n"
        "signals.watch()\n"
        "folder = Path('.crm-kpi-cache'); marked.claim(folder)\n"
        "with tempfiles.temporary(folder, tempfiles.DRAFT) as draft:\n"
        "    (draft / 'transactions.parquet').write_text('x')\n"
        f"    os.kill(os.getpid(), {int(sent)}); time.sleep(60)"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT)),
        timeout=60,
    )
    drafts = list(tmp_path.glob(".crm-kpi-cache/.draft-*"))
    assert len(drafts) == (sent == signal.SIGKILL)
    assert run(*ASKED).returncode == 0
    assert not list(tmp_path.glob(".crm-kpi-cache/.draft-*"))
