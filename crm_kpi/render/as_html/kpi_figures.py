"""What a KPI is made of, as a figure: the changes of MRR, the answers of NPS, parts of quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_kpi.messages import Message, text
from crm_kpi.render import cells
from crm_kpi.render.as_html.cards import Sorted, raw, tick
from crm_kpi.render.as_html.figure import Figure, FigureTable
from crm_kpi.render.as_html.series import Series
from crm_kpi.render.bar_charts import Bar, bars, shares, stacked
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Result, Unit

PLACES_OF_KPIS: Mapping[str, str] = {
    "mrr": "subscriptions",
    "nps": "surveys",
    "data_quality": "quality",
}
"""KPI whose components are a figure: the section that it stands in."""
_WHAT: Mapping[str, tuple[Message, Message]] = {
    "mrr": (text("page.mrr"), text("page.mrr_sub")),
    "nps": (text("page.nps"), text("page.nps_sub")),
    "data_quality": (text("page.dimensions"), text("page.dimensions_sub")),
}
_WENT = ("contraction", "churned")
_PARTS = {
    "mrr": ("new", "reactivated", "expansion", *_WENT),
    "nps": ("detractors", "passives", "promoters"),
}
_DIMENSIONS = ("completeness", "validity", "uniqueness", "consistency", "timeliness")


def kpi_figure(series: Series, speaker: Speaker) -> Figure | None:
    """The figure of a KPI among `PLACES_OF_KPIS`; None where there is nothing to draw."""
    if series.metric == "data_quality":
        return _dimensions(series, speaker)
    drawn = [result for result in series.drawn if result.value is not None]
    if not drawn:
        return None
    title, sub = (speaker.say(words) for words in _WHAT[series.metric])
    names = [visible(speaker.period(result.period, axis=True)) for result in drawn]
    keys = _PARTS[series.metric]
    values = {k: [float(result.components.get(k) or 0) for result in drawn] for k in keys}
    money = series.metric == "mrr"
    unit = series.shown.unit if money else Unit.COUNT.value
    texts = {
        key: [
            f"{name}: {_column(key, speaker)} {speaker.short(value, unit)}"
            for name, value in zip(names, values[key], strict=True)
        ]
        for key in keys
    }
    if money:
        chart = stacked(names, values, texts, title, tick(unit, speaker), _WENT)
    else:
        chart = shares(
            names, values, texts, title, lambda part: speaker.tick(round(100 * part), Unit.PERCENT)
        )
    return Figure(
        series.metric,
        title,
        sub,
        wide=True,
        legend=[(key, _column(key, speaker)) for key in (keys if money else reversed(keys))],
        charts=[("", chart)],
        table=_over_time(drawn, keys, unit, speaker),
    )


def _over_time(
    drawn: Sequence[Result], keys: Sequence[str], unit: str, speaker: Speaker
) -> FigureTable:
    """The same numbers as a table, a row a period."""
    period = speaker.say(text("page.period"))
    return FigureTable(
        titles=[(period, False), *((_column(key, speaker), True) for key in keys)],
        rows=[
            [
                Sorted(visible(speaker.period(result.period))),
                *(
                    Sorted(cells.NOTHING if v is None else speaker.amount(v, unit), raw(v))
                    for v in (result.components.get(key) for key in keys)
                ),
            ]
            for result in drawn
        ],
    )


def _dimensions(series: Series, speaker: Speaker) -> Figure | None:
    rows = [
        Bar(_column(name, speaker), float(value), speaker.amount(value, Unit.PERCENT))
        for name, value in series.shown.components.items()
        if name in _DIMENSIONS and value is not None
    ]
    title, sub = (speaker.say(words) for words in _WHAT["data_quality"])
    chart = bars(rows, title, 100, room=0.7)
    return Figure("data_quality", title, sub, charts=[("", chart)]) if rows else None


def _column(name: str, speaker: Speaker) -> str:
    return visible(speaker.say(cells.column_name(name)))
