"""Goals of one KPI in periods of several lengths, for files that draw each KPI once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from crm_kpi.engine import findings
from crm_kpi.messages import Message, text
from crm_kpi.results import MetricInfo, Report

Rhythms = Mapping[tuple[str, str], str]
"""KPI and period: the length of its periods."""

_TITLES: Mapping[str, Callable[[str], Message]] = {
    "day": lambda title: text("check.by_day", title=title),
    "week": lambda title: text("check.by_week", title=title),
    "month": lambda title: text("check.by_month", title=title),
    "quarter": lambda title: text("check.by_quarter", title=title),
    "year": lambda title: text("check.by_year", title=title),
    "all": lambda title: text("check.by_all", title=title),
}


def apart(report: Report, rhythms: Rhythms) -> Report:
    """The report with a KPI for each length: the first keeps the name, `nps-week` is another.

    Months and weeks in one line would be neither.
    """
    first: dict[str, str] = {}
    for (metric, _), every in rhythms.items():
        first.setdefault(metric, every)
    metrics, results, goals = {**report.metrics}, [], {**report.asked.goals}
    for result in report.results:
        metric = result.metric
        every = rhythms.get((metric, result.period), first.get(metric, ""))
        if every == first.get(metric, ""):
            results.append(result)
            continue
        name = f"{metric}-{every}"
        metrics.setdefault(name, _info(report.metrics[metric], every))
        if metric in goals:
            goals.setdefault(name, replace(goals[metric], children=()))
        results.append(replace(result, metric=name))
    found = findings.of_judged(results)
    asked = replace(report.asked, goals=goals)
    return replace(report, results=results, metrics=metrics, findings=found, asked=asked)


def _info(info: MetricInfo, every: str) -> MetricInfo:
    title, short = map(_TITLES[every], (info.title, info.short_title))
    return replace(info, title=title, short_title=short)
