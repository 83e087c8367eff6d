"""The analyses of an answer as figures, each in the section where one looks for it.

An analysis that has no figure of its own, or that is told by segment, is a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.render import cells
from crm_kpi.render.as_html.accounts import account_charts
from crm_kpi.render.as_html.cards import Sorted, raw, tick
from crm_kpi.render.as_html.figure import Figure, FigureTable
from crm_kpi.render.as_html.forecast_figure import forecast_figure
from crm_kpi.render.as_html.heat_map import heat_map
from crm_kpi.render.bar_charts import Bar, Stage, bars, funnel
from crm_kpi.render.cells import TableColumn
from crm_kpi.render.change_told import TABLE, changes
from crm_kpi.render.charts import Mark, curve
from crm_kpi.render.speak import Speaker
from crm_kpi.render.svg import Svg
from crm_kpi.render.text import visible
from crm_kpi.render.triangle import Records, fits
from crm_kpi.results import Number, Report, Unit

MOST_ROWS = 50
"""Rows of a table; JSON, CSV and workbooks have all."""
MOST_BARS = 14
_AT_RISK = 10
"""A median is named only where so many were still observed."""
_SURE = 20
"""The share of customers whose revenue is named."""

PLACES: Mapping[str, str] = {
    "cohorts": "retention",
    "survival": "retention",
    "concentration": "retention",
    "rfm": "retention",
    "spending": "retention",
    "churn_reasons": "retention",
    "forecast": "retention",
    "backtest": "retention",
    "churn_risk": "retention",
    "customers_value": "value",
    "feedback": "surveys",
    "issues": "service",
    "unresolved": "service",
    "funnel": "sales",
    "pipeline": "sales",
    "team": "sales",
    "follow_up": "sales",
}
"""Analysis: the section that it stands in; others have one of their own."""
WHAT: Mapping[str, tuple[Message, Message]] = {
    "cohorts": (text("page.cohorts"), text("page.cohorts_sub")),
    "survival": (text("page.survival"), text("page.survival_sub")),
    "concentration": (text("page.concentration"), text("page.concentration_sub")),
    "rfm": (text("page.rfm"), text("page.rfm_sub")),
    "spending": (text("page.spending"), text("page.spending_sub")),
    "churn_reasons": (text("page.churn_reasons"), text("page.churn_reasons_sub")),
    "churn_risk": (text("page.churn_risk"), text("page.churn_risk_sub")),
    "customers_value": (text("page.customers_value"), text("page.customers_value_sub")),
    "issues": (text("page.issues"), text("page.issues_sub")),
    "funnel": (text("page.funnel"), text("page.funnel_sub")),
    "pipeline": (text("page.pipeline"), text("page.pipeline_sub")),
    "team": (text("page.team"), text("page.team_sub")),
    "backtest": (text("page.backtest"), text("page.backtest_sub")),
    "drivers": (text("page.drivers"), text("page.drivers_sub")),
}


@dataclass(frozen=True)
class Figures:
    """Makes the figures of a report."""

    report: Report
    speaker: Speaker

    def of_table(self, name: str, records: Records) -> Figure:
        """An analysis: as it is drawn, and where it is not, its rows."""
        segmented = any(key.startswith("segment.") for record in records[:1] for key in record)
        title, sub = self._what(name)
        if name == TABLE and records:
            told = next(changes(records, self.report, self.speaker))
            sub = f"{told.title}: {told.sub}"
        if name == "cohorts" and records and not segmented and fits(records):
            heat = heat_map(records, self.speaker)
            return Figure(name, title, sub, wide=True, heat=heat)
        aside = self.report.asides.get(name)
        if name == "forecast" and records and not segmented and aside and aside.past:
            return forecast_figure(self.report, records, self.speaker)
        charts = () if segmented or not records else self._charts(name, records)
        if charts:
            numbers = self._table(name, records) if len(records) <= MOST_BARS else None
            return Figure(name, title, sub, charts=charts, table=numbers)
        return Figure(name, title, sub, wide=True, table=self._table(name, records))

    def with_rows(self, name: str, records: Records) -> Figure:
        """An analysis by its rows alone."""
        title, sub = self._what(name)
        return Figure(name, title, sub, table=self._table(name, records))

    def _charts(self, name: str, records: Records) -> Sequence[tuple[str, Svg]]:
        draw = _CHARTS.get(name)
        return draw(self, records) if draw else ()

    def _what(self, name: str) -> tuple[str, str]:
        """Its heading, and what it shows."""
        if name in WHAT:
            heading, sub = WHAT[name]
            return self.speaker.say(heading), self.speaker.say(sub)
        info = self.report.metrics.get(name)
        return visible(self.speaker.say(info.title if info else name)), ""

    def _percent(self, part: float) -> str:
        return self.speaker.tick(round(100 * part), Unit.PERCENT)

    def _money(self, amount: Number) -> str:
        return self.speaker.short(amount, self.report.currency or Unit.MONEY.value)

    def _share(self, share: Number | None) -> str:
        return "" if share is None else self.speaker.amount(share, Unit.PERCENT)

    def _name(self, name: Any) -> str:
        return self.speaker.say(cells.BLANK) if name is None else visible(str(name))

    def _table(self, name: str, records: Records) -> FigureTable:
        speaker = self.speaker
        columns, rows = cells.table_rows(records[:MOST_ROWS], speaker, name)
        known = {key for record in records for key, value in record.items() if value is not None}
        columns = [column for column in columns if column.key in known]
        more = len(records) - MOST_ROWS
        if not records:
            note = speaker.say(text("render.no_rows_sentence"))
        elif more > 0:
            note = speaker.say(text("page.first_rows", count=MOST_ROWS, rows=len(records)))
        else:
            note = speaker.say(text("page.all_rows", count=len(records)))
        return FigureTable(
            titles=[(_title(column), column.right) for column in columns],
            rows=[
                [
                    Sorted(row.cells[column.key], _key(record.get(column.key), column.right))
                    for column in columns
                ]
                for record, row in zip(records, rows, strict=False)
            ],
            note=note,
        )


def _title(column: TableColumn) -> str:
    """Names of ours are those of JSON; a column that was asked for by --by keeps its name."""
    if column.key.startswith("segment."):
        return column.title.removeprefix("segment.")
    return column.title.replace("_", " ")


def _key(value: Any, number: bool) -> str:
    return raw(value) if number and not isinstance(value, (str, bool)) else ""


def _survival(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    sure = [record for record in records if record["low"] is not None]
    if len(sure) < 2:
        return ()
    speaker, title = figures.speaker, figures._what("survival")[0]
    points = [(float(record["time"]), float(record["survival"])) for record in sure]
    marks = []
    median = sure[0]["median"]
    here = [record for record in sure if median is not None and record["time"] <= median]
    reached = median is not None and median <= sure[-1]["time"]
    if reached and here and here[-1]["at_risk"] >= _AT_RISK:
        said = speaker.say(text("page.half_left", time=speaker.bare(median)))
        marks = [Mark(float(median), float(here[-1]["survival"]), said)]
    chart = curve(
        points,
        title,
        speaker.say(text("page.time")),
        tick(Unit.COUNT, speaker),
        figures._percent,
        lows=[float(record["low"]) for record in sure],
        highs=[float(record["high"]) for record in sure],
        marks=marks,
        steps=True,
    )
    return [("", chart)]


def _concentration(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    speaker, title = figures.speaker, figures._what("concentration")[0]
    by_share = {float(r["share_of_customers"]): r["share_of_revenue"] for r in records}
    if any(share is None or not 0 <= share <= 100 for share in by_share.values()):
        return ()
    points = [(0.0, 0.0), *((x, float(y) / 100) for x, y in by_share.items())]
    marks = []
    if _SURE in by_share:
        share = figures._share(by_share[_SURE])
        said = speaker.say(text("page.best_bring", share=share))
        marks = [Mark(_SURE, float(by_share[_SURE]) / 100, said)]
    chart = curve(
        points,
        title,
        speaker.say(text("page.best_first")),
        tick(Unit.PERCENT, speaker),
        figures._percent,
        marks=marks,
        even=True,
    )
    return [("", chart)]


def _rfm(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    if "customers" not in records[0]:
        return ()  # a row a customer
    names = cells.table_rows(records, figures.speaker, "rfm")[1]
    buyers, revenue = [], []
    for record, row in zip(records, names, strict=True):
        name, count = row.cells["segment"], figures.speaker.count(record["customers"])
        share = figures._share(record["share"])
        buyers.append(Bar(name, float(record["customers"]), count, share))
        part = figures._share(record["share_of_revenue"])
        revenue.append(Bar(name, float(record["share_of_revenue"] or 0), part))
    of_revenue = figures.speaker.say(text("page.of_revenue"))
    people = figures.speaker.say(text("page.buyers"))
    charts = [(people, bars(buyers, people)), (of_revenue, bars(revenue, of_revenue))]
    return charts[:1] if any(bar.value < 0 for bar in revenue) else charts


def _spending(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    name = next(iter(records[0]))
    return _bars(
        figures,
        "spending",
        [
            Bar(
                figures._name(r[name]),
                float(r["revenue"]),
                figures._money(r["revenue"]),
                figures._share(r["share"]),
            )
            for r in records
        ],
    )


def _churn_reasons(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    return _bars(figures, "churn_reasons", _customers_by(figures, records, "reason"))


def _churn_risk(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    if "band" not in records[0]:
        return ()  # a row a customer
    return _bars(figures, "churn_risk", _customers_by(figures, records, "band"))


def _customers_by(figures: Figures, records: Records, column: str) -> list[Bar]:
    return [
        Bar(
            figures._name(r[column]),
            float(r["customers"]),
            figures.speaker.count(r["customers"]),
            figures._share(r["share"]),
        )
        for r in records
    ]


def _customers_value(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    if "tenth" not in records[0]:
        return ()  # a row a customer
    rows = [
        Bar(
            figures.speaker.say(text("page.tenth", number=r["tenth"])),
            float(r["future"]),
            figures._money(r["future"]),
            figures._share(r["share_of_future"]),
        )
        for r in records
    ]
    return _bars(figures, "customers_value", rows)


def _issues(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    speaker, rows = figures.speaker, []
    for r in records:
        took = r["median_resolution"]
        notes = [] if took is None else [speaker.amount(took, Unit.HOURS)]
        notes += [speaker.say(text("page.open", count=r["open"]))] if r["open"] else []
        count = speaker.count(r["tickets"])
        name = figures._name(r["category"])
        rows.append(Bar(name, float(r["tickets"]), count, " · ".join(notes)))
    return _bars(figures, "issues", rows, room=0.42)


def _pipeline(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    if "stage" not in records[0] or "deals" not in records[0]:
        return ()  # a row a deal
    speaker, rows = figures.speaker, []
    for r in records:
        notes = [speaker.say(text("page.deals", count=r["deals"]))]
        notes += [speaker.say(text("page.overdue", count=r["overdue"]))] if r["overdue"] else []
        amount = r["amount"] or 0
        name = figures._name(r["stage"])
        rows.append(Bar(name, float(amount), figures._money(amount), " · ".join(notes)))
    return _bars(figures, "pipeline", rows, room=0.42)


def _funnel(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    rates = [r["step_rate"] for r in records if r["step_rate"] is not None]
    worst, stages = min(rates, default=None), []
    for r in records:
        rate, days = r["step_rate"], r["median_days"]
        weakest = rate is not None and rate == worst
        share = figures._share(rate)
        weak, plain = text("page.worst_step", share=share), text("page.step", share=share)
        stages.append(
            Stage(
                figures._name(r["stage"]),
                figures.speaker.count(r["reached"]),
                min(1.0, float(r["overall_rate"] or 0) / 100),
                "" if rate is None else figures.speaker.say(weak if weakest else plain),
                "" if days is None else figures.speaker.amount(days, Unit.DAYS),
                weakest,
            )
        )
    return [("", funnel(stages, figures._what("funnel")[0]))]


def _bars(
    figures: Figures, name: str, rows: Sequence[Bar], room: float = 0.56
) -> Sequence[tuple[str, Svg]]:
    """The first rows; with more of them, or with a value below zero, a table says it better."""
    if len(rows) > MOST_BARS or any(row.value < 0 for row in rows):
        return ()
    return [("", bars(rows, figures._what(name)[0], room=room))]


def _drivers(figures: Figures, records: Records) -> Sequence[tuple[str, Svg]]:
    """Of the first KPI; those of others stand in their cards."""
    return account_charts(next(changes(records, figures.report, figures.speaker)))


_CHARTS: Mapping[str, Callable[[Figures, Records], Sequence[tuple[str, Svg]]]] = {
    "drivers": _drivers,
    "survival": _survival,
    "concentration": _concentration,
    "rfm": _rfm,
    "spending": _spending,
    "churn_reasons": _churn_reasons,
    "churn_risk": _churn_risk,
    "customers_value": _customers_value,
    "issues": _issues,
    "pipeline": _pipeline,
    "funnel": _funnel,
}
