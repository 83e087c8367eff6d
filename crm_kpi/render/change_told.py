"""Why a KPI moved, for people: its change, and each account of it, the largest effect first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.render.triangle import Records
from crm_kpi.results import MetricInfo, Number, Report, Unit

TABLE = "drivers"
MOST = 12
"""Segments of an account; the others are told together."""


@dataclass(frozen=True)
class EffectLine:
    """
    total: how long its bar is, below zero or above; written: the same in words.
    notes: from what to what, and what of it is rate and what mix.
    tone: good or bad, if either.
    """

    name: str
    total: float
    written: str
    notes: Sequence[str] = ()
    tone: str = ""


@dataclass(frozen=True)
class ChangeAccount:
    """How a column, or the factors, account for a change; `whole` is the sum of all."""

    heading: str
    lines: Sequence[EffectLine]
    whole: EffectLine


@dataclass(frozen=True)
class ChangeTold:
    """title: the KPI; sub: from what to what, and how sure that is."""

    metric: str
    title: str
    sub: str
    accounts: Sequence[ChangeAccount]


def changes(records: Records, report: Report, speaker: Speaker) -> Iterator[ChangeTold]:
    """Each KPI of a table of drivers."""
    for metric, rows in groupby(records, key=lambda record: record["metric"]):
        yield _Teller(report.metrics.get(metric), report.currency, speaker).change(metric, [*rows])


@dataclass(frozen=True)
class _Teller:
    info: MetricInfo | None
    currency: str | None
    speaker: Speaker

    @property
    def unit(self) -> str:
        unit = (self.info and self.info.unit) or Unit.COUNT.value
        return (self.currency or unit) if unit == Unit.MONEY else unit

    def change(self, metric: str, rows: Records) -> ChangeTold:
        whole, *others = rows
        title = visible(self.speaker.say(self.info.title)) if self.info else metric
        if whole["total"] is None:
            return ChangeTold(metric, title, self._between(whole), [])
        last = EffectLine(self._say(text("render.sum")), float(whole["total"]), self._signed(whole))
        accounts = [
            ChangeAccount(self._heading(column), self._lines([*own]), last)
            for column, own in groupby(others, key=lambda row: row["column"])
        ]
        return ChangeTold(metric, title, self._sub(whole), accounts)

    def _sub(self, whole: Mapping[str, Any]) -> str:
        ends = self._ends(whole)
        change = self.speaker.change(whole["total"], self.unit, short=True)
        facts = [self._between(whole), f"{ends} ({change})"]
        if whole["change_low"] is not None:
            of = Unit.POINTS.value if self.unit == Unit.PERCENT else self.unit
            low, high = whole["change_low"], whole["change_high"]
            facts.append(
                self._say(
                    text(
                        "render.change_interval",
                        range=self.speaker.interval(low, high, of, cells.NOTHING),
                    )
                )
            )
            if low <= 0 <= high:
                facts.append(self._say(text("render.may_be_chance")))
        return " · ".join(facts)

    def _between(self, whole: Mapping[str, Any]) -> str:
        period, against = (self.speaker.period(whole[name]) for name in ("period", "against"))
        return visible(self._say(text("render.against", period=period, against=against)))

    def _heading(self, column: str | None) -> str:
        if column is None:
            return self._say(text("render.by_factors"))
        name = self._say(cells.column_name(column))
        return visible(self._say(text("render.by_column", column=name)))

    def _lines(self, rows: Records) -> list[EffectLine]:
        told = [
            EffectLine(
                self._name(row),
                float(row["total"]),
                self._signed(row),
                self._notes(row),
                self._tone(row),
            )
            for row in rows[:MOST]
        ]
        rest = rows[MOST:]
        if rest:
            total = fsum(float(row["total"]) for row in rest)
            name = self._say(text("render.others", count=len(rest)))
            told.append(EffectLine(name, total, self._signed({"total": total})))
        return told

    def _name(self, row: Mapping[str, Any]) -> str:
        if row["factor"]:
            return self._say(cells.column_name(row["factor"])).replace("_", " ")
        return self._say(cells.BLANK) if row["segment"] is None else visible(row["segment"])

    def _signed(self, row: Mapping[str, Any]) -> str:
        return self._effect(row["total"])

    def _effect(self, number: Number) -> str:
        of = Unit.POINTS.value if self.unit == Unit.PERCENT else self.unit
        return self.speaker.short(number, of, sign=True)

    def _notes(self, row: Mapping[str, Any]) -> list[str]:
        """From what to what, and which part is its own rate and which its share."""
        facts = [self._factor_ends(row) if row["factor"] else self._ends(row)]
        if row["rate_effect"] is not None:
            rate, mix = (self._effect(row[f"{name}_effect"]) for name in ("rate", "mix"))
            facts.append(self._say(text("render.rate_and_mix", rate=rate, mix=mix)))
        return [fact for fact in facts if fact]

    def _ends(self, row: Mapping[str, Any]) -> str:
        ends = (row["before"], row["after"])
        if ends == (None, None):
            return ""
        then, now = (
            cells.NOTHING if end is None else self.speaker.short(end, self.unit) for end in ends
        )
        return self._say(text("render.moved", before=then, after=now))

    def _factor_ends(self, row: Mapping[str, Any]) -> str:
        """Of factors of several kinds, plain numbers."""
        if row["before"] is None or row["after"] is None:
            return ""
        then, now = (self.speaker.bare(row[name]) for name in ("before", "after"))
        return self._say(text("render.moved", before=then, after=now))

    def _tone(self, row: Mapping[str, Any]) -> str:
        higher = self.info.higher_is_better if self.info else None
        if higher is None or not row["total"]:
            return ""
        return "good" if (row["total"] > 0) is higher else "bad"

    def _say(self, words: str) -> str:
        return self.speaker.say(words)
