"""What a report for people holds where nobody says it: the last periods, and the analyses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crm_kpi import catalogue
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.engine import goals, metric_info
from crm_kpi.results import Asked, GoalShape, Report

if TYPE_CHECKING:
    from crm_kpi.config.model import Config

PAGES = ("html", "pdf", "xlsx")
"""Formats with room for every analysis."""
PICTURES = ("png", "svg")
"""Formats of which a file holds one figure."""
FORMATS = ("overview", *PAGES, *PICTURES)
"""Formats for people: they show the last periods where nobody says which."""
RECENT = {"day": 31, "week": 27, "month": 13, "quarter": 9, "year": 5}
HISTORIES = ("history",)
"""Analyses of which a report of everybody would be as long as the input."""
SUMS = {
    "rfm": {"per": "segment"},
    "churn_risk": {"per": "band"},
    "customers_value": {"per": "tenth"},
}
"""Analyses with a row a customer, and the definition by which they have none."""


def recent(config: Config) -> Config:
    """The config with the last periods alone, where nobody says which."""
    periods = config.periods
    last = RECENT.get(periods.every)
    if last is None or periods.from_ or periods.to or periods.last:
        return config
    return config.model_copy(update={"periods": periods.model_copy(update={"last": last})})


def hide_lists(report: Report, tables: Iterable[str]) -> list[str]:
    """Takes away those of these tables whose rows are customers, tickets or the like, or are of
    one customer; returns their names."""
    hidden = []
    for name in tables:
        rows = report.tables.get(name, ())
        is_list = any(column.endswith("_id") for row in rows[:1] for column in row)
        if name in report.tables and (is_list or name in HISTORIES):
            del report.tables[name]
            hidden.append(name)
    return hidden


def without_lists(config: Config) -> Config:
    """The config with sums in place of customers, unless it asks for these itself."""
    if config.report.lists:
        return config
    from crm_kpi.config.model import Variant

    definitions = dict(config.definitions)
    for name, fields in SUMS.items():
        asked = definitions.get(name)
        definition = asked.definition if asked else catalogue.load(name).definition()
        if not definition.model_fields_set.intersection(fields):
            definitions[name] = Variant(name, definition.model_copy(update=fields))
    return config.model_copy(update={"definitions": definitions})


def analyses(config: Config, format: str, output: str | None = None) -> list[str]:
    """The analyses beside all KPIs: those of the config, else every one whose rows are not about
    one customer each, where there is room: on a page, and in a folder of pictures."""
    pictures = format in PICTURES and folder_of(output) is not None
    if format in PICTURES and not pictures:
        return []  # one has no room but for the headline
    if config.report.tables is not None:
        return [*config.report.tables]
    if format not in PAGES and not pictures:
        return []
    entries = catalogue.entries().values()
    return [one.id for one in entries if one.takes_definition and one.id not in HISTORIES]


def drivers(config: Config, format: str) -> tuple[str, ...]:
    """The columns that the change of every KPI is told by, where there is room."""
    return config.report.drivers if format in PAGES else ()


def asked_by(config: Config, theme: str | None = None) -> Asked:
    """What of a config and of the command line matters to a report for people."""
    every = config.periods.every
    shapes = {
        name: GoalShape(fitting[0].show)
        for name, thresholds in config.kpi_thresholds.items()
        if (fitting := [one for one in thresholds if one.fits(every)])
    }
    for name, goal in config.goals.items():
        children = tuple(getattr(goal, "children", {}).items())
        shapes[name] = GoalShape(goal.show, children)
    return Asked(
        title=config.report.title,
        headline=config.report.headline,
        custom=frozenset(period.name for period in config.periods.custom),
        lists=config.report.lists,
        goals=shapes,
        theme=theme,
    )


def add_own_goals(report: Report, config: Config) -> None:
    """Goals that are no KPI's, by the last whole period of the KPIs that they are made of."""
    custom = [period.name for period in config.periods.custom]
    judged = {
        name: goals.judged(
            threshold, [r for r in report.results if r.metric == name], custom, last=1
        )
        for name, thresholds in config.kpi_thresholds.items()
        for threshold in thresholds
        if threshold.fits(config.periods.every) and not threshold.by
    }
    own = goals.own_goals(config, judged, report.read_until)
    report.results += own
    report.metrics |= metric_info.of_goals(config, own)
