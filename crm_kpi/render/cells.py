"""Results and table rows as cells for people: rounded, with units, safe to show.

`table` and `markdown` show the same cells; each escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from crm_kpi.messages import text
from crm_kpi.records import has_own_text, union_of_names
from crm_kpi.render.numbers import (
    amount,
    bare,
    common_decimals,
    decimals_of,
    exact,
    limit,
    shown,
    suffix,
)
from crm_kpi.render.outline import About
from crm_kpi.render.text import visible
from crm_kpi.results import Number, Rating, Result, Status, Unit

NOTHING = "–"
"""Where there is no value."""
TOTAL = text("render.all")
BLANK = text("render.blank")

RATINGS = {
    Rating.MET: text("render.met"),
    Rating.WARNING: text("render.warning"),
    Rating.MISSED: text("render.missed"),
}
_NOTES = {
    Status.LOW_N: text("render.low_n"),
    Status.NO_DATA: text("render.no_data"),
    Status.PENDING: text("render.pending"),
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`key` finds the cell in `ReportRow.cells`; numbers are set flush right."""

    key: str
    title: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One result, or one row of a table, as it is shown."""

    cells: Mapping[str, str]
    good: bool | None = None
    """Whether the change is for the better; None where it is neither."""
    rating: Rating | None = None
    progress: Number | None = None
    empty: bool = False
    """A result without a value."""


METRIC = TableColumn("metric", text("render.metric"))
PERIOD = TableColumn("period", text("render.period"))
SEGMENT = TableColumn("segment", text("render.segment"))
"""All that a result is cut by, in one cell."""
VALUES = (
    TableColumn("value", text("render.value"), right=True),
    TableColumn("change", text("render.change"), right=True),
    TableColumn("n", text("render.n"), right=True),
    TableColumn("interval", text("render.interval"), right=True),
    TableColumn("goal", text("render.goal"), right=True),
    TableColumn("rating", text("render.rating")),
    TableColumn("progress", text("render.progress"), right=True),
)
NOTE = TableColumn("note", text("render.note"))
COMPONENTS = TableColumn("components", text("render.components"))
DEFINITION = TableColumn("definition", text("render.definition"))


def segment_columns(results: Iterable[Result]) -> list[TableColumn]:
    names = union_of_names(result.segment for result in results)
    return [TableColumn(f"segment.{name}", visible(name)) for name in names]


def filled(columns: Iterable[TableColumn], rows: Sequence[ReportRow]) -> list[TableColumn]:
    """The columns that are not empty all the way down."""
    return [column for column in columns if any(row.cells[column.key] for row in rows)]


def result_row(result: Result, about: About, segments: Iterable[TableColumn]) -> ReportRow:
    unit = result.unit
    cells = {
        "metric": result.metric,
        "period": visible(result.period),
        "value": value(result),
        "change": _change(result.change, unit),
        "n": "" if result.n is None else shown(exact(result.n), 0),
        "interval": _interval(result.low, result.high, unit),
        "goal": goal(result.target, unit, about.higher_is_better),
        "rating": RATINGS[result.rating] if result.rating else "",
        "progress": _progress(result.progress),
        "note": _note(result),
        "components": components(result.components),
        "definition": definition(result.definition),
    }
    words = []
    for column in segments:
        words.append(segment(result.segment, column.key.removeprefix("segment.")))
        cells[column.key] = words[-1]
    cells["segment"] = ", ".join(words if result.segment else words[:1])
    return ReportRow(
        cells,
        good=_good(result.change, about),
        rating=result.rating,
        progress=result.progress,
        empty=result.value is None,
    )


def components(named: Mapping[str, Number | None]) -> str:
    """`customers_start 20 · customers_end 24`"""
    return " · ".join(
        f"{name} {NOTHING if number is None else bare(number)}" for name, number in named.items()
    )


def definition(named: Mapping[str, Any]) -> str:
    """The variant in force, as far as it is set: `basis activity · window 90d · scale 1, 5`."""
    return " · ".join(
        f"{name} {_setting(value)}" for name, value in named.items() if value is not None
    )


def table_rows(records: Sequence[Mapping[str, Any]]) -> tuple[list[TableColumn], list[ReportRow]]:
    """A table's columns and rows; the decimals are the same down a column."""
    names = union_of_names(records)
    columns: list[TableColumn] = []
    decimals: dict[str, int] = {}
    for name in names:
        numbers = [exact(value) for record in records if _is_number(value := record.get(name))]
        columns.append(TableColumn(name, visible(name), right=bool(numbers)))
        decimals[name] = common_decimals(numbers)
    rows = [
        ReportRow({name: plain_cell(record.get(name), decimals[name]) for name in names})
        for record in records
    ]
    return columns, rows


def value(result: Result) -> str:
    if result.value is None:
        return NOTHING
    return amount(result.value, result.unit, limits=(result.target, result.warning))


def _change(change: Number | None, unit: str) -> str:
    """In the value's unit; a percentage changes by points, which is said."""
    if change is None:
        return ""
    value = exact(change)
    text = shown(value, decimals_of(unit, value), sign=True)
    mark = {"+": "▲", "-": "▼"}.get(text[0], "=")
    return f"{mark} {text}{suffix(Unit.POINTS) if unit == Unit.PERCENT else ''}"


def _good(change: Number | None, about: About) -> bool | None:
    if not change or about.higher_is_better is None:
        return None
    return (change > 0) == about.higher_is_better


def _interval(low: Number | None, high: Number | None, unit: str) -> str:
    if low is None and high is None:
        return ""
    ends = [exact(end) if end is not None else None for end in (low, high)]
    decimals = max(decimals_of(unit, end) for end in ends if end is not None)
    texts = [NOTHING if end is None else shown(end, decimals) for end in ends]
    return text("render.from_to", low=texts[0], high=texts[1])


def goal(target: Number | None, unit: str, higher_is_better: bool | None) -> str:
    if target is None:
        return ""
    direction = {True: "≥ ", False: "≤ ", None: ""}[higher_is_better]
    return direction + limit(target, unit)


def _progress(progress: Number | None) -> str:
    return "" if progress is None else amount(progress, Unit.PERCENT, limits=(100,))


def _note(result: Result) -> str:
    """`partial · no data: nobody answered`"""
    status = ": ".join(filter(None, (_NOTES.get(result.status), result.reason)))
    return " · ".join(
        filter(None, (text("render.partial") if result.partial else "", visible(status)))
    )


def segment(values: Mapping[str, str | None], name: str) -> str:
    """The value of a column that a result is cut by."""
    if name not in values:
        return TOTAL
    word = values[name]
    return BLANK if word is None else visible(word)


def _setting(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return text("render.yes") if value else text("render.no")
    if isinstance(value, (int, float, Decimal)):
        return f"{exact(value):f}"
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{visible(str(k))} {_setting(v)}" for k, v in value.items()) + ")"
    if isinstance(value, (list, tuple)) and not has_own_text(value):
        return ", ".join(map(_setting, value))
    return visible(str(value))


def plain_cell(value: Any, decimals: int) -> str:
    if value is None:
        return NOTHING
    if _is_number(value):
        return shown(exact(value), decimals)
    if isinstance(value, bool):
        return text("render.yes") if value else text("render.no")
    if isinstance(value, date):
        return value.isoformat()
    return visible(str(value))


def _is_number(value: Any) -> TypeGuard[Number]:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
