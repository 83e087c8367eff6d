"""A KPI as a card: what is seen at once, and what opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.as_html.accounts import account_charts
from crm_kpi.render.as_html.series import Series, drawable
from crm_kpi.render.bar_charts import Bar, bars, share_bar
from crm_kpi.render.benchmark_line import benchmark_lines
from crm_kpi.render.change_told import ChangeTold
from crm_kpi.render.charts import Track, spark, trend
from crm_kpi.render.numbers import plain
from crm_kpi.render.outline import About
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg
from crm_kpi.render.text import visible
from crm_kpi.results import Number, Rating, Result, Status, UnusualSide

MOST_LISTED = 26
"""Periods that are listed in a card."""
MOST_SEGMENTS = 12
"""Segments of a card; the others are counted."""
_IN_WORDS = 6
"""Values that a chart is described by."""

_SIDES = {
    UnusualSide.WORSE: ("bad", text("page.worse")),
    UnusualSide.CHANGED: ("note", text("page.changed")),
    UnusualSide.BETTER: ("good", text("page.better")),
}
RATED = {Rating.MET: "good", Rating.WARNING: "warn", Rating.MISSED: "bad"}
"""The class of what is rated so."""


@dataclass(frozen=True)
class Pill:
    kind: str
    label: str


@dataclass(frozen=True)
class Sorted:
    """A cell of a table that is sorted: what is seen, and by what; none stands last."""

    label: str
    key: str = ""
    kind: str = ""


@dataclass(frozen=True)
class SegmentRow:
    name: str
    value: Sorted
    bar: Svg
    change: Sorted
    n: Sorted
    few: str
    spark: Svg


@dataclass(frozen=True)
class PeriodRow:
    period: str
    value: str
    change: str
    interval: str
    n: str
    kind: str
    note: str


class Card:
    """One KPI of a page, in the words of its language."""

    def __init__(
        self, series: Series, about: About, speaker: Speaker, told: ChangeTold | None = None
    ) -> None:
        """told: why it moved, where that is asked for."""
        self.id, self.shown, self.unit = series.metric, series.shown, series.shown.unit
        self._series, self._about, self._speaker = series, about, speaker
        self.title = visible(speaker.say(about.title))
        self.domain = speaker.say(about.domain)
        self._told = told

    @property
    def has_value(self) -> bool:
        return self.shown.value is not None

    @property
    def value(self) -> str:
        return self._short(self.shown)

    @property
    def exact(self) -> str:
        return cells.value(self.shown, self._speaker)

    @property
    def raw(self) -> str:
        """As machines read it, for sorting."""
        return raw(self.shown.value)

    @property
    def change(self) -> str:
        change = self.shown.change
        return "" if change is None else self._speaker.change(change, self.unit, short=True)

    @property
    def raw_change(self) -> str:
        return raw(self.shown.change)

    @property
    def tone(self) -> str:
        return tone(self.shown, self._about)

    @property
    def period(self) -> str:
        return visible(self._speaker.period(self.shown.period))

    @property
    def before(self) -> str:
        if self.shown.previous is None:
            return ""
        value = self._speaker.short(self.shown.previous, self.unit)
        return self._speaker.say(text("page.from", value=value))

    @property
    def goal(self) -> str:
        """`≥ 90.0 %`"""
        shown = self.shown
        if shown.target is None:
            return ""
        goal = cells.goal(shown.target, self.unit, self._about.higher_is_better, self._speaker)
        return goal + self._speaker.suffix(self.unit)

    @property
    def goal_said(self) -> str:
        return self._speaker.say(text("check.goal", goal=self.goal)) if self.goal else ""

    @property
    def raw_goal(self) -> str:
        return raw(self.shown.target)

    @property
    def interval(self) -> str:
        return self._interval(self.shown)

    @property
    def raw_low(self) -> str:
        return raw(self.shown.low)

    @property
    def interval_said(self) -> str:
        if not self.interval:
            return ""
        return self._speaker.say(text("page.interval", interval=self.interval))

    @property
    def usual(self) -> str:
        low, high = self.shown.usual_low, self.shown.usual_high
        if low is None or high is None:
            return ""
        ends = [self._speaker.short(end, self.unit) for end in (low, high)]
        return self._speaker.say(text("page.usual", low=ends[0], high=ends[1]))

    @property
    def n(self) -> str:
        return "" if self.shown.n is None else self._speaker.count(self.shown.n)

    @property
    def raw_n(self) -> str:
        return raw(self.shown.n)

    @property
    def state(self) -> str:
        """What to mind about the value, in a word or two."""
        if self.shown.status is Status.LOW_N:
            return self._speaker.say(text("page.few"))
        if self.shown.status is Status.PENDING:
            return self._speaker.say(text("render.pending"))
        if self.shown.partial:
            return self._speaker.say(text("render.partial"))
        return ""

    @property
    def reason(self) -> str:
        """Why there is no value."""
        reason = self.shown.reason or (None if self.has_value else text("render.no_data"))
        return visible(self._speaker.say(reason)) if reason else ""

    @property
    def pill(self) -> Pill | None:
        shown = self.shown
        if shown.rating:
            said = self._speaker.say(cells.RATINGS[shown.rating])
            return Pill(RATED[shown.rating], said)
        if shown.unusual_side:
            kind, said = _SIDES[shown.unusual_side]
            return Pill(kind, self._speaker.say(said))
        return None

    @property
    def first(self) -> str:
        return self._axis(self._series.drawn[0])

    @property
    def last(self) -> str:
        return self._axis(self._series.drawn[-1])

    @cached_property
    def track(self) -> Track:
        return self._series.track

    @cached_property
    def spark(self) -> Svg:
        return spark(self.track)

    @property
    def small(self) -> Svg:
        """The line alone, for a table."""
        return spark(self._series.line, 26)

    @property
    def trend(self) -> Svg:
        drawn, speaker = self._series.drawn, self._speaker
        if len(drawn) < 2:
            return Svg()
        texts = [self._short(result) for result in drawn]
        last = [
            f"{visible(speaker.period(result.period))} {said}"
            for result, said in [*zip(drawn, texts, strict=True)][-_IN_WORDS:]
        ]
        label = speaker.say(text("page.in_words", title=self.title, values=", ".join(last)))
        names = [self._axis(result) for result in drawn]
        return trend(self.track, names, texts, label, tick(self.unit, speaker), self.goal)

    @property
    def formula(self) -> str:
        return visible(self._speaker.say(self._about.formula), keep_layout=True)

    @property
    def backtest(self) -> str:
        """How the past was predicted, of what is predicted."""
        return visible(self._speaker.say(self._about.backtest)) if self._about.backtest else ""

    @property
    def definition(self) -> str:
        return visible(cells.definition(self.shown.definition, self._speaker))

    @property
    def moved(self) -> str:
        """From what to what it has moved, where its drivers are told."""
        return self._told.sub if self._told and self.drivers else ""

    @cached_property
    def drivers(self) -> Sequence[tuple[str, Svg]]:
        """A chart for each account of its change."""
        return account_charts(self._told) if self._told else ()

    @property
    def benchmark(self) -> str:
        return next(iter(benchmark_lines([self.shown], self._speaker)), "")

    @property
    def components(self) -> str:
        words = cells.components(self.shown.components, self._speaker)
        return visible(words.replace("_", " "))  # names of ours, as in JSON

    @property
    def has_intervals(self) -> bool:
        return any(result.low is not None for result in self._series.all[:MOST_LISTED])

    @property
    def periods(self) -> Iterator[PeriodRow]:
        """The latest first."""
        for result in self._series.all[:MOST_LISTED]:
            change = result.change
            yield PeriodRow(
                period=visible(self._speaker.period(result.period)),
                value=cells.value(result, self._speaker),
                change="" if change is None else self._speaker.change(change, self.unit),
                interval=self._interval(result),
                n="" if result.n is None else self._speaker.count(result.n),
                kind=RATED[result.rating] if result.rating else "",
                note=self._note(result),
            )

    @property
    def earlier(self) -> str:
        """How many periods are not listed."""
        more = len(self._series.all) - MOST_LISTED
        return self._speaker.say(text("page.later_periods", count=more)) if more > 0 else ""

    @property
    def by(self) -> str:
        """What the segments are of."""
        segments = self._series.segments
        columns = segments[0].shown.segment if segments else ()
        names = (visible(self._speaker.say(cells.column_name(name))) for name in columns)
        return ", ".join(names)

    @property
    def segments(self) -> list[SegmentRow]:
        """Those with the most cases."""
        kept = [part for part in self._largest() if part.shown.value is not None]
        kept = kept[:MOST_SEGMENTS]
        values = [v for part in kept for v in part.track.values if v is not None]
        most = max((abs(float(part.shown.value or 0)) for part in kept), default=0) or 1
        frame = (min(values), max(values)) if values else None
        return [self._segment(part, most, frame) for part in kept]

    @property
    def segment_bars(self) -> Svg:
        """Their values as bars; nothing where one is below zero, which a bar cannot show."""
        rows = [
            Bar(self._segment_name(part.shown), float(part.shown.value), self._short(part.shown))
            for part in self._largest()
            if part.shown.value is not None
        ][:MOST_SEGMENTS]
        there = rows and all(row.value >= 0 for row in rows)
        return bars(rows, self.by, room=0.7) if there else Svg()

    @property
    def others(self) -> str:
        """How many segments are not among them."""
        more = len(self._series.segments) - len(self.segments)
        return self._speaker.say(text("page.others", count=more)) if more else ""

    def _largest(self) -> list[Series]:
        return sorted(self._series.segments, key=lambda part: -(part.shown.n or 0))

    def _segment(self, part: Series, most: float, frame: tuple[float, float] | None) -> SegmentRow:
        shown, speaker = part.shown, self._speaker
        change = shown.change
        return SegmentRow(
            name=self._segment_name(shown),
            value=Sorted(
                self._short(shown), raw(shown.value), RATED[shown.rating] if shown.rating else ""
            ),
            bar=share_bar(value / most) if (value := drawable(shown.value) or 0) >= 0 else Svg(),
            change=Sorted(
                "" if change is None else speaker.change(change, self.unit, short=True),
                raw(change),
                tone(shown, self._about),
            ),
            n=Sorted("" if shown.n is None else speaker.count(shown.n), raw(shown.n)),
            few=speaker.say(text("page.few")) if shown.status is Status.LOW_N else "",
            spark=spark(part.line, 26, frame),
        )

    def _segment_name(self, result: Result) -> str:
        names = (cells.segment(result.segment, name, self._speaker) for name in result.segment)
        return " · ".join(names)

    def _short(self, result: Result) -> str:
        if result.value is None:
            return cells.NOTHING
        limits = (result.target, result.warning)
        return self._speaker.short(result.value, self.unit, limits=limits)

    def _interval(self, result: Result) -> str:
        if result.low is None and result.high is None:
            return ""
        return self._speaker.interval(result.low, result.high, self.unit, cells.NOTHING)

    def _axis(self, result: Result) -> str:
        return visible(self._speaker.period(result.period, axis=True))

    def _note(self, result: Result) -> str:
        said = [text("render.partial")] if result.partial else []
        words: Sequence[str] = [*said, *([result.reason] if result.reason else [])]
        return " · ".join(visible(self._speaker.say(word)) for word in words)


def raw(number: Number | None) -> str:
    """A number as machines read it; empty where there is none."""
    return "" if number is None else plain(number)


def tone(result: Result, about: About) -> str:
    """Whether a change is for the better."""
    if not result.change or about.higher_is_better is None:
        return ""
    return "good" if (result.change > 0) == about.higher_is_better else "bad"


def tick(unit: str, speaker: Speaker) -> Callable[[float], str]:
    """What writes the numbers beside an axis."""
    return lambda value: speaker.tick(value, unit)
