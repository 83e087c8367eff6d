"""`check --unusual`: every KPI of which the last whole period is unlike those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_kpi.cli.options import CheckOptions
from crm_kpi.cli.report import computed, no_kpi
from crm_kpi.engine.run import KpiQuery, Specs, everything
from crm_kpi.results import Report, Result

if TYPE_CHECKING:
    from crm_kpi.config.model import Config


def look(config: Config, specs: Specs, options: CheckOptions) -> tuple[Report, list[Result]]:
    """The report of all KPIs, and those of its results that are unusual. One of a family speaks
    for the others, as among the findings.

    Raises:
        DataError: no KPI can be computed.
    """
    # One more than is looked at, as the last may be partial; goals are judged by themselves.
    periods = config.periods.model_copy(update={"last": 2})
    config = config.model_copy(update={"periods": periods, "thresholds": {}})
    query = KpiQuery(
        everything(config), tuple(options.by or ()), options.filters, or_whole=bool(options.by)
    )
    report = computed(config, query, options, specs)
    if not report.results:
        raise no_kpi(report)
    told = [(each.metric, each.period, each.segment) for each in report.findings]
    unusual = [
        result
        for result in report.results
        if result.unusual and (result.metric, result.period, result.segment) in told
    ]
    return report, unusual
