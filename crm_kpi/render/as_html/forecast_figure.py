"""A forecast as a figure: the line goes on, dashed, in bands; and the open deals beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_kpi.messages import joined, text
from crm_kpi.render import cells
from crm_kpi.render.as_html.cards import Sorted, raw, tick
from crm_kpi.render.as_html.figure import Figure, FigureTable
from crm_kpi.render.bar_charts import Bar, bars
from crm_kpi.render.outlook_chart import KnownAndExpected, outlook
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg
from crm_kpi.render.text import visible
from crm_kpi.results import Report, Result

ForecastRow = Mapping[str, Any]

NAME = "forecast"
MOST_KNOWN = 36
"""Known periods that are drawn before the forecast."""
_BANDS = (("low_80", "high_80"), ("low", "high"))


def forecast_figure(report: Report, records: Sequence[ForecastRow], speaker: Speaker) -> Figure:
    """The figure of a forecast that knows its past."""
    aside = report.asides[NAME]
    unit = aside.past[0].unit
    metric = aside.past[0].metric
    ahead = [record for record in records if record["metric"] == metric]
    deals = [record for record in records if record["metric"] != metric]
    called = _name(report, metric, speaker)
    title, sub = text("page.forecast"), text("page.forecast_sub", title=called)
    line = _line(aside.past[-MOST_KNOWN:], ahead, unit, speaker)
    charts = [(called if deals else "", line)]
    if deals:
        heading = speaker.say(text("page.deals_ahead"))
        charts.append((heading, _bars(deals, unit, heading, speaker)))
    legend = [("known", speaker.say(text("page.known")))]
    if ahead[0]["low"] is not None:
        for key, level in (("likely", 80), ("band", 95)):
            legend.append((key, speaker.say(text("page.band", level=level))))
    return Figure(
        NAME,
        speaker.say(title),
        visible(speaker.say(sub)),
        wide=True,
        legend=legend,
        charts=charts,
        table=_table(report, records, unit, speaker),
        note=_sentence(speaker.say(joined(aside.notes))) if aside.notes else "",
    )


def _line(past: Sequence[Result], ahead: Sequence[ForecastRow], unit: str, speaker: Speaker) -> Svg:
    periods = [*(result.period for result in past), *(record["period"] for record in ahead)]
    names = [visible(speaker.period(period, axis=True)) for period in periods]
    texts = [
        speaker.say(
            text(
                "page.in_words",
                title=visible(speaker.period(result.period)),
                values=speaker.short(result.value or 0, unit),
            )
        )
        for result in past
    ]
    texts += [_told(record, unit, speaker) for record in ahead]
    known = {
        name: [(float(r[low]), float(r[high])) for r in ahead] if ahead[0][low] is not None else ()
        for name, (low, high) in zip(("likely", "wide"), _BANDS, strict=True)
    }
    values = KnownAndExpected(
        known=[float(result.value or 0) for result in past],
        ahead=[float(record["value"]) for record in ahead],
        wide=known["wide"],
        likely=known["likely"],
    )
    label, words = speaker.say(text("page.forecast")), speaker.say(text("page.ahead"))
    return outlook(values, names, texts, label, words, tick(unit, speaker))


def _told(record: ForecastRow, unit: str, speaker: Speaker) -> str:
    period = visible(speaker.period(record["period"]))
    value = speaker.short(record["value"], unit)
    if record["low"] is None:
        return speaker.say(text("page.ahead_alone", period=period, value=value))
    low, high = (speaker.short(record[end], unit) for end in ("low", "high"))
    return speaker.say(text("page.ahead_and_band", period=period, value=value, low=low, high=high))


def _bars(deals: Sequence[ForecastRow], unit: str, label: str, speaker: Speaker) -> Svg:
    rows = [
        Bar(
            _period(record["period"], speaker),
            float(record["value"]),
            speaker.short(record["value"], unit),
        )
        for record in deals
    ]
    return bars(rows, label)


def _period(label: str, speaker: Speaker) -> str:
    word = cells.own_word(NAME, "period", label)
    return (
        visible(speaker.say(word))
        if word in ("overdue", "later", "undated")
        else visible(speaker.period(label))
    )


def _table(
    report: Report, records: Sequence[ForecastRow], unit: str, speaker: Speaker
) -> FigureTable:
    say = speaker.say
    levels = [say(text("page.band", level=level)) for level in (80, 95)]
    titles = [
        (say(text("page.kpi_ahead")), False),
        (say(text("page.period")), False),
        (say(text("page.value")), True),
        *((level, True) for level in levels),
        (say(text("page.method")), False),
    ]
    rows = [
        [
            Sorted(_name(report, record["metric"], speaker)),
            Sorted(_period(record["period"], speaker)),
            Sorted(speaker.amount(record["value"], unit), raw(record["value"])),
            *(_ends(record[low], record[high], unit, speaker) for low, high in _BANDS),
            Sorted(record["method"]),
        ]
        for record in records
    ]
    return FigureTable(titles, rows)


def _ends(low: Any, high: Any, unit: str, speaker: Speaker) -> Sorted:
    if low is None:
        return Sorted(cells.NOTHING)
    return Sorted(speaker.interval(low, high, unit, cells.NOTHING), raw(low))


def _name(report: Report, metric: str, speaker: Speaker) -> str:
    info = report.metrics.get(metric)
    return visible(speaker.say(info.title)) if info else cells.table_name(metric, speaker)


def _sentence(words: str) -> str:
    """As it stands by itself."""
    return visible(words[:1].upper() + words[1:])
