"""A message: the same facts as a short text for a chat, and as lines that an e-mail lays out.

It holds counts and KPIs, and no row of a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crm_kpi.config.notify_block import ROWS, Recipient
from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import Message, text
from crm_kpi.notify.due import WRITTEN_TO, Due, DueFinding
from crm_kpi.render import as_html, cells, strokes
from crm_kpi.render.as_html import attention, period_facts
from crm_kpi.render.as_html.cards import Card
from crm_kpi.render.as_html.series import Series, series_of
from crm_kpi.render.basis import basis
from crm_kpi.render.outline import About
from crm_kpi.render.overview_choice import PERIODS
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import FindingLevel, Number, Rating, Report, Result

LONGEST = 2000
"""Characters of a text, its title too: what Zalo takes, and enough for a telephone."""
MOST_LINES = 20
_LONGEST_LINE = 240
_MOST_PROBLEMS = 5
_MARKS = {
    FindingLevel.MISSED: "✗",
    FindingLevel.WORSE: "▼",
    FindingLevel.WARNING: "~",
    FindingLevel.CHANGED: "!",
    FindingLevel.BETTER: "▲",
}
_RECOVERED = "✓"
_SHOWN = ("path", "line", "table", "tables", "column", "columns", "header", "option")
"""Values of a message about input that are no cell of it."""


@dataclass(frozen=True)
class NoticeLine:
    """One finding, or one value of a report.

    kind: bad, warn, note or good; empty for a value.
    level: the same in a word.
    """

    kind: str
    mark: str
    level: str
    title: str
    value: str
    why: str
    spark: str = ""

    def __str__(self) -> str:
        start = " ".join(filter(None, (self.mark, self.title, self.value)))
        return _cut(": ".join(filter(None, (start, self.why))), _LONGEST_LINE)


@dataclass(frozen=True)
class Notice:
    """
    facts: how many goals are met, until when is known.
    lines: the findings. values: of a report on every run, what else there is.
    more: what is not shown.
    """

    title: str
    language: str
    facts: str = ""
    lines: Sequence[NoticeLine] = ()
    values: Sequence[NoticeLine] = ()
    more: Sequence[str] = ()

    @property
    def body(self) -> str:
        """The text below the title; lines that have no room are counted."""
        speaker = Speaker(self.language)
        end = [self.facts] if self.facts else []
        lines = [*map(str, self.lines), *map(str, self.values)]
        for left_out in range(len(lines) + 1):
            shown = lines[: len(lines) - left_out]
            more = [speaker.say(text("notify.more", count=left_out))] if left_out else []
            body = "\n".join([*shown, *more, *self.more, *end])
            if len(self.title) + 1 + len(body) <= LONGEST:
                return body
        return _cut(body, LONGEST - len(self.title) - 1)


class NoticeWriter:
    """Writes what is due to whoever it is for, in their language."""

    def __init__(
        self,
        report: Report,
        about: Mapping[str, About],
        lists: Mapping[str, str],
        language: str,
    ) -> None:
        self._report, self._lists = report, lists
        self._speaker = Speaker(language)
        self._series = series_of(report.results, report.asked)
        self._cards = {
            name: Card(one, about[name], self._speaker) for name, one in self._series.items()
        }

    def notice(self, due: Due, recipient: Recipient) -> Notice:
        speaker, report = self._speaker, self._report
        shown = due.findings[:MOST_LINES]
        lines = [self._finding(one, recipient) for one in shown]
        lines += [self._recovered(result) for result in due.recovered[:MOST_LINES]]
        more = len(due.findings) - len(shown)
        said = [text("notify.more", count=more)] if more else []
        said += [text("notify.known", count=due.known)] if due.known else []
        said += [text("notify.readable")] if due.readable else []
        every_run = recipient.when == "always"
        if every_run and not lines:
            said.insert(0, text("notify.all_well"))
        return Notice(
            title=_cut(f"{period_facts.title(report, speaker)}: {self._period}", _LONGEST_LINE),
            language=speaker.language,
            facts=" · ".join(basis(report, speaker, *self._goals())),
            lines=lines,
            values=self._values(due) if every_run else (),
            more=[speaker.say(one) for one in said],
        )

    @property
    def _period(self) -> str:
        """Of the numbers; of lists alone the day of which they are."""
        numbers = {name: one for name, one in self._series.items() if name not in self._lists}
        return period_facts.period(numbers or self._series, self._speaker)

    def _goals(self) -> list[Message]:
        rated = [
            part.shown.rating
            for name, one in self._series.items()
            if name not in self._lists
            for part in (one, *one.segments)
            if part.shown.rating
        ]
        met = sum(rating is Rating.MET for rating in rated)
        return [text("render.goals_met", met=met, count=len(rated))] if rated else []

    def _finding(self, due: DueFinding, recipient: Recipient) -> NoticeLine:
        finding, speaker = due.finding, self._speaker
        card = self._cards[finding.metric]
        mark, (kind, level) = _MARKS[finding.level], attention.LEVELS[finding.level]
        why: Message = attention.reason(finding, card.unit, speaker)
        if due.rows is not None:
            level, why = text("notify.to_do"), self._of_list(due, recipient)
        word = speaker.say(level)  # which may have a mark of its own
        return NoticeLine(
            kind=kind,
            mark=mark,
            level=word.removeprefix(mark).lstrip(),
            title=self._title(finding.metric, finding.segment),
            value=self._value(due, card.unit),
            why=speaker.say(why),
            spark="" if finding.segment or due.rows is not None else self._spark(finding.metric),
        )

    def _value(self, due: DueFinding, unit: str) -> str:
        """Of customers to write to those that are new: the others have been handed over."""
        finding = due.finding
        if due.rows is not None and self._lists[finding.metric] in WRITTEN_TO:
            return self._speaker.count(len(due.rows))
        return self._speaker.short(finding.value, unit, limits=(finding.target,))

    def _of_list(self, due: DueFinding, recipient: Recipient) -> Message:
        """How many of the rows are due, where not all are, and where they are seen."""
        metric, count = due.finding.metric, len(due.rows or ())
        analysis = self._lists[metric]
        if ROWS in recipient.attach:
            where = text("notify.in_file", file=f"{metric}.csv")
        else:
            where = text("notify.by_command", command=f"crm-kpi {metric.replace('_', '-')}")
            if metric != analysis:
                where = text("notify.by_command", command=f"crm-kpi report {metric}")
        if analysis in WRITTEN_TO:
            return text("notify.to_write", where=where)
        if count == due.finding.value:
            return where
        return text("notify.due_rows", count=count, where=where)

    def _recovered(self, result: Result) -> NoticeLine:
        speaker = self._speaker
        why = text("notify.usual_again")
        if result.target is not None and result.metric not in self._lists:
            goal = speaker.short(result.target, result.unit)
            why = text("notify.at_goal_again", goal=goal)
        elif result.metric in self._lists:
            why = text("notify.done")
        return NoticeLine(
            kind="good",
            mark=_RECOVERED,
            level=speaker.say(text("notify.recovered")),
            title=self._title(result.metric, result.segment),
            value=speaker.short(result.value or 0, result.unit, limits=(result.target,)),
            why=speaker.say(why),
            spark="" if result.segment else self._spark(result.metric),
        )

    def _values(self, due: Due) -> list[NoticeLine]:
        """The headline of the report, but for what is told already."""
        told = {one.finding.metric for one in due.findings}
        cards = as_html.headline_cards(self._report, self._cards)
        return [
            NoticeLine("", "", "", card.title, card.value, card.change, self._spark(card.id))
            for card in cards
            if card.id not in told and card.id not in self._lists
        ]

    def _title(self, metric: str, segment: Mapping[str, str | None]) -> str:
        parts = [cells.segment(segment, name, self._speaker) for name in segment]
        return ", ".join([self._cards[metric].title, *parts])

    def _spark(self, metric: str) -> str:
        return strokes.sparkline(_history(self._series[metric]))


def _history(series: Series) -> Sequence[Number | None]:
    until = [result for result in series.drawn if result.end <= series.shown.end]
    return [result.value for result in until[-PERIODS:]]


def unreadable(error: DataError, title: str | None, language: str) -> Notice:
    """That there is no report, and why; not what stands in a cell."""
    speaker = Speaker(language)
    problems = error.problems[:_MOST_PROBLEMS]
    lines = [speaker.say(without_cells(error.message))]
    lines += [_place(problem, language) for problem in problems]
    more = len(error.problems) - len(problems)
    said = [speaker.say(text("notify.more", count=more))] if more else []
    name = visible(speaker.say(title or text("render.title")))
    return Notice(
        title=_cut(speaker.say(text("notify.unreadable", title=name)), _LONGEST_LINE),
        language=language,
        lines=[
            NoticeLine("bad", "✗", "", _cut(visible(line), _LONGEST_LINE), "", "") for line in lines
        ],
        more=said,
    )


def _place(problem: Problem, language: str) -> str:
    shown = replace(problem, value=None, hint=None, reason=without_cells(problem.reason))
    return shown.in_language(language)


def trial(language: str, name: str) -> Notice:
    """One short line, to see whether it arrives."""
    speaker = Speaker(language)
    return Notice(
        title=speaker.say(text("notify.trial_title")),
        language=language,
        more=[speaker.say(text("notify.trial", name=name))],
    )


def without_cells(message: str) -> str:
    """A message of what is wrong with input, with … for every text that may come from a cell."""
    if not isinstance(message, Message):
        return message
    values = {name: _without_cells(name, value) for name, value in message.values.items()}
    return Message(message.key, values)


def _without_cells(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_without_cells(name, one) for one in value)
    if isinstance(value, Message):
        return without_cells(value)
    if name in _SHOWN or not isinstance(value, str):
        return value
    return "…"


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
