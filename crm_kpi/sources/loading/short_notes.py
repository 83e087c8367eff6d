"""What everybody should know of how columns are read, in few words each: a line on stderr.

The notes themselves are sentences; they stand in the JSON and under -v.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.sources.parsing.column_context import PROVED
from crm_kpi.sources.parsing.date_formats import DAY_FORMATS
from crm_kpi.sources.parsing.time_columns import short_way


def short_notes(notes: Iterable[Message]) -> list[Message]:
    """The short forms of the notes that have one, each once."""
    return list(dict.fromkeys(SHORT[n.key](n.values) for n in notes if n.key in SHORT))


def _written(values: Mapping[str, Any]) -> Message:
    way = values["way"]
    if way not in DAY_FORMATS:
        return text("loading.numbers_as", style=way)
    return short_way(way)


SHORT: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    PROVED: _written,
    "parsing.no_decimals": _written,
    "parsing.on_utc_days": lambda values: text("loading.on_utc_days", offset=values["offset"]),
    "parsing.may_be_swapped": lambda _: text("loading.may_be_swapped"),
    "mapping.read_by_preset": lambda values: text("loading.preset", name=values["preset"]),
    "mapping.not_less": lambda values: text(
        "loading.not_less", column=values["column"], less=values["less"]
    ),
    "mapping.survey_asked": lambda values: text("loading.question", question=values["question"]),
}
"""Key of a note: its short form, of its values."""
