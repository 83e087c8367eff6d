"""`crm-kpi man`: the manual page, made of the help of every command.

What help says stands there in the language of the run, all else in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import typer

from crm_kpi.cli.options import ManOptions
from crm_kpi.cli.output import opened
from crm_kpi.errors import ExitCode

_HEAD = r""".\" Written by `crm-kpi man`; do not edit.
.Dd November 30, 2026
.Dt CRM-KPI 1
.Os
.Sh NAME
.Nm crm-kpi
.Nd customer KPIs from the exports you have
.Sh SYNOPSIS
.Nm
.Ar COMMAND
.Op Ar OPTIONS
.Op Ar FILE ...
.Sh DESCRIPTION""".splitlines()
_KPIS = """.Ss KPI
Every KPI and analysis is a command of its own:
.Pp""".splitlines()
_THEIR_OPTIONS = """Those of KPIs take these options.
.Nm
.Ar ID
.Fl -help
tells those of an analysis.""".splitlines()
_EXAMPLES = (
    "crm-kpi demo demo && crm-kpi report -c demo/crm-kpi.yaml",
    "crm-kpi nps answers.csv -f json",
    "crm-kpi check -c crm-kpi.yaml -q",
)
_EXITS = {
    ExitCode.OK: "answered",
    ExitCode.BUG: "a fault of crm-kpi itself",
    ExitCode.USAGE: "the command line or the config is wrong",
    ExitCode.DATA: "the input cannot be trusted",
    ExitCode.MISSED: "answered, and a threshold is missed (check)",
    ExitCode.OUTPUT: "the output could not be written",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.PIPE: "the reader of the pipe went away",
    ExitCode.TERMINATED: "terminated",
}
_VARIABLES = {
    "CRM_KPI_CONFIG": "config file where -c names none",
    "CRM_KPI_LANGUAGE": "en or vi, where --language says nothing",
    "NO_COLOR": "no colour, whatever the terminal",
    "TMPDIR": "where temporary files are made",
}


def run(options: ManOptions) -> int:
    with opened(options.output) as stream:
        stream.write(page())
    return ExitCode.OK


def page() -> str:
    """The page in the macros of mdoc(7)."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    from typer.main import get_command

    from crm_kpi.cli.app import app

    group: Any = get_command(app)
    context = typer.Context(group, info_name="crm-kpi", resilient_parsing=True)
    yield from (*_HEAD, _escaped(group.help), ".Pp", _escaped(group.epilog), ".Sh COMMANDS")
    for name in group.commands:
        yield from _command(group.get_command(context, name), context, name)
    yield from _KPIS
    kpis = [name for name in group.list_commands(context) if name not in group.commands]
    yield from (_escaped(", ".join(kpis)), ".Pp", *_THEIR_OPTIONS)
    yield from _options(group.get_command(context, "nps"), context)
    yield from _items("ENVIRONMENT", ".It Ev", _VARIABLES)
    yield from _items("EXIT STATUS", ".It", {str(int(code)): what for code, what in _EXITS.items()})
    yield ".Sh EXAMPLES"
    yield from (".Dl " + _escaped(line) for line in _EXAMPLES)


def _command(command: Any, context: Any, name: str) -> Iterator[str]:
    yield from (f".Ss {name}", _escaped(command.help))
    yield from _options(command, context)


def _options(command: Any, context: Any) -> Iterator[str]:
    """What a command takes, arguments first."""
    yield ".Bl -tag -width Ds"
    for param in sorted(command.params, key=lambda one: one.param_type_name != "argument"):
        help = getattr(param, "help", "") or ""
        if param.param_type_name == "argument":
            yield f".It Ar {_escaped(_stands_for(param, context))}"
        else:
            flags = " , ".join(f"Fl {_escaped(name[1:])}" for name in param.opts)
            value = "" if param.is_flag else f" Ar {_escaped(_stands_for(param, context))}"
            yield f".It {flags}{value}"
        yield _escaped(help)
    yield ".El"


def _stands_for(param: Any, context: Any) -> str:
    """The word or words in the place of a value."""
    return str(param.metavar or param.display_type(context).strip("<>[]"))


def _items(title: str, item: str, items: dict[str, str]) -> Iterator[str]:
    yield from (f".Sh {title}", ".Bl -tag -width Ds")
    for name, what in items.items():
        yield from (f"{item} {name}", _escaped(what))
    yield ".El"


def _escaped(text: str) -> str:
    """A text in which nothing is a command of roff; a sentence a line, as mdoc wants it."""
    plain = " ".join(str(text).split()).replace("\\", "\\e").replace("-", "\\-")
    sentences = re.sub(r"(?<=[.!?]) (?=[A-Z])", "\n", plain).split("\n")
    lines = [line for one in sentences for line in wrap(one, 76, break_on_hyphens=False)]
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)
