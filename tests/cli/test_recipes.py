"""docs/running.md and every other command that stands in the docs: each can be run as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from typer.main import get_command

from crm_kpi.cli.app import app
from crm_kpi.errors import ExitCode

from .conftest import ROOT

RUNNING = ROOT / "docs" / "running.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(crm-kpi [^`]+)`")
_COMMAND = re.compile(r"(?:^|[\s/\\])crm-kpi(?:\.exe)? ([^\n]*)", re.MULTILINE)
_END = {"|", "||", "&&", ";", ">", ">>", "2>", "2>>", "2>&1", "&"}
_SHELLS = ("sh", "bash", "console", "crontab", "powershell")
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in _FENCE.findall(page.read_text("utf-8")) if kind == language]


def commands() -> Iterator[Any]:
    """Every command of the docs: in blocks of shells and of recipes, and in the text."""
    for page in PAGES:
        if page.name in ("commands.md", "kpis.md"):  # generated from the program itself
            continue
        text = page.read_text("utf-8")
        found = [line for kind in _SHELLS for block in blocks(page, kind) for line in _of(block)]
        found += [line for block in blocks(page, "ini") for line in _of(block) if "Exec" in block]
        found += [line for block in blocks(page, "yaml") for line in _of(block) if "run:" in block]
        found += [line.removeprefix("crm-kpi ") for line in _INLINE.findall(_FENCE.sub("", text))]
        for number, line in enumerate(dict.fromkeys(found)):
            yield pytest.param(line, id=f"{page.stem}-{number}")


def _of(block: str) -> list[str]:
    lines = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
    return _COMMAND.findall("\n".join(lines))


def words_of(line: str) -> list[str]:
    """The words of the command, before what the shell does with it."""
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "#", ""
    words = []
    for word in lexer:
        if word in _END:
            break
        words.append(word.rstrip(";"))
        if word.endswith(";"):
            break
    return words


def parsed(words: list[str]) -> Any:
    """The values that the real parser gives to the options; raises where it refuses them."""
    program: Any = get_command(app)
    with program.make_context("crm-kpi", [*words]) as context:
        if not context._protected_args and not context.args:
            return context.params
        rest = [*context._protected_args, *context.args]
        name, command, rest = program.resolve_command(context, rest)
        with command.make_context(name, rest, parent=context) as inner:
            return inner.params


@pytest.mark.parametrize("line", [*commands()])
def test_a_command_of_the_docs_can_be_run(line: str) -> None:
    words = words_of(line)
    if {"--help", "--version", "--install-completion", "--show-completion"} & {*words}:
        return
    if "…" in line or words == []:
        return
    assert parsed(words) is not None


def test_a_command_that_there_is_not_is_found() -> None:
    with pytest.raises(Exception, match="no-such"):
        parsed(["report", "--no-such", "x"])


def test_every_exit_code_is_told() -> None:
    rows = re.findall(r"^\| ([0-9, ]+) \|", RUNNING.read_text("utf-8"), re.MULTILINE)
    told = {int(code) for row in rows for code in row.split(",")}
    assert told == {*map(int, ExitCode)} - {ExitCode.PIPE}


def test_crontab() -> None:
    (text,) = blocks(RUNNING, "crontab")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    variables = [line for line in lines if re.match(r"[A-Z_]+=", line)]
    jobs = [line.split(None, 5) for line in lines if line not in variables]
    assert len(jobs) == 3
    for *times, command in jobs:
        assert all(re.fullmatch(r"\*|[0-9]{1,2}(-[0-9]{1,2})?", part) for part in times)
        assert "%" not in command  # a line break for cron
        assert command.startswith("crm-kpi ")
    assert any(line.startswith("PATH=") for line in variables)


SERVICE = {
    "Unit": {"Description", "OnFailure"},
    "Service": {
        *("Type", "User", "WorkingDirectory", "Environment", "ExecStart", "TimeoutStartSec"),
        *("MemoryMax", "NoNewPrivileges", "PrivateTmp", "ProtectSystem", "ProtectHome"),
        "ReadWritePaths",
    },
}
TIMER = {
    "Unit": {"Description"},
    "Timer": {"OnCalendar", "Persistent", "RandomizedDelaySec"},
    "Install": {"WantedBy"},
}


@pytest.mark.parametrize(("number", "keys"), [(0, SERVICE), (1, TIMER)])
def test_units_of_systemd(number: int, keys: dict[str, set[str]]) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(blocks(RUNNING, "ini")[number])
    assert {section: {*unit[section]} for section in unit.sections()} == keys


def test_what_the_service_runs_is_written_where_it_may_write() -> None:
    service = blocks(RUNNING, "ini")[0]
    assert "WorkingDirectory=/srv/kpi\n" in service
    assert "ReadWritePaths=/srv/kpi\n" in service
    assert len(re.findall(r"^ExecStart=/usr/local/bin/crm-kpi ", service, re.MULTILINE)) == 2


def test_task_of_windows() -> None:
    (text,) = blocks(RUNNING, "xml")
    task = ElementTree.fromstring(text)
    assert task.tag == f"{NAMESPACE}Task"
    assert [part.tag.removeprefix(NAMESPACE) for part in task] == [
        *("RegistrationInfo", "Triggers", "Settings", "Actions"),
    ]  # in the order of the schema
    arguments = task.findtext(f".//{NAMESPACE}Arguments") or ""
    assert parsed(shlex.split(arguments))["log"] == "kpis.ndjson"
    assert (task.findtext(f".//{NAMESPACE}Command") or "").endswith("crm-kpi.exe")
    days = task.find(f".//{NAMESPACE}DaysOfWeek")
    assert days is not None
    assert len(days) == 5


def test_workflow_of_github() -> None:
    (text,) = blocks(RUNNING, "yaml")
    workflow = yaml.load(text, Loader=yaml.BaseLoader)
    assert {"name", "on", "permissions", "concurrency", "env", "jobs"} == workflow.keys()
    (job,) = workflow["jobs"].values()
    for step in job["steps"]:
        assert "run" in step or re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"])
    runs = [line for step in job["steps"] for line in step.get("run", "").splitlines()]
    mine = [line for line in runs if line.startswith("crm-kpi ")]
    assert [words_of(line)[1] for line in mine] == ["validate", "report", "restated", "check"]
    assert workflow["on"]["schedule"][0]["cron"].split()[2:] == ["*", "*", "1-5"]
    written = parsed(words_of(mine[1])[1:])
    assert written["log"] == parsed(words_of(mine[2])[1:])["log_file"]


def test_lines_of_the_log_are_those_that_are_written() -> None:
    import json

    from .test_log_lines import FIELDS

    (text,) = blocks(RUNNING, "json")
    assert list(json.loads(text)) == FIELDS
    for field in FIELDS:
        assert f"`{field}`" in RUNNING.read_text("utf-8")
