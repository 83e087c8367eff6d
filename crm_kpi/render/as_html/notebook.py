"""An answer as a notebook shows it: a line a KPI, and the rows of each table.

It takes the colours and letters of the notebook, whose style it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from crm_kpi.render.as_html import period_facts, templates
from crm_kpi.render.as_html.cards import Card
from crm_kpi.render.as_html.figures import Figures
from crm_kpi.render.as_html.page_words import words
from crm_kpi.render.as_html.series import series_of
from crm_kpi.render.outline import About, by_domain
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Report


def notebook(report: Report, about: Mapping[str, About], language: str) -> str:
    """HTML without a script, to stand in a page of somebody else."""
    speaker = Speaker(language)
    series = series_of(report.results, report.asked)
    metrics = [r.metric for rows in by_domain(report.results, about).values() for [r, *_] in rows]
    figures = Figures(report, speaker)
    return templates.get("notebook.html.j2").render(
        words=words(speaker),
        title=period_facts.title(report, speaker),
        period=period_facts.period(series, speaker),
        facts=period_facts.facts(report, series, speaker),
        cards=[Card(series[metric], about[metric], speaker) for metric in metrics],
        figures=[figures.with_rows(name, rows) for name, rows in report.tables.items()],
        skipped=[(skip.metric, visible(speaker.say(skip.reason))) for skip in report.skipped],
    )
