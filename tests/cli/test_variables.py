"""Every option is a variable: CRM_KPI_AS_OF is --as-of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from crm_kpi.cli import variables
from crm_kpi.cli.app import app

from .conftest import ROOT, Run

CONFIG = ROOT / "samples" / "crm-kpi.yaml"
WORDS = ("report", "revenue", "-c", CONFIG, "-f", "json")


def report(crm_kpi: Run, *words: str | Path, **env: str) -> Any:
    done = crm_kpi(*WORDS, *words, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_line_the_environment_the_config(crm_kpi: Run) -> None:
    def periods(*words: str, **env: str) -> list[str]:
        return [each["period"] for each in report(crm_kpi, "--last", "1", *words, **env)["results"]]

    assert periods() == ["2024-Q4"]
    assert periods(CRM_KPI_EVERY="month") == ["2024-12"]
    assert periods("--every", "year", CRM_KPI_EVERY="month") == ["2024"]
    assert periods(CRM_KPI_EVERY="") == ["2024-Q4"]


def test_several_values_are_words_of_a_shell(crm_kpi: Run) -> None:
    where = "'segment=Quán cà phê' channel=Facebook"
    by_variable = report(crm_kpi, CRM_KPI_WHERE=where)
    words = ("--where", "segment=Quán cà phê", "--where", "channel=Facebook")
    assert by_variable == report(crm_kpi, *words)
    segments = report(crm_kpi, "--last", "1", CRM_KPI_BY="segment channel")["results"]
    assert {*segments[-1]["segment"]} == {"segment", "channel"}


def test_files_are_words_too(crm_kpi: Run, tmp_path: Path) -> None:
    for name in ("a.csv", "b c.csv"):
        (tmp_path / name).write_text(f"customer_id,date,amount\n{name[0]},2024-01-01,5\n")
    env = {"CRM_KPI_TRANSACTIONS": "a.csv 'b c.csv'", "CRM_KPI_FORMAT": "json"}
    done = crm_kpi("report", "revenue", env=env)
    assert json.loads(done.stdout)["sources"]["transactions"]["paths"] == ["a.csv", "b c.csv"]


@pytest.mark.parametrize(("word", "is_quiet"), [("1", True), ("true", True), ("0", False)])
def test_a_flag_is_true_or_false(crm_kpi: Run, word: str, is_quiet: bool) -> None:
    done = crm_kpi(*WORDS, env={"CRM_KPI_QUIET": word})
    assert (done.stderr == "") == is_quiet


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CRM_KPI_EVERY", "fortnight", ()),
        ("CRM_KPI_STRICT", "perhaps", ()),
        ("CRM_KPI_LAST", "two", ()),
        ("CRM_KPI_AS_OF", "2024-13-01", ()),
        ("CRM_KPI_SET", "limits.low_n=few", ()),
        ("CRM_KPI_BY", "'segment", ()),
    ],
)
def test_an_error_names_the_variable(
    crm_kpi: Run, name: str, value: str, words: tuple[str, ...]
) -> None:
    for language in ("en", "vi"):
        done = crm_kpi(*WORDS, *words, env={name: value, "CRM_KPI_LANGUAGE": language})
        assert (done.returncode, done.stdout) == (2, "")
        assert name in done.stderr


def test_a_variable_of_no_option_is_told(crm_kpi: Run) -> None:
    env = {"CRM_KPI_EVERI": "week", "CRM_KPI_SECRET_TOKEN": "x", "CRM_KPI_SHOW": "3"}
    done = crm_kpi(*WORDS, env=env)
    assert done.returncode == 0
    (line,) = (line for line in done.stderr.splitlines() if "CRM_KPI" in line)
    assert line == "CRM_KPI_EVERI is the variable of no option; did you mean 'CRM_KPI_EVERY'?"
    assert crm_kpi(*WORDS, "-q", env=env).stderr == ""


def test_no_two_options_of_a_command_share_a_variable() -> None:
    program: Any = get_command(app)
    for name in (*program.commands, "history", "nps"):
        params = [one for one in program.get_command(None, name).params if one.name != "help"]
        names = [variables.name_of(one) for one in params if one.param_type_name == "option"]
        assert len({*names}) == len(names)
        assert not any(name.startswith(variables.SECRET) for name in names)


def test_help_says_so(crm_kpi: Run) -> None:
    for words in (("nps",), ("check",)):
        assert "--as-of is CRM_KPI_AS_OF" in crm_kpi(*words, "--help").stdout
    assert "--as-of là CRM_KPI_AS_OF" in crm_kpi("nps", "--help", "--language", "vi").stdout
