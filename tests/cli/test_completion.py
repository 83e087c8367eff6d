"""What a shell completes, asked as the shell asks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from crm_kpi.cli import app, completion_line
from crm_kpi.render import REPORT_FORMATS

from .conftest import ROOT, Run, environment

ASKED = "_CRM_KPI_COMPLETE"
FULL_WORDS = {"zsh", "fish", "powershell"}


def asked(shell: str, line: str, **more: str) -> dict[str, str]:
    """What the script of a shell says of a line."""
    *before, word = line.split(" ")
    words = "\n".join(before) if shell in FULL_WORDS else line
    return {ASKED: shell, "_CRM_KPI_WORDS": words, "_CRM_KPI_WORD": word, **more}


def bash(crm_kpi: Run, line: str) -> list[str]:
    """The words that bash offers in place of the last of the line."""
    done = crm_kpi(env=asked("bash", line))
    assert done.stderr == ""
    assert done.returncode == (0 if done.stdout else 1)
    return done.stdout.splitlines()


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


@pytest.mark.parametrize("shell", sorted(FULL_WORDS))
def test_other_shells_are_offered_ids_with_titles(crm_kpi: Run, shell: str) -> None:
    done = crm_kpi(env=asked(shell, "crm-kpi report retention_r"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "retention_rate\tCustomer retention rate\n"


HEAVY = ("polars", "narwhals", "pydantic", "jinja2", "rich", "importlib.metadata", "email")


def test_a_completion_imports_little(shop: Path) -> None:
    script = (
        "import os, sys; os._exit = sys.exit; sys.argv = ['crm-kpi']\n"
        "from crm_kpi.cli import main\n"
        "try: main.main()\n"
        f"finally: print(*(set({HEAVY}) & set(sys.modules)), flush=True)\n"
    )
    for line in ("crm-kpi ", "crm-kpi report n", "crm-kpi nps --by V", "crm-kpi nps --where Vùng="):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            encoding="utf-8",
            cwd=shop,
            env=environment(**asked("fish", line), PYTHONPATH=str(ROOT)),
        )
        assert (done.returncode, done.stderr) == (0, ""), line
        *words, heavy = done.stdout.splitlines()
        assert words, line
        assert not heavy, line


def test_every_option_of_help_is_completed() -> None:
    """As we read the declarations of options beside typer."""
    group: Any = get_command(app.app)
    context = group.make_context("crm-kpi", [], resilient_parsing=True)
    commands = group.list_commands(context)
    assert {word for word, _ in completion_line.offered([], "")} == set(commands)
    for before in ([], *([name] for name in commands)):
        command = group.get_command(context, before[0]) if before else group
        told = {name for param in command.get_params(context) for name in param.opts}
        told = {name for name in told if name.startswith("-")}
        assert {word for word, _ in completion_line.offered(before, "-")} == told, before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("crm-kpi report --engine polars --en", []),
        ("crm-kpi report --by a --b", ["--by"]),
        ("crm-kpi report --engine=d", ["--engine=duckdb"]),
        ("crm-kpi --log-format json check --fail-on m", ["missed"]),
        ("crm-kpi --log-format=json sch", ["schema"]),
        ("crm-kpi report -fjson --engine d", ["duckdb"]),
        ("crm-kpi report -- revenue_c", ["revenue_concentration"]),
        ("crm-kpi drivers revenu ", []),
        ("crm-kpi --show-completion z", ["zsh"]),
        ("crm-kpi NPS --engine d", ["duckdb"]),
    ],
)
def test_words_before_count(line: str, words: list[str]) -> None:
    *before, start = line.split(" ")[1:]
    assert [word for word, _ in completion_line.offered(before, start)] == words


@pytest.mark.parametrize(
    "config",
    ["sources: [", "sources: {customers: 7", "[" * 5000, "a: &b c", "\0", "report: {views: 3}"],
)
def test_a_broken_config_leaves_the_words_of_our_own(
    crm_kpi: Run, tmp_path: Path, config: str
) -> None:
    (tmp_path / "crm-kpi.yaml").write_text(config, encoding="utf-8")
    for line, word in (("report --view a", "after_sale"), ("report np", "nps"), ("nps --by ", "")):
        done = crm_kpi(env=asked("fish", f"crm-kpi {line}"))
        assert done.stderr == ""
        assert done.stdout.partition("\t")[0].strip() == word


def test_kpis_of_the_config_are_completed(crm_kpi: Run, tmp_path: Path) -> None:
    own = "metrics: {our_share: {formula: revenue.refunds, unit: percent}}"
    (tmp_path / "other.yaml").write_text(own, encoding="utf-8")
    assert bash(crm_kpi, "crm-kpi report -c other.yaml our_") == ["our_share"]
    assert bash(crm_kpi, "crm-kpi report our_") == []


def test_an_odd_environment_is_no_matter(crm_kpi: Run, tmp_path: Path) -> None:
    env = asked("fish", "crm-kpi rest", CRM_KPI_LANGUAGE="xx", CRM_KPI_CONFIG="/proc/1/mem")
    assert crm_kpi(env=env).stdout.startswith("restated\t")
    assert crm_kpi(env={ASKED: "zsh"}).returncode == 0  # the first word of all


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
    assert re.search(f"{ASKED}[ =]{shell}", shown.stdout)
    assert "eval" not in shown.stdout
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
        ([], {ASKED: "complete_zsh"}, 2),  # typer's script, which evaluates what it gets
    ],
)
def test_what_cannot_be_completed(
    crm_kpi: Run, words: list[str], env: dict[str, str], code: int
) -> None:
    done = crm_kpi(*words, env=env)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stdout == ""


def test_words_are_quoted_for_powershell(crm_kpi: Run) -> None:
    """Read, not run."""
    shown = crm_kpi("--show-completion", "pwsh").stdout
    assert "EscapeSingleQuotedStringContent" in shown
    assert "_CRM_KPI_COMPLETE = 'powershell'" in shown
    assert not re.search("Invoke-Expression|iex ", shown)


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
        ("region=", {"region=Hà Nội", "region=Huế", "region=$(touch x)'"}),
        ("region=Hu", {"region=Huế"}),
        ("Vùng=H", {"Vùng=Hà Nội", "Vùng=Huế"}),
        ("nosuch=", set()),
    ],
)
def test_values_of_columns(crm_kpi: Run, shop: Path, word: str, offered: set[str]) -> None:
    done = crm_kpi(env=asked("fish", f"crm-kpi report --where {word}"))
    assert done.stderr == ""
    assert set(done.stdout.splitlines()) == offered


@pytest.mark.parametrize(
    ("line", "word", "typed"),
    [
        ("--where region=", "", [r"\$\(touch\ x\)\'", r"Huế", r"Hà\ Nội"]),
        ("--where region=Hu", "Hu", ["Huế"]),
        ("--where=region=Hu", "Hu", ["Huế"]),
        ("--where=region=Hu", "--where=region=Hu", ["--where=region=Huế"]),  # other WORDBREAKS
        (r"--where region=Hà\ ", r"Hà\ ", [r"Hà\ Nội"]),
        ('--where "region=$', "region=$", [r"region=\$(touch x)'"]),
        ("--where 'region=$", "region=$", [r"region=$(touch x)'\'''"]),
        ("--where 'region'=Hu", "Hu", ["Huế"]),
        ("--by=V", "V", ["Vùng"]),
        ("--by 'Ngày ", "Ngày ", ["Ngày tạo"]),
    ],
)
def test_what_bash_puts_for_its_part_of_a_word(
    crm_kpi: Run, shop: Path, line: str, word: str, typed: list[str]
) -> None:
    done = crm_kpi(env=asked("bash", f"crm-kpi nps {line}") | {"_CRM_KPI_WORD": word})
    assert done.stderr == ""
    assert done.stdout.splitlines() == typed
