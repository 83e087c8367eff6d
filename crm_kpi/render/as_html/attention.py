"""What a reader should know first: the findings of the answer, and how far every goal is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crm_kpi.messages import Message, text
from crm_kpi.render import cells
from crm_kpi.render.as_html.cards import RATED, Card, Pill
from crm_kpi.render.as_html.series import Series
from crm_kpi.render.bar_charts import on_scale, ring, thermometer
from crm_kpi.render.outline import About
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg
from crm_kpi.render.text import visible
from crm_kpi.results import (
    FindingLevel,
    GoalShape,
    KpiFinding,
    Number,
    Rating,
    Report,
    Result,
    Unit,
)

MOST_FINDINGS = 10
MOST_GOALS = 12
LEVELS = {
    FindingLevel.MISSED: ("bad", text("render.missed")),
    FindingLevel.WORSE: ("bad", text("page.worse")),
    FindingLevel.WARNING: ("warn", text("render.warning")),
    FindingLevel.CHANGED: ("note", text("page.changed")),
    FindingLevel.BETTER: ("good", text("page.better")),
}
BAD = (FindingLevel.MISSED, FindingLevel.WORSE, FindingLevel.WARNING)
_ROOM = 1.15
"""A scale ends so far beyond what is drawn on it."""


@dataclass(frozen=True)
class FindingLine:
    metric: str
    title: str
    pill: Pill
    why: str
    value: str
    beside: str
    spark: Svg


@dataclass(frozen=True)
class GoalLine:
    """One goal; show is bar, ring or thermometer."""

    metric: str
    title: str
    value: str
    kind: str
    rated: str
    goal: str
    show: str
    figure: Svg
    way: str = ""
    weight: str = ""
    children: Sequence[GoalLine] = ()


def findings(
    report: Report, cards: Mapping[str, Card], speaker: Speaker
) -> tuple[list[FindingLine], list[FindingLine]]:
    """What is bad, and what else there is to know."""
    bad: list[FindingLine] = []
    others: list[FindingLine] = []
    shown = [finding for finding in report.findings if finding.metric in cards]
    for finding in shown[:MOST_FINDINGS]:
        (bad if finding.level in BAD else others).append(_told(finding, cards, speaker))
    return bad, others


def more_findings(report: Report, known: Collection[str], speaker: Speaker) -> str:
    """How many findings of these KPIs are not shown."""
    more = sum(finding.metric in known for finding in report.findings) - MOST_FINDINGS
    return speaker.say(text("page.more_findings", count=more)) if more > 0 else ""


def _told(finding: KpiFinding, cards: Mapping[str, Card], speaker: Speaker) -> FindingLine:
    card = cards[finding.metric]
    kind, level = LEVELS[finding.level]
    parts = [cells.segment(finding.segment, name, speaker) for name in finding.segment]
    limits = (finding.target,)
    beside = card.goal_said if finding.target is not None else card.before
    return FindingLine(
        metric=finding.metric,
        title=", ".join([card.title, *parts]),
        pill=Pill(kind, speaker.say(level)),
        why=speaker.say(reason(finding, card.unit, speaker)),
        value=speaker.short(finding.value, card.unit, limits=limits),
        beside="" if parts else beside,
        spark=Svg() if parts else card.spark,
    )


def reason(finding: KpiFinding, unit: str, speaker: Speaker) -> Message:
    """What there is to say, its numbers in words."""

    def spoken(name: str, number: Number) -> str:
        difference = name == "gap" and unit == Unit.PERCENT
        return speaker.short(number, Unit.POINTS if difference else unit)

    return finding.in_words(spoken)


class GoalLines:
    """All goals of an answer; those that are part of another stand below it."""

    def __init__(
        self,
        report: Report,
        series: Mapping[str, Series],
        about: Mapping[str, About],
        speaker: Speaker,
    ) -> None:
        self._shapes, self._series = report.asked.goals, series
        self._about, self._speaker = about, speaker

    @property
    def lines(self) -> list[GoalLine]:
        return [*self._lines()][:MOST_GOALS]

    @property
    def more(self) -> str:
        more = len([*self._lines()]) - MOST_GOALS
        return self._speaker.say(text("page.more_goals", count=more)) if more > 0 else ""

    @property
    def met(self) -> str:
        rated = [result for result in self._rated() if result.rating]
        if not rated:
            return ""
        met = sum(result.rating is Rating.MET for result in rated)
        return self._speaker.say(text("render.goals_met", met=met, count=len(rated)))

    def _rated(self) -> Iterator[Result]:
        for one in self._series.values():
            for part in (one, *one.segments):
                if part.shown.target is not None:
                    yield part.shown

    def _lines(self) -> Iterator[GoalLine]:
        shapes = (self._shapes.get(name, GoalShape()) for name in self._series)
        below = {name for shape in shapes for name, _ in shape.children}
        for result in self._rated():
            if result.segment or result.metric not in below:
                yield self._line(result)

    def _line(self, result: Result, weight: Number | None = None) -> GoalLine:
        speaker, about = self._speaker, self._about[result.metric]
        shape = self._shapes.get(result.metric, GoalShape())
        parts = [cells.segment(result.segment, name, speaker) for name in result.segment]
        children = () if result.segment else shape.children
        show = shape.show
        if result.progress is None and show == "ring":
            show = "bar"  # there is no way on which one could be
        goal = cells.goal(result.target, result.unit, about.higher_is_better, speaker)
        return GoalLine(
            metric=result.metric,
            title=", ".join([visible(speaker.say(about.title)), *parts]),
            value=cells.value(result, speaker),
            kind=RATED[result.rating] if result.rating else "",
            rated=speaker.say(cells.RATINGS[result.rating]) if result.rating else "",
            goal=speaker.say(text("check.goal", goal=goal + speaker.suffix(result.unit))),
            show=show,
            figure=self._figure(result, show),
            way=self._way(result),
            weight=""
            if weight is None
            else speaker.say(text("page.weight", weight=speaker.bare(weight))),
            children=[
                self._line(self._series[name].shown, weight)
                for name, weight in children
                if name in self._series
            ],
        )

    def _way(self, result: Result) -> str:
        """How far it is, where that is not the value itself."""
        if result.progress is None or result.progress == result.value:
            return ""
        progress = self._speaker.amount(result.progress, Unit.PERCENT, limits=(100,))
        return self._speaker.say(text("page.of_the_way", progress=progress))

    def _figure(self, result: Result, show: str) -> Svg:
        if result.value is None or result.target is None:
            return Svg()
        kind = RATED[result.rating] if result.rating else ""
        if show == "ring" and result.progress is not None:
            said = self._speaker.amount(result.progress, Unit.PERCENT, limits=(100,))
            return ring(float(result.progress) / 100, said, kind)
        value, target = float(result.value), float(result.target)
        low, high = _scale(value, target, result.unit)
        draw = thermometer if show == "thermometer" else on_scale
        return draw(value, target, low, high, kind)


def _scale(value: float, target: float, unit: str) -> tuple[float, float]:
    """From where to where a goal is drawn."""
    if unit == Unit.PERCENT and min(value, target) >= 0 and max(value, target) <= 100:
        return 0, 100
    return min(0.0, value, target) * _ROOM, max(0.0, value, target) * _ROOM
