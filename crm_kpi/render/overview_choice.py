"""Which KPIs an overview shows, of which period: the choice, not how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crm_kpi.render.outline import About, by_domain
from crm_kpi.results import Asked, Number, Report, Result, Status

MOST = 6
"""KPIs of a domain that are shown where nobody asks for them."""
PERIODS = 13
"""Values of a line of history."""
_FIRST = (
    "revenue", "customers", "mrr", "repeat_purchase_rate", "win_rate", "pipeline_value",
    "retention_rate", "average_order_value", "purchase_frequency", "churn_rate",
    "clv", "cac", "ltv_cac", "nrr", "grr", "arpa", "renewal_rate",
    "nps", "csat", "ces", "response_rate",
    "first_response_time", "fcr", "resolution_time", "sla_attainment", "ticket_backlog", "tickets",
    "lead_conversion_rate", "leads", "sales_cycle", "sales_velocity",
    "data_quality",
)  # fmt: skip
"""What people ask for first; the others follow in the order of the catalogue."""

NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class KpiRow:
    """One KPI, or a segment of it, in the period that is shown."""

    result: Result
    history: Sequence[Number | None]
    """Its values until then, the last one its own."""


@dataclass
class OverviewChoice:
    """
    domains: heading: the rows under it.
    few: KPIs that rest on too few cases to stand among the others.
    more: how many KPIs with a value are left out.
    """

    domains: dict[str, list[KpiRow]] = field(default_factory=dict)
    few: list[KpiRow] = field(default_factory=list)
    more: int = 0

    @property
    def rows(self) -> list[KpiRow]:
        return [row for rows in self.domains.values() for row in rows]


def choose(report: Report, about: Mapping[str, About]) -> OverviewChoice:
    """The KPIs that were named; where none were, those that come first and those with a goal, and
    of each domain the first of the others."""
    asked, choice = report.asked, OverviewChoice()
    for domain, metrics in by_domain(report.results, about).items():
        rows = [_row(_totals(results), asked) for results in metrics]
        for row in sorted(rows, key=lambda each: rank(each.result.metric, asked)):
            shown = choice.domains.setdefault(domain, [])
            if asked.whole or _is_wanted(row.result, asked):
                shown.append(row)
            elif row.result.status is Status.LOW_N:
                choice.few.append(row)
            elif row.result.value is not None and len(shown) < MOST:
                shown.append(row)
            elif row.result.value is not None:
                choice.more += 1
        # A KPI without value takes no place that another could have.
        for row in rows:
            left_out = row.result.value is None and row not in choice.domains[domain]
            if left_out and len(choice.domains[domain]) < MOST:
                choice.domains[domain].append(row)
    choice.domains = {domain: rows for domain, rows in choice.domains.items() if rows}
    return choice


def segments(results: Sequence[Result], asked: Asked) -> list[KpiRow]:
    """One row for the whole and for each segment of a KPI."""
    found: dict[tuple[tuple[str, str | None], ...], list[Result]] = {}
    for result in results:
        found.setdefault(tuple(result.segment.items()), []).append(result)
    return [_row(several, asked) for several in found.values()]


def _totals(results: Sequence[Result]) -> list[Result]:
    """Those of no segment, where there are any."""
    return [result for result in results if not result.segment] or [*results]


def period_shown(results: Sequence[Result], asked: Asked) -> Result:
    """The last whole period, else the last that has begun."""
    regular = _regular(results, asked)
    whole = [result for result in regular if not result.partial] or [
        result for result in regular if result.value is not None
    ]
    return max(whole or regular, key=lambda result: (result.end, result.start))


def _regular(results: Sequence[Result], asked: Asked) -> list[Result]:
    return [result for result in results if result.period not in asked.custom] or [*results]


def _row(results: Sequence[Result], asked: Asked) -> KpiRow:
    """The period that is shown, and those before it."""
    regular, last = _regular(results, asked), period_shown(results, asked)
    until = sorted((r for r in regular if r.end <= last.end), key=lambda r: (r.end, r.start))
    return KpiRow(last, [result.value for result in until[-PERIODS:]])


def _is_wanted(result: Result, asked: Asked) -> bool:
    named = result.metric in asked.names or result.metric in asked.headline
    return named or result.target is not None


def rank(metric: str, asked: Asked) -> tuple[int, int]:
    """Its place: those of the headline first, then what people ask for first."""
    for group, names in enumerate((asked.headline, asked.names, _FIRST)):
        if metric in names:
            return group, [*names].index(metric)
    return 3, 0


def periods(rows: Iterable[KpiRow]) -> Result | None:
    """A result of the period that most rows show."""
    counted: dict[str, list[Result]] = {}
    for row in rows:
        counted.setdefault(row.result.period, []).append(row.result)
    return max(counted.values(), key=len)[0] if counted else None


def period_before(report: Report, shown: Result) -> str | None:
    """The period against which this one is told, where it is among the results."""
    ends = {r.end: r.period for r in report.results if r.period not in report.asked.custom}
    return ends.get(shown.start)
