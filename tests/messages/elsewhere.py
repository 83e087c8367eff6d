"""Keys of texts whose English stands in code: with a KPI, a command, a column of an answer."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_kpi import catalogue
from crm_kpi.analyses import rfm
from crm_kpi.cli import usage
from crm_kpi.cli.app import app
from crm_kpi.cli.help import KPI
from crm_kpi.engine.list_changes import Change
from crm_kpi.messages.vi import columns, fields, help, words
from crm_kpi.messages.vi import usage as said_of_usage
from crm_kpi.results import Unit


def english_elsewhere() -> set[str]:
    return {*_of_kpis(), *_of_tables(), *_of_help(), *_of_usage()}


def _of_kpis() -> Iterator[str]:
    yield from (f"domains.{domain}" for domain in catalogue.DOMAINS)
    for entry in catalogue.entries().values():
        yield from (f"{room}.{entry.id}" for room in ("titles", "short_titles", "summaries"))
        kpi: Any = catalogue.load(entry.id)
        if isinstance(getattr(kpi, "formula", None), str):
            yield f"formulas.{entry.id}"
        if getattr(kpi, "example", ""):
            yield f"examples.{entry.id}"
        for key in kpi.definition.model_fields:
            own = f"fields.{entry.id}.{key}"
            yield own if own in fields.TEXTS else f"fields.{key}"


def _of_tables() -> Iterator[str]:
    """Columns and words are names in code that nobody lists: those of an answer are tried."""
    yield from (f"units.{unit.value}" for unit in Unit)
    yield from (f"changes.{change.value}" for change in Change)
    yield from (f"words.{name.replace(' ', '_')}" for name in rfm.SEGMENTS)
    yield from (key for key in words.TEXTS if _stands_in_code(key.partition(".")[2]))
    yield from (key for key in columns.TEXTS if _stands_in_code(key.partition(".")[2]))


def _stands_in_code(name: str) -> bool:
    built = name.endswith(("_won", "_lost", "_cost")) or "_to_" in name
    return built or name in _NAMES or name.replace("_", " ") in _NAMES


def _names() -> set[str]:
    import crm_kpi

    found: set[str] = set()
    for path in Path(crm_kpi.__file__).parent.rglob("*.py"):
        if "messages" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if len(text) < 40:
                    found.add(text)
                case ast.keyword(arg=str(name)):
                    found.add(name)
                case ast.JoinedStr(values=[ast.Constant(value=str(start)), _]):
                    found |= {f"{start}{end}" for end in ("category", "product", "closed")}
    return found


_NAMES = _names()


def _of_help() -> Iterator[str]:
    from typer.main import get_command

    yield from ("help.program", "help.start", "help.usage", "help.variables")
    yield from (f"help.panel.{panel}" for panel in ("Commands", "Arguments", "Options"))
    group: Any = get_command(app)
    yield from (f"help.option.{param.name}" for param in group.params)
    yield "help.option.help"
    commands = {
        **{name: name for name in group.commands},
        "nps": KPI,
        "history": KPI,
        "drivers": KPI,
    }
    for name, called in commands.items():
        if called != KPI:
            yield f"help.{name}"
        for param in group.get_command(None, name).params:
            own = f"help.{called}.{param.name}"
            yield own if own in help.TEXTS else f"help.option.{param.name}"
            panel = getattr(param, "rich_help_panel", None)
            yield from [f"help.panel.{panel}"] if panel else []


def _of_usage() -> Iterator[str]:
    source = ast.parse(inspect.getsource(usage))
    for node in ast.walk(source):
        if isinstance(node, ast.Constant) and str(node.value) in said_of_usage.TEXTS:
            yield str(node.value)
