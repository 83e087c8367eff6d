"""What an end is: the last day of what ends, or the first day without.

Of the end of a subscription and of a trial the strongest of these that is there decides: the next
row of the same customer begins a day later, or on the same day; nearly all ends are last days of
a month, and starts first ones; the header speaks of expiry; else it is the first day without.
The day on which a customer left, or on which something was canceled, is the first day without
unless its header says last day. What has a time of day is a moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import KEPT, How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.interval_words import tokens
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has, plan_header
from crm_kpi.sources.names import key
from crm_kpi.sources.spec import ReadOptions

INCLUSIVE, EXCLUSIVE = "inclusive", "exclusive"

_ENDS: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("end_date", "trial_end"),
    "customers": ("churn_date",),
}
_EVENTS = ("churn_date", "canceled_at")
"""Of these the header alone can say that they are last days."""
_WORDS = Path(__file__).parent / "words" / "last_days.json"
_TIME = r"[0-9]:[0-9]{2}"
_NIGHT = r"\b(?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)\b"
_CONTRADICT = 0.05
"""Share of the next rows above which it is open what they prove."""
_MONTHS = 0.9
_ENOUGH = 2
"""Rows that prove something: one may do so by chance."""
_DAY = timedelta(days=1)

Decision = tuple[str, How, Message]
"""What an end is, how that is known, and on what evidence."""


@cache
def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tokens(phrase) for phrase in json.loads(_WORDS.read_text("utf-8"))[name])


def _says(header: str, name: str) -> bool:
    words = tokens(header)
    return any(
        words[at : at + len(phrase)] == phrase
        for phrase in _phrases(name)
        for at in range(len(words) - len(phrase) + 1)
    )


class LastDays(Question):
    """Whether ends are last days, or first days without."""

    name = "end"
    title = text("meaning.ends")
    tables = frozenset(_ENDS)
    in_parts = True
    is_proved = False

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.moments: set[str] = set()
        self.told: dict[Reading, int] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        subscriptions = view.table.name == "subscriptions"
        if subscriptions and has(view, "end_date"):
            return HeaderAnswer(reads=plan_header(view))
        return HeaderAnswer()

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        ends = _ENDS[block.table.name]
        there = any(name in part.reads for part in block.parts for name in ends)
        proved = block.spec.end is None and block.table.name == "subscriptions"
        return there and proved == cls.is_proved

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for name in _ENDS[view.table.name]:
            header = str(view.spec.columns.get(name, name))
            told = view.spec.end == INCLUSIVE
            last = _says(header, "last_day" if name in _EVENTS else "expiry")
            if header in view.headers and (told or (last and view.spec.end is None)):
                return text("meaning.ends_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        for name in _ENDS[self.block.table.name]:
            if name in frame.columns and _has_times(frame[name]):
                self.moments.add(name)
        return frame

    def rows(self, rows: BlockRows) -> None:
        for name in _ENDS[self.block.table.name]:
            if name not in rows.frame.columns or name in self.moments:
                continue
            header = (self.block.headers(name) or (name,))[0]
            if self.block.spec.end is not None:
                option = f"sources.{self.block.table.name}.end"
                why = text("meaning.by_option", option=option)
                decision: Decision = (self.block.spec.end, How.DECLARED, why)
                decision = self._contradicted(rows, name) or decision
            else:
                proof = self._proof(rows, name) if name not in _EVENTS else None
                decision = proof or _by_header(header, name)
            what, how, why = decision
            there = rows.frame[name].is_not_null()
            if what == INCLUSIVE:
                rows.frame = rows.frame.with_columns(pl.col(name) + _DAY)
            if what == INCLUSIVE or (how is not How.CONVENTIONAL or key(header) != key(name)):
                self._tell(header, decision, int(there.sum()))

    def _contradicted(self, rows: BlockRows, name: str) -> Decision | None:
        """What is declared, where all rows prove the other."""
        told = self._by_next(rows, name) if rows.whole else None
        if told is None or told[1] is not How.PROVED or told[0] == self.block.spec.end:
            return None
        assert self.block.spec.end is not None
        return self.block.spec.end, How.OPEN, told[2]

    def _tell(self, header: str, decision: Decision, rows: int) -> None:
        what, how, why = decision
        last = what == INCLUSIVE
        outcomes: tuple[Outcome, ...] = ()
        declared = self.block.spec.end
        if how is How.OPEN and declared is not None:
            kept = text("meaning.last_day_kept") if last else text("meaning.first_without_kept")
            other = text("meaning.first_without") if last else text("meaning.last_day")
            option = f"sources.{self.block.table.name}.end"
            outcomes = (
                Outcome(kept, *KEPT),
                Outcome(other, option, EXCLUSIVE if last else INCLUSIVE),
            )
        elif how is How.OPEN:
            option = f"sources.{self.block.table.name}.end"
            outcomes = (
                Outcome(text("meaning.first_without"), option, EXCLUSIVE),
                Outcome(text("meaning.last_day"), option, INCLUSIVE),
            )
        reading = Reading(
            header,
            text("meaning.last_day") if last else text("meaning.first_without"),
            how,
            why,
            outcomes=outcomes,
            short=text("meaning.last_day_short", column=header) if last else None,
        )
        self.told[reading] = self.told.get(reading, 0) + rows

    def _proof(self, rows: BlockRows, name: str) -> Decision | None:
        by_rows = self._by_next(rows, name)
        if by_rows is not None or not {"end_date", "start_date"} <= set(rows.frame.columns):
            return by_rows
        if name != "end_date":
            return None
        ended = rows.frame.filter(
            pl.col("end_date").is_not_null(), pl.col("start_date").is_not_null()
        )
        if ended.height >= _ENOUGH and (
            ended.select(
                (pl.col("end_date") == pl.col("end_date").dt.month_end()).mean().alias("ends"),
                (pl.col("start_date").dt.day() == 1).mean().alias("starts"),
            )
            .select(pl.min_horizontal("ends", "starts"))
            .item()
            >= _MONTHS
        ):
            return INCLUSIVE, How.PROVED, text("meaning.ends_of_months")
        return None

    def _by_next(self, rows: BlockRows, name: str) -> Decision | None:
        """What the next rows of the same customers prove."""
        frame = rows.frame
        if name != "end_date" or not {"customer_id", "start_date"} <= set(frame.columns):
            return None
        plans = [plan for plan in map(rows.text, self.asked) if plan is not None]
        whole = frame.select("customer_id", "start_date", "end_date").with_columns(
            plan=plans[0] if plans else pl.lit("")
        )
        whole = whole.filter(
            pl.col("customer_id").is_not_null(), pl.col("start_date").is_not_null()
        )
        same = ["customer_id", "plan"]
        # Most customers often have one row; hashes are compared sooner than texts.
        whole = whole.filter(pl.struct(same).hash().is_duplicated())
        gap = pl.col("start_date").shift(-1).over(same) - pl.col("end_date")
        ends = whole.sort(*same, "start_date", "end_date")
        gaps = ends.select(gap.dt.total_days().alias("gap"))["gap"]
        gaps = gaps.filter((gaps >= 0).fill_null(value=False))
        return _by_next_rows(int((gaps == 1).sum()), int((gaps == 0).sum()), len(gaps))

    def readings(self) -> Iterable[Reading]:
        return [replace(reading, rows=rows) for reading, rows in self.told.items()]


class ProvedLastDays(LastDays):
    """The same of ends of which the rows may prove what they are."""

    name = "ends"
    in_parts = False
    is_proved = True


def _by_next_rows(later: int, same: int, following: int) -> Decision | None:
    """What the next rows of the same customers prove, where enough of them begin when one ends.

    Args:
        later: rows after which the next begins on the day after their end.
        same: those after which it begins on the day of their end.
        following: all after which one begins at all.
    """
    both = later + same
    if both < _ENOUGH or (2 * both < following and (both < 10 or 10 * both < following)):
        return None
    counts = text("meaning.next_rows", later=later, same=same)
    if min(later, same) > _CONTRADICT * both:
        return EXCLUSIVE, How.OPEN, counts
    return (INCLUSIVE if later > same else EXCLUSIVE), How.PROVED, counts


def _by_header(header: str, name: str) -> Decision:
    if _says(header, "last_day" if name in _EVENTS else "expiry"):
        return INCLUSIVE, How.CONVENTIONAL, text("meaning.header_says")
    return EXCLUSIVE, How.CONVENTIONAL, text("meaning.no_last_day")


def _has_times(column: pl.Series) -> bool:
    """Whether a value has a time of day other than midnight."""
    if column.dtype == pl.String:
        written = column.str.contains(_TIME) & ~column.str.contains(_NIGHT)
        return bool(written.any())
    if isinstance(column.dtype, pl.Datetime):
        return bool((column != column.dt.truncate("1d")).any())
    return False
