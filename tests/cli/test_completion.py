"""What a shell completes, asked as the shell asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crm_kpi.render import REPORT_FORMATS

from .conftest import ROOT, Run, environment

ASKED = "_CRM_KPI_COMPLETE"


def bash(crm_kpi: Run, line: str) -> list[str]:
    """The words that bash offers in place of the last of the line."""
    env = {ASKED: "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = crm_kpi(env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("crm-kpi report n", {"nps", "nrr"}),
        ("crm-kpi report nps fun", {"funnel"}),
        ("crm-kpi metrics retention_", {"retention_cost", "retention_rate"}),
        ("crm-kpi metrics retention-", {"retention-cost", "retention-rate"}),
        ("crm-kpi rep", {"report", "repeat-purchase-rate"}),
        ("crm-kpi schema ", {"config", "output"}),
        ("crm-kpi nps -f ", {*REPORT_FORMATS}),
        ("crm-kpi report --every ", {"day", "week", "month", "quarter", "year", "all"}),
        ("crm-kpi report --engine d", {"duckdb"}),
        ("crm-kpi check --fail", {"--fail-on"}),
    ],
)
def test_bash_is_offered_what_fits(crm_kpi: Run, line: str, words: set[str]) -> None:
    assert set(bash(crm_kpi, line)) == words


@pytest.mark.parametrize("line", ["crm-kpi report -c c", "crm-kpi nps a", "crm-kpi nosuch a"])
def test_nothing_is_offered_where_bash_knows_the_files(crm_kpi: Run, line: str) -> None:
    assert not {"nps", "csat"} & set(bash(crm_kpi, line))


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell", "pwsh"])
def test_other_shells_are_offered_ids_with_titles(crm_kpi: Run, shell: str) -> None:
    env = {
        ASKED: f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": "crm-kpi report retention_r",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": "retention_r",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = crm_kpi(env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert "retention_rate" in done.stdout
    assert "Customer retention rate" in done.stdout
    assert "retention_cost" not in done.stdout


def test_completion_imports_no_polars() -> None:
    script = (
        "import os, sys; sys.argv = ['crm-kpi']; os._exit = sys.exit\n"
        "from crm_kpi.cli import main\n"
        "try: main.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'polars', 'narwhals', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    asked = {ASKED: "complete_bash", "COMP_WORDS": "crm-kpi report n", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(**asked),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.split()) == {"nps", "nrr"}


@pytest.mark.parametrize(
    ("shell", "places"),
    [
        ("bash", {".bashrc", ".bash_completions/crm-kpi.sh"}),
        ("zsh", {".zshrc", ".zfunc/_crm-kpi"}),
        ("fish", {".config/fish/completions/crm-kpi.fish"}),
    ],
)
def test_completion_of_the_shell_that_is_named(
    crm_kpi: Run, tmp_path: Path, shell: str, places: set[str]
) -> None:
    shown = crm_kpi("--show-completion", shell)
    assert shown.returncode == 0, shown.stderr
    assert f"{ASKED}=complete_{shell}" in shown.stdout
    home = tmp_path / "home"
    home.mkdir()
    done = crm_kpi("--install-completion", shell, env={"HOME": str(home)})
    assert done.returncode == 0, done.stderr
    assert {str(p.relative_to(home)) for p in home.rglob("*") if p.is_file()} == places


@pytest.mark.parametrize(
    ("words", "env", "code"),
    [
        (["--show-completion", "tcsh"], {}, 2),
        (["--install-completion", "bash"], {"HOME": "/proc/nowhere"}, 5),
        ([], {ASKED: "nonsense"}, 2),
        ([], {ASKED: "complete_tcsh"}, 2),
        ([], {ASKED: "complete_bash"}, 2),
        ([], {ASKED: "complete_bash", "COMP_WORDS": "crm-kpi", "COMP_CWORD": "x"}, 2),
    ],
)
def test_what_cannot_be_completed(
    crm_kpi: Run, words: list[str], env: dict[str, str], code: int
) -> None:
    done = crm_kpi(*words, env=env)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stdout == ""


def test_a_reader_that_left_while_a_completion_is_shown() -> None:
    command = f"{sys.executable} -m crm_kpi --show-completion bash | true"
    done = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    assert done.stdout in ("141\n", "0\n")
    assert done.stderr == ""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    rows = ["Mã KH;Vùng;Ngày tạo", "A;Hà Nội;2024-01-01", "B;Huế;2024-01-02", "C;$(touch x)';2024"]
    (tmp_path / "khách.csv").write_text("\r\n".join([*rows, ""]), encoding="utf-8-sig")
    config = tmp_path / "crm-kpi.yaml"
    config.write_text(
        "sources: {customers: {path: khách.csv, columns: {region: Vùng}}}", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("region=", {"region=Hà Nội", "region=Huế"}),
        ("region=Hu", {"region=Huế"}),
        ("Vùng=H", {"Vùng=Hà Nội", "Vùng=Huế"}),
        ("nosuch=", set()),
    ],
)
def test_values_of_columns(crm_kpi: Run, shop: Path, word: str, offered: set[str]) -> None:
    """What a shell could run is not offered."""
    env = {
        ASKED: "complete_fish",
        "_TYPER_COMPLETE_ARGS": f"crm-kpi report --where {word}",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": word,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = crm_kpi(env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.split("\n")) - {""} == offered


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_fish_itself(crm_kpi: Run, shop: Path) -> None:
    program = shop / "crm-kpi"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crm_kpi "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = crm_kpi("--show-completion", "fish").stdout
    asked = 'complete -C "crm-kpi report --where region="\ncomplete -C "crm-kpi report reten"\n'
    done = subprocess.run(
        ["fish", "--no-config", "-c", script + asked],
        capture_output=True,
        text=True,
        cwd=shop,
        env=environment(PATH=f"{shop}:/usr/bin:/bin", PYTHONPATH=str(ROOT), LC_ALL="C.UTF-8"),
    )
    assert "region=Huế" in done.stdout, done.stderr
    assert "retention_rate" in done.stdout
