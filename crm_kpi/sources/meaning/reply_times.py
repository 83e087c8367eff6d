"""Durations in place of moments: `First reply time (min)` is so many minutes after the creation.

A column that holds the moment itself comes first. Durations within business hours are left alone:
which hours those are is a matter of `definitions`. What is left of an SLA is no duration, so that
a header without a unit is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import ColumnValues, HeaderView, Question
from crm_kpi.sources.names import key
from crm_kpi.sources.spec import DerivedColumn, ReadOptions
from crm_kpi.sources.unicode import normalized

_FILE = Path(__file__).parent / "words" / "reply_times.json"
_BUSINESS = re.compile(r"(?i)business|working|within|giờ hành chính|làm việc|geschäft|ouvr|laboral")
_BASE = "created_at"


class ReplyTimes(Question):
    """How long a ticket waited for its first reply and its solution."""

    name = "reply_times"
    title = text("meaning.reply_times")
    tables = frozenset({"tickets"})
    in_parts = True

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        columns, readings = {}, []
        for column in ("first_reply_at", "solved_at"):
            spec = view.spec
            if column in spec.columns or column in spec.constants:
                continue
            if headers.matches(view.table, column, view.headers):
                continue
            found = [(h, unit) for h in view.headers if (unit := _unit(h, column)) is not None]
            if len(found) != 1:
                continue
            ((header, unit),) = found
            columns[column] = DerivedColumn.later(_BASE, unit, header)
            readings.append(
                Reading(
                    header,
                    text("meaning.time_after", unit=unit, base=_BASE),
                    How.CONVENTIONAL,
                    text("meaning.unit_of_time"),
                    short=text("meaning.time_after_short", column=header, unit=unit),
                )
            )
        return HeaderAnswer(columns=dict(columns), readings=tuple(readings))

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return False  # the headers have decided all

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return text("meaning.time_in_place", column=cls.headers(view).readings[0].column)


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return content


@cache
def _ends() -> re.Pattern[str]:
    units = (word for words in _content()["units"].values() for word in words)
    either = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(
        rf"(?P<bare>.{{1,200}}?)[\s_]{{0,9}}[\s_(\[](?:in[\s_])?(?P<unit>{either})\.?[)\]]?"
    )


@cache
def _names(column: str) -> frozenset[str]:
    return frozenset(map(key, _content()[column]))


def _unit(header: str, column: str) -> str | None:
    """The unit of a duration that a header says, where it is about this column."""
    folded = normalized("NFC", header).strip().casefold()
    parts = _ends().fullmatch(folded)
    if parts is None or _BUSINESS.search(folded) or key(parts["bare"]) not in _names(column):
        return None
    units: Mapping[str, Sequence[str]] = _content()["units"]
    return next(unit for unit, words in units.items() if parts["unit"] in words)
