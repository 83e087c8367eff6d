"""The overview: one screen, what is bad first, then a line a KPI under the heading of its domain.

It shows the last whole period; `--detail` has the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from crm_kpi.messages import Message, joined, text
from crm_kpi.render import cells, overview_choice
from crm_kpi.render.basis import basis
from crm_kpi.render.blocks import rule, skipped_block, wrapped
from crm_kpi.render.grid import padded
from crm_kpi.render.kpi_lines import (
    NARROW,
    KpiLine,
    kpi_lines,
    layout,
    line_of,
    starred,
)
from crm_kpi.render.matrix import matrix
from crm_kpi.render.outline import About, shows_skipped
from crm_kpi.render.overview_choice import KpiRow, OverviewChoice
from crm_kpi.render.screen import Line, Screen, cell_width, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.table_block import table_block
from crm_kpi.render.text import visible
from crm_kpi.results import FindingLevel, KpiFinding, Number, Rating, Report, Status, Unit

_LEVELS = {
    FindingLevel.MISSED: ("✗", "red"),
    FindingLevel.WORSE: ("!", "red"),
    FindingLevel.WARNING: ("~", "yellow"),
    FindingLevel.CHANGED: ("!", "cyan"),
    FindingLevel.BETTER: ("+", "green"),
}
_BAD = (FindingLevel.MISSED, FindingLevel.WORSE, FindingLevel.WARNING)
_WIDEST = 120
"""Columns of a heading's rule: on a wider screen the lines below are no longer either."""
_MOST = 10
"""Findings that are shown; of the others their number is."""
_NARROWEST = 24
"""Columns in which a reason can be read; with fewer it stands beneath."""


def write(
    report: Report,
    stream: TextIO,
    about: Mapping[str, About],
    *,
    verbose: bool = False,
    language: str = "en",
) -> None:
    screen = Screen.of(stream)
    lines: list[Line] = []
    for block in blocks(report, about, screen, language, verbose=verbose):
        if lines:
            lines.append([])
        lines += block
    emit(lines, stream, colour=screen.colour)


def blocks(
    report: Report,
    about: Mapping[str, About],
    screen: Screen,
    language: str,
    *,
    verbose: bool = False,
) -> Iterator[Sequence[Line]]:
    """The parts of the overview, between which a line is left free."""
    speaker = Speaker(language)
    choice = overview_choice.choose(report, about)
    if report.results:
        yield [*_header(report, choice, screen.width, speaker)]
        if report.findings:
            yield [*_findings(report, about, screen.width, speaker)]
        segmented = {result.metric for result in report.results if result.segment}
        if segmented:
            yield from _by_segment(report, choice, about, screen, speaker)
        else:
            yield [*_domains(choice, report, about, screen, speaker)]
        footer = [*_footer(choice, report, screen.width, speaker)]
        if footer:
            yield footer
    for name, records in report.tables.items():
        yield [*table_block(name, records, screen, speaker, verbose=verbose)]
    if shows_skipped(report, verbose=verbose):
        yield [*skipped_block(report.skipped, screen.width, speaker)]


def _header(report: Report, choice: OverviewChoice, width: int, speaker: Speaker) -> Iterator[Line]:
    title = report.asked.title or speaker.say(text("render.title"))
    shown = overview_choice.periods(choice.rows or choice.few)
    parts = [visible(title)]
    if shown is not None:
        parts.append(visible(speaker.period(shown.period)))
        if shown.partial:
            parts[-1] += f" ({speaker.say(text('render.partial'))})"
        before = overview_choice.period_before(report, shown)
        if before is not None:
            against = visible(speaker.period(before))
            parts.append(speaker.say(text("render.compared_with", period=against)))
    yield from ([(part, "bold")] for part in wrapped(" · ".join(parts), width))
    rated = [row.result for row in choice.rows if row.result.rating]
    met = sum(result.rating is Rating.MET for result in rated)
    goals = [text("render.goals_met", met=met, count=len(rated))] if rated else []
    words = " · ".join(basis(report, speaker, *goals))
    yield from ([(part, "dim")] for part in wrapped(words, width))


def _findings(
    report: Report, about: Mapping[str, About], width: int, speaker: Speaker
) -> Iterator[Line]:
    """The list of the answer: mark and title, value, and why it is told."""
    shown = report.findings if report.asked.whole else report.findings[:_MOST]
    units = {result.metric: result.unit for result in report.results}
    titles = [_title_of(finding, report, about, speaker) for finding in shown]
    values = [_short(finding.value, units[finding.metric], finding, speaker) for finding in shown]
    size, room = max(map(cell_width, titles)), max(map(cell_width, values))
    left = width - 2 - size - 2 - room - 2
    heading: Message | None = None
    for finding, title, value in zip(shown, titles, values, strict=True):
        bad = finding.level in _BAD
        said = text("render.attention") if bad else text("render.good_to_know")
        if said != heading:
            heading = said
            yield [(speaker.say(said), "bold")]
        mark, style = _LEVELS[finding.level]
        reason = speaker.say(_reason(finding, units[finding.metric], speaker))
        if width < NARROW:
            yield [(f"{mark} ", style), (f"{title} {value} {reason}", "")]
            continue
        beside = left >= _NARROWEST
        start = padded(title, size if beside else min(size, width - 4 - room))
        first, *rest = wrapped(reason, left if beside else width - 4)
        line: list[tuple[str, str]] = [
            (f"{mark} {start}", style),
            ("  " + padded(value, room, right=True), "bold"),
        ]
        if beside:
            yield [*line, (f"  {first}", "dim")]
            yield from ([(" " * (width - left) + part, "dim")] for part in rest)
        else:
            yield line
            yield from ([(f"    {part}", "dim")] for part in (first, *rest))
    more = len(report.findings) - len(shown)
    if more:
        yield [(speaker.say(text("render.more_findings", count=more)), "dim")]


