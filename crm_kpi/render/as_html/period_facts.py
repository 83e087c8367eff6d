"""What an answer is called, which period it tells, until when, and on how many rows it rests."""

from __future__ import annotations

from collections.abc import Mapping

from crm_kpi.messages import text
from crm_kpi.render import overview_choice
from crm_kpi.render.as_html.series import Series
from crm_kpi.render.basis import basis
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result


def title(report: Report, speaker: Speaker) -> str:
    """What the answer is called."""
    return visible(speaker.say(report.asked.title or text("render.title")))


def shown(series: Mapping[str, Series]) -> Result | None:
    """A result of the period that most KPIs tell."""
    rows = (overview_choice.KpiRow(one.shown, ()) for one in series.values())
    return overview_choice.periods(rows)


def period(series: Mapping[str, Series], speaker: Speaker) -> str:
    """That period in words."""
    most = shown(series)
    if most is None:
        return speaker.say(text("page.as_whole"))
    partial = f" ({speaker.say(text('render.partial'))})" if most.partial else ""
    return visible(speaker.period(most.period)) + partial


def facts(report: Report, series: Mapping[str, Series], speaker: Speaker) -> list[str]:
    """Against which period, until when, and how much was read."""
    said: list[str] = []
    most = shown(series)
    before = overview_choice.period_before(report, most) if most else None
    if before is not None:
        against = visible(speaker.period(before))
        said.append(speaker.say(text("render.compared_with", period=against)))
    return [*said, *basis(report, speaker)]
