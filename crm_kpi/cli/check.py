"""`crm-kpi check`: what misses its threshold or is near it.

Whole periods are judged; a partial one only where no whole one is asked for,
because a month of ten days misses any monthly target. Of a list of things to
do, such as unresolved tickets, the rows are counted as of now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_kpi.cli import notices
from crm_kpi.cli.options import CheckOptions
from crm_kpi.cli.report import computed, problem_of, sources, write
from crm_kpi.engine.run import KpiQuery, requests
from crm_kpi.errors import DataError, ExitCode, Problem, UsageError
from crm_kpi.messages import joined, text
from crm_kpi.results import Rating, Report, Result

if TYPE_CHECKING:
    from crm_kpi.config.model import Config


def run(options: CheckOptions) -> int:
    config, specs = sources(options)
    if not config.thresholds:
        raise UsageError(text("cli.no_thresholds"), hint=text("cli.add_thresholds"))
    names = sorted(config.thresholds)
    query = KpiQuery(names, tuple(options.by or ()), options.filters, count_rows=True)
    report = computed(config, query, options, specs)
    counted = {each.name for each in requests(config, names) if each.kpi.counts_rows}
    judged = _judged(report.results, counted)
    _refuse_silence(config, report, judged)
    bad = [result for result in judged if result.rating in (Rating.MISSED, Rating.WARNING)]
    missed_lists = {r.metric: report.tables[r.metric] for r in bad if r.metric in report.tables}
    write(replace(report, results=bad, tables=missed_lists), config, options, specs)
    if not options.quiet:
        met = sum(result.rating is Rating.MET for result in judged)
        missed = sum(result.rating is Rating.MISSED for result in judged)
        notices.info(text("cli.checked", met=met, near=len(bad) - missed, missed=missed))
        left = sorted({r.period for r in report.results} - {r.period for r in judged})
        if left:
            notices.info(text("cli.not_judged", periods=", ".join(left)))
    failing = {Rating.MISSED} | ({Rating.WARNING} if options.fail_on == "warning" else set())
    if any(result.rating in failing for result in bad) and not options.exit_zero:
        return ExitCode.MISSED
    return ExitCode.OK


def _judged(results: list[Result], counted: Collection[str]) -> list[Result]:
    now = [result for result in results if result.metric in counted]
    periods = [result for result in results if result.metric not in counted]
    return [*([result for result in periods if not result.partial] or periods), *now]


def _refuse_silence(config: Config, report: Report, judged: list[Result]) -> None:
    """A threshold that cannot be judged at all must not look like one that is met."""
    problems = [problem_of(skip) for skip in report.skipped]
    skipped = {skip.metric for skip in report.skipped}
    for metric in config.thresholds:
        mine = [result for result in judged if result.metric == metric]
        if metric not in skipped and all(result.value is None for result in mine):
            reasons = sorted({result.reason for result in mine if result.reason})
            why = joined(reasons, ", ")
            problems.append(Problem(text("cli.no_value", metric=metric, reasons=why)))
    if problems:
        raise DataError(
            text("cli.threshold_unchecked"), problems=problems, hint=text("cli.mend_threshold")
        )
