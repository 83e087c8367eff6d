"""What `compare` found, in each format that it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TextIO

from crm_kpi import __version__
from crm_kpi.cli import language
from crm_kpi.engine.customer_lists import CustomerList
from crm_kpi.engine.list_changes import ID, Change, ListChanges
from crm_kpi.messages import Message, first_of, text
from crm_kpi.render.as_csv import line
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_markdown import text_table
from crm_kpi.render.cells import column_name, table_rows
from crm_kpi.render.grid import grid
from crm_kpi.render.screen import Screen, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import SCHEMA_VERSION

COLUMNS = ("change", ID, "name", "signup_date", "churn_date")


def write(changes: ListChanges, format: str, stream: TextIO, show: int) -> None:
    """
    Args:
        show: how many customers of each change are named for people.
    """
    _WRITERS[format](changes, stream, show)


def _summary(changes: ListChanges, show: int) -> list[dict[str, Any]]:
    """One row a change."""
    rows = []
    for change in Change:
        count = len(changes.ids(change))
        first = (_named(one) for one in changes.customers(change)[:show])
        shown = first_of(first, count - show) if show else ""
        rows.append({"change": _kind(change), "customers": count, "who": shown})
    return rows


def _kind(change: Change) -> Message:
    """The word for it in the formats for machines, and in other languages what happened."""
    return Message(f"changes.{change.value}", {}, english=change.value)


def _named(customer: dict[str, Any]) -> str:
    name = customer.get("name")
    return f"{customer[ID]} ({name})" if name else str(customer[ID])


def _headline(changes: ListChanges) -> str:
    return text(
        "compare.between",
        old=changes.old_day,
        new=changes.new_day,
        before=changes.before,
        after=changes.after,
    )


def _as_table(changes: ListChanges, stream: TextIO, show: int) -> None:
    columns, rows = table_rows(_summary(changes, show), Speaker(language.current()))
    lines = [[(visible(language.say(_headline(changes))), "bold")], *grid(columns, rows)]
    emit(lines, stream, colour=Screen.of(stream).colour)


def _as_markdown(changes: ListChanges, stream: TextIO, show: int) -> None:
    rows = _summary(changes, show)
    names = [language.say(column_name(name)) for name in rows[0]]
    table = text_table(names, (map(language.say, row.values()) for row in rows))
    stream.writelines(f"{one}\n" for one in (visible(language.say(_headline(changes))), "", *table))


def _as_json(changes: ListChanges, stream: TextIO, show: int) -> None:
    fields: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "crm-kpi", "version": __version__},
        "old": _list(changes.old, changes.old_day.isoformat(), changes.before),
        "new": _list(changes.new, changes.new_day.isoformat(), changes.after),
    }
    for change in Change:
        who = changes.customers(change)
        fields[change.value] = {"count": len(who), "customers": who}
    texts = (f'"{name}": {encode(value)}' for name, value in fields.items())
    stream.write("{" + ",\n ".join(texts) + "}\n")


def _list(export: CustomerList, day: str, customers: int) -> dict[str, Any]:
    return {"path": export.path, "date": day, "rows": export.frame.height, "customers": customers}


def _records(changes: ListChanges) -> Iterator[dict[str, Any]]:
    """One row a customer of whom something changed."""
    for change in Change:
        for customer in changes.customers(change):
            yield {name: {"change": change.value, **customer}.get(name) for name in COLUMNS}


def _as_ndjson(changes: ListChanges, stream: TextIO, show: int) -> None:
    stream.writelines(f"{encode(one)}\n" for one in _records(changes))


def _as_csv(changes: ListChanges, stream: TextIO, show: int) -> None:
    stream.write(f"{line(COLUMNS)}\n")
    stream.writelines(f"{line(one.values())}\n" for one in _records(changes))


_WRITERS: dict[str, Callable[[ListChanges, TextIO, int], None]] = {
    "table": _as_table,
    "json": _as_json,
    "ndjson": _as_ndjson,
    "csv": _as_csv,
    "markdown": _as_markdown,
}