def _title_of(
    finding: KpiFinding, report: Report, about: Mapping[str, About], speaker: Speaker
) -> str:
    title = _short_title(finding.metric, report, about, speaker)
    return ", ".join(filter(None, (title, cells.segment_words(finding.segment, speaker))))


def _short_title(metric: str, report: Report, about: Mapping[str, About], speaker: Speaker) -> str:
    info = report.metrics.get(metric)
    return visible(speaker.say(info.short_title if info else about[metric].title))


def _short(number: Number, unit: str, finding: KpiFinding, speaker: Speaker) -> str:
    return speaker.short(number, unit, limits=(finding.target,))


def _reason(finding: KpiFinding, unit: str, speaker: Speaker) -> Message:
    def spoken(name: str, number: Number) -> str:
        difference = name == "gap" and unit == Unit.PERCENT
        return speaker.short(number, Unit.POINTS if difference else unit)

    return finding.in_words(spoken)


def _domains(
    choice: OverviewChoice,
    report: Report,
    about: Mapping[str, About],
    screen: Screen,
    speaker: Speaker,
) -> Iterator[Line]:
    metrics = [row.result.metric for row in choice.rows]
    titles = [_short_title(metric, report, about, speaker) for metric in metrics]
    lines = starred(
        [
            line_of(row, about[row.result.metric], title, speaker)
            for row, title in zip(choice.rows, titles, strict=True)
        ]
    )
    fitting = layout(lines, screen.width)
    for domain, rows in choice.domains.items():
        yield _heading(speaker.say(domain), screen.width)
        group, lines = lines[: len(rows)], lines[len(rows) :]
        yield from kpi_lines(group, fitting, screen.width)


def _heading(title: str, width: int) -> Line:
    return [(title, "bold")] if width < NARROW else rule(title, min(width, _WIDEST))


def _by_segment(
    report: Report,
    choice: OverviewChoice,
    about: Mapping[str, About],
    screen: Screen,
    speaker: Speaker,
) -> Iterator[Sequence[Line]]:
    """One KPI has a line for each segment; several make a matrix."""
    metrics = [row.result.metric for row in choice.rows]
    metrics.sort(key=lambda metric: _place(metric, report.asked.names))
    names = {metric: _short_title(metric, report, about, speaker) for metric in metrics}
    columns = {
        metric: overview_choice.segments(
            [result for result in report.results if result.metric == metric], report.asked
        )
        for metric in metrics
    }
    if len(metrics) > 1 and screen.width >= NARROW:
        shown = overview_choice.periods(choice.rows)
        corner = visible(speaker.period(shown.period)) if shown else ""
        yield [*matrix(columns, names, corner, screen.width, speaker)]
        return
    for metric, rows in columns.items():
        lines = starred([_segment_line(row, about[metric], speaker) for row in rows])
        yield [
            _heading(names[metric], screen.width),
            *kpi_lines(lines, layout(lines, screen.width), screen.width),
        ]
    if any(row.result.status is Status.LOW_N for rows in columns.values() for row in rows):
        yield [[(speaker.say(text("render.few_cases")), "dim")]]


def _place(metric: str, names: Sequence[str]) -> int:
    return names.index(metric) if metric in names else len(names)


def _segment_line(row: KpiRow, about: About, speaker: Speaker) -> KpiLine:
    words = cells.segment_words(row.result.segment, speaker)
    return line_of(row, about, words or speaker.say(cells.TOTAL), speaker)


def _footer(choice: OverviewChoice, report: Report, width: int, speaker: Speaker) -> Iterator[Line]:
    """What is not shown, and how to see it."""
    said: list[Message] = []
    if choice.few:
        named = (
            f"{_short_title(row.result.metric, report, {}, speaker)} ({speaker.count(n)})"
            for row in choice.few
            if (n := row.result.n) is not None
        )
        said.append(text("render.few", count=len(choice.few), names=joined(named, ", ")))
    if choice.more:
        said.append(text("render.more_kpis", count=choice.more))
    segmented = any(result.segment for result in report.results)
    if not segmented and any(row.result.status is Status.LOW_N for row in choice.rows):
        said.append(text("render.few_cases"))
    if len({result.period for result in report.results}) > 1 or choice.more:
        said.append(text("render.see_detail"))
    for sentence in said:
        yield from ([(part, "dim")] for part in wrapped(speaker.say(sentence), width))
