"""A figure as SVG or PNG, for slides, chats and documents: the same charts as on the page.

A picture holds one figure: a KPI over time, or an analysis. Of several KPIs it holds the headline,
a tile each. Colours and strokes are those of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TextIO

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.render.as_html import MOST_TILES, headline_cards, period_facts
from crm_kpi.render.as_html.cards import Card
from crm_kpi.render.as_html.figure import Figure
from crm_kpi.render.as_html.figures import Figures
from crm_kpi.render.as_html.kpi_figures import PLACES_OF_KPIS, kpi_figure
from crm_kpi.render.as_html.series import series_of
from crm_kpi.render.as_image import picture, tiles
from crm_kpi.render.as_image.picture import Headline, Panel, Picture
from crm_kpi.render.as_image.theme import FONTS, Theme
from crm_kpi.render.outline import About
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg, SvgChart
from crm_kpi.results import Report

ZOOM = 2
"""Dots of a PNG a pixel: sharp on a good screen and in print."""
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'


def write_svg(
    report: Report, stream: TextIO, about: Mapping[str, About], *, language: str = "en"
) -> None:
    stream.write(image(report, about, language))


def write_png(
    report: Report, stream: TextIO, about: Mapping[str, About], *, language: str = "en"
) -> None:
    """
    Raises:
        UsageError: the extra `images` is not installed, or no font is.
    """
    drawn = image(report, about, language)
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise UsageError(text("pictures.not_installed"), hint=text("pictures.install")) from error
    if not _has_letters():
        raise UsageError(text("pictures.no_font"), hint=text("pictures.install_font"))
    stream.flush()
    stream.buffer.write(svg_to_bytes(svg_string=drawn, zoom=ZOOM))


@cache
def _has_letters() -> bool:
    """Whether a font is found, without which a text would be left out."""
    from resvg_py import svg_to_bytes

    letter = f"<text y='16' font-family='{FONTS}'>ế</text>"
    with_it, without = (svg_to_bytes(svg_string=_PROBE.format(body)) for body in (letter, ""))
    return with_it != without


def image(report: Report, about: Mapping[str, About], language: str) -> str:
    """The picture of an answer, as SVG.

    Raises:
        UsageError: the answer is none that can be drawn.
    """
    speaker, theme = Speaker(language), Theme(dark=report.asked.theme == "dark")
    series = series_of(report.results, report.asked)
    cards = {name: Card(one, about[name], speaker) for name, one in series.items()}
    if bool(cards) + len(report.tables) > 1:
        raise UsageError(text("pictures.one_figure"), hint=text("pictures.give_folder"))
    if len(cards) > 1:
        said = [period_facts.period(series, speaker), *period_facts.facts(report, series, speaker)]
        headline = Headline(period_facts.title(report, speaker), sub=" · ".join(said))
        shown = headline_cards(report, cards) or [*cards.values()][:MOST_TILES]
        return tiles.drawn(headline, shown, theme)
    figures = Figures(report, speaker)
    if cards:
        (name,) = cards
        more = kpi_figure(series[name], speaker) if name in PLACES_OF_KPIS else None
        return picture.drawn(_of_kpi(cards[name], more), theme)
    ((name, records),) = report.tables.items()
    figure = figures.of_table(name, records)
    if not records:
        raise UsageError(text("pictures.no_rows", name=name), hint=text("pictures.as_table"))
    if not is_drawn(report, name):
        raise UsageError(text("pictures.no_figure", name=name), hint=text("pictures.as_table"))
    return picture.drawn(_of_figure(figure), theme)


def is_drawn(report: Report, name: str) -> bool:
    """Whether there is a figure of an analysis."""
    figure = Figures(report, Speaker("en")).of_table(name, report.tables[name])
    return bool(figure.charts or figure.heat)


def _of_kpi(card: Card, more: Figure | None) -> Picture:
    """Its value and its line; below it what it is made of, and its segments."""
    reason = "" if card.has_value else card.reason
    said = [card.period, card.before, card.goal_said, card.interval_said, reason]
    sub = " · ".join(filter(None, said))
    panels = [*_panels("", card.trend)]
    if more:
        panels += [p for _, chart in more.charts for p in _panels(more.title, chart, more.legend)]
    panels += _panels(card.by, card.segment_bars)
    return Picture(Headline(card.title, card.value, card.change, card.tone, sub), panels)


def _of_figure(figure: Figure) -> Picture:
    panels = [
        panel
        for at, (name, chart) in enumerate(figure.charts)
        for panel in _panels(name, chart, () if at else figure.legend)
    ]
    more = figure.heat.more if figure.heat else ""
    sub = " · ".join(filter(None, (figure.sub, more)))
    return Picture(Headline(figure.title, sub=sub), panels, figure.heat, figure.note)


def _panels(name: str, chart: Svg, legend: Sequence[tuple[str, str]] = ()) -> Iterator[Panel]:
    """The chart, if there is anything to draw."""
    if isinstance(chart, SvgChart):
        yield Panel(name, chart, legend)
