"""docs/running.md: what it has for other programs is what they take; its commands are run by
tests/outside/test_docs_commands.py."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from xml.etree import ElementTree

import pytest
import yaml

from crm_kpi.errors import ExitCode
from tests.outside.docs_commands import blocks, of_line, parsed

from .conftest import ROOT

RUNNING = ROOT / "docs" / "running.md"
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


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
    mine = [[*one.words] for line in runs for one in of_line(line)]
    assert [words[0] for words in mine] == ["validate", "report", "restated", "check"]
    assert workflow["on"]["schedule"][0]["cron"].split()[2:] == ["*", "*", "1-5"]
    written = parsed(mine[1])
    assert written["log"] == parsed(mine[2])["log_file"]


def test_lines_of_the_log_are_those_that_are_written() -> None:
    import json

    from .test_log_lines import FIELDS

    (text,) = blocks(RUNNING, "json")
    assert list(json.loads(text)) == FIELDS
    for field in FIELDS:
        assert f"`{field}`" in RUNNING.read_text("utf-8")
