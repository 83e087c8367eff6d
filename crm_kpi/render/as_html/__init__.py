"""One file for people: it opens offline, prints, and can be forwarded.

Charts are SVG that is written here, so that everything is seen without a script; what the script
adds is sorting, the other theme, and a card that opens where a link leads to it. The page forbids
itself, by a policy with the hashes of its own style and script, to load or send anything.
Nothing in it depends on the time of day: the same answer is the same file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TextIO

from crm_kpi.messages import text
from crm_kpi.render import overview_choice
from crm_kpi.render.as_html import attention, period_facts, rows_read, templates
from crm_kpi.render.as_html.cards import Card
from crm_kpi.render.as_html.figure import Figure
from crm_kpi.render.as_html.figures import PLACES, Figures
from crm_kpi.render.as_html.kpi_figures import PLACES_OF_KPIS, kpi_figure
from crm_kpi.render.as_html.page_words import words
from crm_kpi.render.as_html.series import Series, series_of
from crm_kpi.render.change_told import TABLE, changes
from crm_kpi.render.outline import About, by_domain
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg
from crm_kpi.render.text import visible
from crm_kpi.results import Report

MOST_TILES = 8
MOST_LEADS = 6
_QUALITY = "quality"
_OTHERS = "analyses"


@dataclass
class PageSection:
    """A domain: its KPIs, and its analyses."""

    id: str
    title: str
    cards: list[Card] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def write(
    report: Report, stream: TextIO, about: Mapping[str, About], *, language: str = "en"
) -> None:
    stream.write(page(report, about, language))


def page(report: Report, about: Mapping[str, About], language: str) -> str:
    """The whole file."""
    speaker = Speaker(language)
    style, script = (
        templates.FOLDER.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    series = series_of(report.results, report.asked)
    metrics = [r.metric for rows in by_domain(report.results, about).values() for [r, *_] in rows]
    told = changes(report.tables.get(TABLE, ()), report, speaker)
    moved = {each.metric: each for each in told}
    cards = {
        metric: Card(series[metric], about[metric], speaker, moved.get(metric))
        for metric in metrics
    }
    bad, others = attention.findings(report, cards, speaker)
    goals = attention.GoalLines(report, series, about, speaker)
    written = templates.get("page.html.j2").render(
        language=language,
        style=Svg(style),
        script=Svg(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        words=words(speaker),
        title=period_facts.title(report, speaker),
        theme=report.asked.theme,
        period=period_facts.period(series, speaker),
        facts=period_facts.facts(report, series, speaker),
        bad=bad,
        known=any(card.has_value for card in cards.values()),
        others=others,
        more_findings=attention.more_findings(report, cards, speaker),
        goals=goals,
        tiles=headline_cards(report, cards),
        leads=_leads(cards),
        sections=_sections(report, series, cards, about, speaker),
        cards=cards,
        skipped=[
            (_name(report, skip.metric, speaker), visible(speaker.say(skip.reason)))
            for skip in report.skipped
        ],
        tables=[*rows_read.tables_read(report, speaker)],
        reasons=[*rows_read.reasons(report, speaker)],
        rejected=[*rows_read.rejected_cells(report, speaker)],
        made=speaker.say(text("page.made", version=report.version)),
    )
    return f"{written.rstrip()}\n"


def _hash(content: str) -> str:
    """As a content security policy wants it."""
    return "sha256-" + b64encode(sha256(content.encode()).digest()).decode("ascii")


def headline_cards(report: Report, cards: Mapping[str, Card]) -> list[Card]:
    """The headline; without one those with a goal, then what people ask for first."""
    headline, asked = report.asked.headline, report.asked
    wanted: list[str] = [name for name in headline if name in cards]
    if not headline:
        goals = [name for name, card in cards.items() if card.shown.target is not None]
        first = sorted(cards, key=lambda name: overview_choice.rank(name, asked))
        wanted = list(dict.fromkeys([*goals, *first]))
        wanted = [name for name in wanted if cards[name].has_value]
    return [cards[name] for name in wanted[:MOST_TILES]] if len(cards) > 1 else []


def _leads(cards: Mapping[str, Card]) -> Sequence[Card]:
    """Values for a line of text, what people ask for first."""
    known = [name for name in cards if cards[name].has_value]
    known.sort(key=lambda name: overview_choice.rank(name, overview_choice.NOTHING_ASKED))
    return [cards[name] for name in known[:MOST_LEADS]] if len(cards) > 1 else []


def _sections(
    report: Report,
    series: Mapping[str, Series],
    cards: Mapping[str, Card],
    about: Mapping[str, About],
    speaker: Speaker,
) -> list[PageSection]:
    """A section a domain, in the order of the catalogue, the quality of the data last."""
    sections: dict[str, PageSection] = {}
    for heading, rows in by_domain(report.results, about).items():
        names = [results[0].metric for results in rows]
        domain = _domain(report, names[0], heading)
        section = sections.setdefault(domain, PageSection(domain, visible(speaker.say(heading))))
        section.cards += [cards[name] for name in names]
    figures = Figures(report, speaker)
    for place, figure in _figures(report, series, figures):
        if place not in sections:
            place = _OTHERS  # a section of KPIs that are not asked for
            sections.setdefault(place, PageSection(place, speaker.say(text("page.analyses"))))
        sections[place].figures.append(figure)
    return sorted(sections.values(), key=lambda section: section.id == _QUALITY)


def _figures(
    report: Report, series: Mapping[str, Series], figures: Figures
) -> Iterator[tuple[str, Figure]]:
    for metric, place in PLACES_OF_KPIS.items():
        figure = kpi_figure(series[metric], figures.speaker) if metric in series else None
        if figure is not None:
            yield place, figure
    order = [*PLACES]
    for name in sorted(report.tables, key=lambda name: _place(name, order)):
        records = report.tables[name]
        yield PLACES.get(name, _OTHERS), figures.of_table(name, records)


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _domain(report: Report, metric: str, heading: str) -> str:
    """The id of a section."""
    info = report.metrics.get(metric)
    return info.domain if info else heading.lower().replace(" ", "-")


def _name(report: Report, metric: str, speaker: Speaker) -> str:
    info = report.metrics.get(metric)
    return visible(speaker.say(info.title)) if info else metric
