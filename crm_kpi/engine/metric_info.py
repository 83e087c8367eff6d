"""What each KPI of an answer is: what it is called, and which way is good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crm_kpi import catalogue
from crm_kpi.engine.own_kpis import FormulaKpi
from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.messages import Message, text
from crm_kpi.results import GOALS, MetricInfo, Result, Unit

if TYPE_CHECKING:
    from crm_kpi.config import Config


def metric_info(
    config: Config, asked: Sequence[KpiRequest[Kpi]], results: Iterable[Result]
) -> dict[str, MetricInfo]:
    """What each of these KPIs is, and what it is made of, by name, in the order of the catalogue.

    results: those of which units are known.
    """
    order = list(catalogue.ids())
    parts = [part for request in asked for part in request.parts()]
    asked = [*{request.name: request for request in [*parts, *asked]}.values()]
    ids = {request.name: kpi_id(config, request.name) for request in asked}
    units = {result.metric: result.unit for result in results}
    return {
        request.name: _info(config, request, ids[request.name], units)
        for request in sorted(asked, key=lambda r: (order.index(ids[r.name]), r.name))
    }


def of_goals(config: Config, results: Iterable[Result]) -> dict[str, MetricInfo]:
    """The same of the goals that are no KPI's."""
    names = {result.metric for result in results} & config.goals.keys()
    formula, percent = text("check.formula"), Unit.PERCENT.value
    return {
        name: MetricInfo(name, name, GOALS, percent, True, formula)
        for name in config.goals
        if name in names
    }


def kpi_id(config: Config, name: str) -> str:
    """The KPI that goes by a name: its own id, or that of a variant; of a formula the first that
    it is made of, beside which it stands."""
    own = config.metrics.get(name)
    if own is not None:
        return kpi_id(config, own.names[0])
    variant = config.definitions.get(name)
    return variant.metric if variant else name


def title(kpi: str, name: str) -> Message:
    """The title of a KPI that goes by a name: its id, or that of a variant."""
    said = catalogue.entries()[kpi].title_said
    return said if name == kpi else text("engine.variant_title", title=said, name=name)


def own_title(config: Config, name: str) -> str | None:
    """What the config calls a KPI of its own, a formula by its name; None where it is another's
    and has no title."""
    own = config.metrics.get(name)
    if own is None:
        return None
    if own.title or own.formula:
        return own.title or name
    inner = own_title(config, str(own.metric))
    return inner and text("engine.variant_title", title=inner, name=name)


def short_title(kpi: str) -> Message:
    """The same in 26 cells."""
    short = catalogue.load(kpi).short_title or catalogue.entries()[kpi].title
    return Message(f"short_titles.{kpi}", {}, short)


def heading(domain: str) -> Message:
    """What the KPIs of a domain stand under."""
    return text("check.heading") if domain == GOALS else catalogue.heading(domain)


def formula(request: KpiRequest[Kpi], kpi: str) -> str:
    """The formula with the definition in force. Where that changes its words they are texts,
    else their English stands in the KPI's own file; that of one's own is as it was written."""
    english = request.kpi.formula_of(request.definition)
    if isinstance(request.kpi, FormulaKpi):
        return english
    return english if isinstance(english, Message) else Message(f"formulas.{kpi}", {}, english)


def _info(
    config: Config, request: KpiRequest[Kpi], kpi: str, units: Mapping[str, str]
) -> MetricInfo:
    """A variant goes by the name that the config gives it."""
    facts = request.kpi.facts(request.definition)
    own = own_title(config, request.name)
    short = short_title(kpi) if request.name == kpi else request.name
    return MetricInfo(
        title=own or title(kpi, request.name),
        short_title=own or short,
        domain=catalogue.entries()[kpi].domain,
        unit=units.get(request.name, facts.get("unit")),
        higher_is_better=request.kpi.higher_is_better,
        formula=formula(request, kpi),
    )
