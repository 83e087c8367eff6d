"""What `restated` found, in each format that it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TextIO

from crm_kpi import __version__
from crm_kpi.cli import language
from crm_kpi.cli.value_log import LoggedValue
from crm_kpi.messages import Message, text
from crm_kpi.records import union_of_names
from crm_kpi.render.as_csv import line
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_markdown import text_table
from crm_kpi.render.cells import BLANK, NOTHING, ReportRow, TableColumn, column_name, filled, period
from crm_kpi.render.grid import grid
from crm_kpi.render.screen import Line, Screen, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import SCHEMA_VERSION

_COLUMNS = ("metric", "period", "segment", "reported", "first", "now", "difference", "why")
_NUMBERS = ("first", "now", "difference")


@dataclass(frozen=True)
class Restatement:
    """A value that is another now; `now` is None where there is none any more."""

    first: LoggedValue
    now: Decimal | int | None
    why: Message

    @property
    def difference(self) -> Decimal | None:
        if self.now is None or self.first.value is None:
            return None
        return Decimal(self.now) - Decimal(self.first.value)


def write(changes: Sequence[Restatement], compared: int, format: str, stream: TextIO) -> None:
    """
    Args:
        compared: how many values of the log were computed anew.
    """
    _WRITERS[format](changes, compared, stream)


def _record(change: Restatement) -> dict[str, Any]:
    first = change.first
    return {
        "metric": first.metric,
        "period": first.period,
        "start": first.start,
        "end": first.end,
        "segment": first.segment,
        "where": first.where,
        "unit": first.unit,
        "reported_at": first.reported_at,
        "first": first.value,
        "now": change.now,
        "difference": change.difference,
        "why": change.why,
    }


def _as_json(changes: Sequence[Restatement], compared: int, stream: TextIO) -> None:
    head = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "crm-kpi", "version": __version__},
        "compared": compared,
    }
    texts = [f'"{name}": {encode(value)}' for name, value in head.items()]
    lines = ",\n  ".join(encode(_record(change)) for change in changes)
    texts.append(f'"changes": [\n  {lines}]' if lines else '"changes": []')
    stream.write("{" + ",\n ".join(texts) + "}\n")


def _as_ndjson(changes: Sequence[Restatement], compared: int, stream: TextIO) -> None:
    stream.writelines(f"{encode(_record(change))}\n" for change in changes)


def _as_csv(changes: Sequence[Restatement], compared: int, stream: TextIO) -> None:
    """Segments and conditions spread over columns, as those of results are."""
    records = [_record(change) for change in changes]
    names = {n: union_of_names(record[n] for record in records) for n in ("segment", "where")}
    plain = [
        *("metric", "period", "start", "end", "unit"),
        *("reported_at", "first", "now", "difference", "why"),
    ]
    spread = [(block, name) for block, several in names.items() for name in several]
    stream.write(f"{line([*plain, *(f'{block}.{name}' for block, name in spread)])}\n")
    for record in records:
        cells = [record[name] for name in plain]
        cells += [_cell(record[block].get(name)) for block, name in spread]
        stream.write(f"{line(cells)}\n")


def _cell(value: Any) -> Any:
    """Several values of one condition in a cell."""
    return " | ".join("" if v is None else v for v in value) if isinstance(value, list) else value


def _rows(changes: Sequence[Restatement]) -> tuple[list[TableColumn], list[ReportRow]]:
    speaker = Speaker(language.current())
    rows = [ReportRow(dict(_shown(change, speaker))) for change in changes]
    columns = [
        TableColumn(name, speaker.say(column_name(name)), right=name in _NUMBERS)
        for name in _COLUMNS
    ]
    return filled(columns, rows), rows


def _shown(change: Restatement, speaker: Speaker) -> Iterator[tuple[str, str]]:
    first, difference = change.first, change.difference
    yield "metric", first.metric
    yield "period", period(first.period, speaker)
    yield "segment", visible(", ".join(_of(first.segment, speaker)))
    yield "reported", first.reported_at[:10]
    for name, number in (("first", first.value), ("now", change.now)):
        yield name, NOTHING if number is None else speaker.amount(number, first.unit)
    yield "difference", "" if difference is None else speaker.change(difference, first.unit)
    yield "why", visible(speaker.say(change.why))


def _of(segment: Any, speaker: Speaker) -> Iterator[str]:
    for value in segment.values():
        yield speaker.say(BLANK) if value is None else value


def _headline(changes: Sequence[Restatement], compared: int) -> Message:
    if not changes:
        return text("restated.unchanged", count=compared)
    return text("restated.changed", changed=len(changes), count=compared)


def _as_table(changes: Sequence[Restatement], compared: int, stream: TextIO) -> None:
    lines: list[Line] = [[(visible(language.say(_headline(changes, compared))), "bold")]]
    if changes:
        lines = [*lines, *grid(*_rows(changes))]
    emit(lines, stream, colour=Screen.of(stream).colour)


def _as_markdown(changes: Sequence[Restatement], compared: int, stream: TextIO) -> None:
    stream.write(f"{visible(language.say(_headline(changes, compared)))}\n")
    if changes:
        columns, rows = _rows(changes)
        cells = [[row.cells[column.key] for column in columns] for row in rows]
        table = text_table([column.title for column in columns], cells)
        stream.writelines(f"{one}\n" for one in ("", *table))


_WRITERS: dict[str, Callable[[Sequence[Restatement], int, TextIO], None]] = {
    "table": _as_table,
    "json": _as_json,
    "ndjson": _as_ndjson,
    "csv": _as_csv,
    "markdown": _as_markdown,
}
