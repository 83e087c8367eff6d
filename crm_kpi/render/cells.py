"""Results and table rows as cells for people: rounded, with units, safe to show.

`table` and `markdown` show the same cells; each escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from crm_kpi.messages import Message, text
from crm_kpi.records import has_own_text, union_of_names
from crm_kpi.render.numbers import common_decimals
from crm_kpi.render.outline import About
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Number, Rating, Result, Status, Unit, exact

_OWN_WORDS = {"rfm": ("segment",), "history": ("what",), "forecast": ("period",)}
"""Analysis: the columns whose words are ours, not those of the data."""
_ESTIMATES, _LARGE = ("forecast",), 10_000
"""Tables of what is expected, whose decimals say nothing where numbers are so large."""
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


def segment_columns(results: Iterable[Result], speaker: Speaker) -> list[TableColumn]:
    names = union_of_names(result.segment for result in results)
    titles = (visible(speaker.say(column_name(name))) for name in names)
    return [TableColumn(f"segment.{n}", title) for n, title in zip(names, titles, strict=True)]


def with_titles(columns: Iterable[TableColumn], speaker: Speaker) -> list[TableColumn]:
    """The columns with their titles in a language."""
    return [replace(column, title=speaker.say(column.title)) for column in columns]


def filled(columns: Iterable[TableColumn], rows: Sequence[ReportRow]) -> list[TableColumn]:
    """The columns that are not empty all the way down."""
    return [column for column in columns if any(row.cells[column.key] for row in rows)]


def result_row(
    result: Result,
    about: About,
    segments: Iterable[TableColumn],
    speaker: Speaker,
    *,
    whole: bool = True,
) -> ReportRow:
    """All cells of a result; components and definition are empty where it is not `whole`."""
    unit = result.unit
    cells = {
        "metric": result.metric,
        "period": period(result.period, speaker),
        "value": value(result, speaker),
        "change": "" if result.change is None else speaker.change(result.change, unit),
        "n": "" if result.n is None else speaker.count(result.n),
        "interval": interval(result, speaker),
        "goal": goal(result.target, unit, about.higher_is_better, speaker),
        "rating": speaker.say(RATINGS[result.rating]) if result.rating else "",
        "progress": _progress(result.progress, speaker),
        "note": _note(result, speaker),
        "components": components(result.components, speaker) if whole else "",
        "definition": definition(result.definition, speaker) if whole else "",
    }
    words = []
    for column in segments:
        words.append(segment(result.segment, column.key.removeprefix("segment."), speaker))
        cells[column.key] = words[-1]
    cells["segment"] = ", ".join(words if result.segment else words[:1])
    return ReportRow(
        cells,
        good=good(result.change, about),
        rating=result.rating,
        progress=result.progress,
        empty=result.value is None,
    )


def components(named: Mapping[str, Number | None], speaker: Speaker) -> str:
    """`customers_start 20 · customers_end 24`"""
    return " · ".join(
        f"{speaker.say(column_name(name))} {NOTHING if number is None else speaker.bare(number)}"
        for name, number in named.items()
    )


def definition(named: Mapping[str, Any], speaker: Speaker) -> str:
    """The variant in force, as far as it is set: `basis activity · window 90d · scale 1, 5`."""
    return " · ".join(
        f"{name} {_setting(value, speaker)}" for name, value in named.items() if value is not None
    )


def period(label: str, speaker: Speaker) -> str:
    """Its label, which English readers know from `--from`; in other languages its name."""
    return visible(label if speaker.language == "en" else speaker.period(label))


def table_rows(
    records: Sequence[Mapping[str, Any]], speaker: Speaker, table: str = ""
) -> tuple[list[TableColumn], list[ReportRow]]:
    """A table's columns and rows; the decimals are the same down a column.

    table: the analysis that it is of, which may have words of its own.
    """
    names = union_of_names(records)
    columns: list[TableColumn] = []
    decimals: dict[str, int] = {}
    for name in names:
        numbers = [exact(value) for record in records if _is_number(value := record.get(name))]
        title = visible(speaker.say(column_name(name)))
        columns.append(TableColumn(name, title, right=bool(numbers)))
        rough = table in _ESTIMATES and any(abs(number) >= _LARGE for number in numbers)
        decimals[name] = 0 if rough else common_decimals(numbers)

    def cell(name: str, value: Any) -> str:
        if name == "cohort" and isinstance(value, str):
            return cohort(value, speaker)
        return plain_cell(own_word(table, name, value), decimals[name], speaker)

    rows = [ReportRow({name: cell(name, record.get(name)) for name in names}) for record in records]
    return columns, rows


def own_word(table: str, name: str, value: Any) -> Any:
    """A cell of an analysis: a message where its words are ours, else the value as it is."""
    if name in _OWN_WORDS.get(table, ()) and isinstance(value, str):
        return Message(f"words.{value.replace(' ', '_')}", {}, english=value)
    return value


def cohort(label: str, speaker: Speaker) -> str:
    """The period of a cohort, or all of them."""
    if label == "all" and speaker.language != "en":
        return speaker.say(TOTAL)
    return period(label, speaker)


def value(result: Result, speaker: Speaker) -> str:
    if result.value is None:
        return NOTHING
    return speaker.amount(result.value, result.unit, limits=(result.target, result.warning))


def good(change: Number | None, about: About) -> bool | None:
    if not change or about.higher_is_better is None:
        return None
    return (change > 0) == about.higher_is_better


def interval(result: Result, speaker: Speaker) -> str:
    if result.low is None and result.high is None:
        return ""
    return speaker.interval(result.low, result.high, result.unit, NOTHING)


def goal(target: Number | None, unit: str, higher_is_better: bool | None, speaker: Speaker) -> str:
    return "" if target is None else speaker.goal(target, unit, higher_is_better)


def _progress(progress: Number | None, speaker: Speaker) -> str:
    return "" if progress is None else speaker.amount(progress, Unit.PERCENT, limits=(100,))


def _note(result: Result, speaker: Speaker) -> str:
    """`partial · no data: nobody answered`"""
    said = (_NOTES.get(result.status), result.reason)
    status = ": ".join(speaker.say(words) for words in said if words)
    partial = speaker.say(text("render.partial")) if result.partial else ""
    return " · ".join(filter(None, (partial, visible(status))))


def segment(values: Mapping[str, str | None], name: str, speaker: Speaker) -> str:
    """The value of a column that a result is cut by."""
    if name not in values:
        return speaker.say(TOTAL)
    word = values[name]
    return speaker.say(BLANK) if word is None else visible(word)


def segment_words(values: Mapping[str, str | None], speaker: Speaker) -> str:
    """The values of all columns that a result is cut by."""
    return ", ".join(segment(values, name, speaker) for name in values)


def column_name(name: str) -> Message:
    """A component or a column of a table: its id, and in other languages what it is."""
    return Message(f"columns.{name}", {}, english=name)


def table_name(name: str, speaker: Speaker) -> str:
    """What a table is called: the id of its analysis, in other languages its title."""
    return visible(speaker.say(Message(f"titles.{name}", {}, english=name)))


def unit_said(unit: str) -> Message:
    """A unit as the results call it, in other languages its name; a currency by its code."""
    return Message(f"units.{unit}", {}, english=unit)


def unit_name(unit: str, speaker: Speaker) -> str:
    return speaker.say(unit_said(unit))


def _setting(value: Any, speaker: Speaker) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _yes_or_no(value, speaker)
    if isinstance(value, (int, float, Decimal)):
        return f"{exact(value):f}"
    if isinstance(value, Mapping):
        pairs = (f"{visible(str(k))} {_setting(v, speaker)}" for k, v in value.items())
        return "(" + ", ".join(pairs) + ")"
    if isinstance(value, (list, tuple)) and not has_own_text(value):
        return ", ".join(_setting(one, speaker) for one in value)
    return visible(str(value))


def plain_cell(value: Any, decimals: int, speaker: Speaker) -> str:
    if value is None:
        return NOTHING
    if _is_number(value):
        return speaker.number(exact(value), decimals)
    if isinstance(value, bool):
        return _yes_or_no(value, speaker)
    if isinstance(value, date):
        return value.isoformat() if speaker.language == "en" else speaker.day(value)
    return visible(speaker.say(value if isinstance(value, str) else str(value)))


def _yes_or_no(value: bool, speaker: Speaker) -> str:
    return speaker.say(text("render.yes") if value else text("render.no"))


def _is_number(value: Any) -> TypeGuard[Number]:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
