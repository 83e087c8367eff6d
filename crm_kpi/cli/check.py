"""`crm-kpi check`: how each goal stands, in the last whole period of its own length.

Every goal gives a line. A partial period is not judged, because a month of ten days misses any
monthly target. Of a list of things to do, such as unresolved tickets, the rows are counted as of
now. A goal that cannot be judged, as its data are absent or too old, ends with 3: it must not look
like one that is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from crm_kpi.cli import (
    check_rhythms,
    check_unusual,
    for_people,
    language,
    notices,
    value_log,
)
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.cli.options import CheckOptions
from crm_kpi.cli.report import about as told_of
from crm_kpi.cli.report import computed, sources, write
from crm_kpi.engine import findings, goals
from crm_kpi.engine.metric_info import of_goals
from crm_kpi.engine.run import KpiQuery, Specs, requests
from crm_kpi.errors import DataError, ExitCode, Problem, UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.render import as_verdicts, cells, render
from crm_kpi.render.formats import FORMATS
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Rating, Report, Result

if TYPE_CHECKING:
    from crm_kpi.config.model import Config
    from crm_kpi.config.threshold import Threshold
    from crm_kpi.kpi import Kpi, KpiRequest


def run(options: CheckOptions) -> int:
    config, specs = sources(options)
    if not config.thresholds and not options.unusual:
        raise UsageError(text("check.nothing"), hint=text("check.for_example"))
    verdicts = _judge(config, specs, options)
    if options.unusual:
        verdicts.add_unusual(*check_unusual.look(config, specs, options))
    report = verdicts.report(config)
    if verdicts.unjudged:
        raise _cannot_be_checked(verdicts, report)
    show = partial(_show, rhythms=verdicts.rhythms)
    write(_written(report, config, options), config, options, specs, show=show)
    value_log.keep(report, config, specs, options, verdicts.rhythms)
    _summarize(verdicts, report.results, options)
    failing = {Rating.MISSED, *([Rating.WARNING] if options.fail_on == "warning" else [])}
    fails = any(
        result.rating in failing or (options.unusual and result.unusual)
        for result in report.results
    )
    return ExitCode.MISSED if fails and not options.exit_zero else ExitCode.OK


@dataclass
class Verdicts:
    """What has been judged so far, and what could not be."""

    reports: list[Report] = field(default_factory=list)
    results: dict[str, list[Result]] = field(default_factory=dict)
    """By the name of the goal."""
    unusual: list[Result] = field(default_factory=list)
    """What is unlike before and no goal was judged by."""
    unjudged: list[Problem] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    rhythms: dict[tuple[str, str], str] = field(default_factory=dict)
    """KPI and period: the length of its periods."""

    def add_unusual(self, report: Report, results: Sequence[Result]) -> None:
        """What is unlike before; what is judged already has its line."""
        self.reports.append(report)
        judged = [(r.metric, r.period, r.segment) for each in self.results.values() for r in each]
        self.unusual += [r for r in results if (r.metric, r.period, r.segment) not in judged]

    def report(self, config: Config) -> Report:
        """One report of all runs, with what was judged in place of all that was computed."""
        judged = [each for name in config.thresholds for each in self.results.get(name, ())]
        results = [*judged, *self.unusual]
        tables: dict[str, Any] = {}
        for report in self.reports:
            tables |= report.tables
        missed = {r.metric for r in results if r.rating in (Rating.MISSED, Rating.WARNING)}
        audits = {
            name: next((r.sources[name] for r in self.reports if r.sources[name].rows), audit)
            for name, audit in self.reports[0].sources.items()
        }
        infos = {name: info for report in self.reports for name, info in report.metrics.items()}
        shown = {result.metric for result in results}
        return replace(
            self.reports[0],
            sources=audits,
            results=results,
            metrics={name: info for name, info in infos.items() if name in shown}
            | of_goals(config, results),
            findings=findings.of_judged(results),
            tables={name: rows for name, rows in tables.items() if name in missed},
            skipped=[],
            notes=list(dict.fromkeys(note for report in self.reports for note in report.notes)),
        )


def _judge(config: Config, specs: Specs, options: CheckOptions) -> Verdicts:
    """Every goal, by one run for each length of periods in which goals are judged."""
    for table in config.checks.freshness:
        if table not in specs:
            raise UsageError(text("check.no_source_of_freshness", table=table))
    verdicts = Verdicts()
    usual = config.periods.every
    lengths = (t.every or usual for several in config.kpi_thresholds.values() for t in several)
    for every in [*dict.fromkeys(lengths)] or [usual]:
        _judge_in(every, config, specs, options, verdicts)
    now = verdicts.reports[0].read_until
    for result in goals.own_goals(config, verdicts.results, now):
        _take(result.metric, [result], config, verdicts)
    verdicts.unjudged += stale(config, verdicts.reports, now)
    return verdicts


def _judge_in(
    every: str, config: Config, specs: Specs, options: CheckOptions, verdicts: Verdicts
) -> None:
    """The goals that are judged in periods of one length."""
    thresholds = {
        name: tuple(t for t in several if (t.every or config.periods.every) == every)
        for name, several in config.kpi_thresholds.items()
    }
    thresholds = {name: several for name, several in thresholds.items() if several}
    # One more than is judged, as the last may be partial.
    last = (options.last or 1) + 1
    periods = config.periods.model_copy(update={"every": every, "last": last})
    config = config.model_copy(update={"periods": periods, "thresholds": thresholds})
    for name, several in thresholds.items():
        for threshold in several:
            goals.refuse_labels(threshold, name, periods)
    tables = tuple(config.checks.freshness)
    query = KpiQuery(
        sorted(thresholds), tuple(options.by or ()), options.filters, tables=tables, count_rows=True
    )
    report = computed(config, query, options, specs)
    verdicts.reports.append(report)
    verdicts.unjudged += [_unjudged(skip.metric, skip.reason) for skip in report.skipped]
    skipped = {skip.metric for skip in report.skipped}
    for request in requests(config, sorted(thresholds.keys() - skipped)):
        mine = [result for result in report.results if result.metric == request.name]
        if request.kpi.counts_rows:
            _take(request.name, mine, config, verdicts)
            continue
        mine = [_doubted(result, request, report) for result in mine]
        for threshold in thresholds[request.name]:
            _judge_one(threshold, request.name, mine, config, options, verdicts)


def _judge_one(
    threshold: Threshold,
    name: str,
    results: Sequence[Result],
    config: Config,
    options: CheckOptions,
    verdicts: Verdicts,
) -> None:
    custom = [period.name for period in config.periods.custom]
    judged = goals.judged(threshold, results, custom, last=options.last or 1)
    if judged:
        _take(name, judged, config, verdicts)
        return
    whole = [r.period for r in results if not r.partial and r.period not in custom]
    if whole:
        verdicts.remarks.append(text("check.no_goal_for", name=name, period=whole[-1]))
    elif config.checks.no_data == "error":
        reason = text("check.no_whole_period", every=config.periods.every)
        verdicts.unjudged.append(_unjudged(name, reason))


def _take(name: str, judged: Sequence[Result], config: Config, verdicts: Verdicts) -> None:
    """Keep what is judged; what has no value is no answer, unless that is allowed."""
    verdicts.results.setdefault(name, []).extend(judged)
    verdicts.rhythms |= {(name, result.period): config.periods.every for result in judged}
    for result in judged if config.checks.no_data == "error" else ():
        if not _has_value(result):
            place = [
                result.metric,
                *(
                    language.say(cells.BLANK) if word is None else word
                    for word in result.segment.values()
                ),
                result.period,
            ]
            assert result.reason is not None
            reason = result.reason
            if result.value is None:
                reason = text("check.no_value", reason=reason)
            verdicts.unjudged.append(_unjudged(" ".join(place), reason))


def _unjudged(goal: str, reason: str) -> Problem:
    return Problem(text("check.unjudged", goal=goal, reason=reason))


def _doubted(result: Result, request: KpiRequest[Kpi], report: Report) -> Result:
    """A ceiling is not kept by data that end before the period does: their 0 says why."""
    table = next(iter(request.needs), "")
    last = report.newest.get(table)
    nothing = not result.value and not result.n and result.value is not None
    if request.kpi.higher_is_better is not False or not nothing:
        return result
    if last is None or last >= result.end:
        return result
    return replace(result, reason=text("check.data_end", table=table, last=last))


def _has_value(result: Result) -> bool:
    """Whether there is one that can be judged: a 0 may only be what a missing file leaves."""
    reasons = result.reason, *getattr(result.reason, "values", {}).get("parts", ())
    return result.value is not None and not any(
        getattr(reason, "key", None) in ("engine.rows_missing", "check.data_end")
        for reason in reasons
    )


def stale(config: Config, reports: Sequence[Report], as_of: date) -> list[Problem]:
    """Tables whose newest row is older than the config allows."""
    newest = {name: day for report in reports for name, day in report.newest.items()}
    problems = []
    for table, allowed in config.checks.freshness.items():
        day = newest.get(table)
        if day is None:
            problems.append(Problem(text("check.has_no_rows", table=table)))
        elif goals.is_stale(day, allowed, as_of):
            reason = text(
                "check.is_stale", table=table, newest=day, allowed=str(allowed), as_of=as_of
            )
            problems.append(Problem(reason))
    return problems


def _cannot_be_checked(verdicts: Verdicts, report: Report) -> DataError:
    """What lacks, and then the line of every goal that has a value."""
    answered = [result for result in report.results if _has_value(result)]
    lines = as_verdicts.verdicts(answered, told_of(report), Speaker(language.current()))
    return DataError(
        text("check.cannot_be_checked"),
        problems=[*verdicts.unjudged, *(Problem(as_verdicts.plain(line)) for line in lines)],
        hint=text("check.mend"),
    )


def _written(report: Report, config: Config, options: CheckOptions) -> Report:
    """The verdicts alone where the format holds no more, told: an alert is not refused for the
    list behind it. Files to be sent on have no lists unless they are asked for."""
    if options.format in for_people.PAGES and not config.report.lists:
        report = replace(report, tables={**report.tables})
        for_people.hide_lists(report, [*report.tables])
    if not report.tables or FORMATS[options.format].several or folder_of(options.output):
        return report
    if not options.quiet:
        names = joined(report.tables, ", ")
        notices.info(text("cli.tables_left_out", format=options.format, names=names))
    return replace(report, tables={})


def _summarize(verdicts: Verdicts, judged: Sequence[Result], options: CheckOptions) -> None:
    if options.quiet:
        return
    for remark in verdicts.remarks:
        notices.info(remark)
    count = {rating: sum(r.rating is rating for r in judged) for rating in (*Rating, None)}
    met, near, missed = count[Rating.MET], count[Rating.WARNING], count[Rating.MISSED]
    notices.info(text("check.summary", met=met, near=near, missed=missed))
    without = sum(r.rating is None and not r.unusual for r in judged)
    if without:
        notices.info(text("check.without_value", count=without))
    if options.unusual:
        notices.info(text("check.unusual_count", count=sum(r.unusual for r in judged)))


def _show(
    report: Report,
    format: str,
    stream: Any,
    *,
    about: Any,
    verbose: bool,
    language: str = "en",
    rhythms: check_rhythms.Rhythms,
) -> None:
    """People get a line a goal; the other formats are those of every report."""
    if format == "table":
        as_verdicts.write(report, stream, about, verbose=verbose, language=language)
        return
    if format in (*for_people.PAGES, *for_people.PICTURES):
        report = check_rhythms.apart(report, rhythms)
        about = told_of(report)
    render(report, format, stream, about=about, verbose=verbose, language=language)
