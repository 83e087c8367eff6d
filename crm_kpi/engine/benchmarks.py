"""What others have, beside results: the figure of an industry for the same KPI and length of time.

It says nothing of how good a result is, and rates none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crm_kpi import catalogue
from crm_kpi.engine.metric_info import kpi_id
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import text
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.results import Benchmark, Result
from crm_kpi.sources.io.budget import MemoryBudget

if TYPE_CHECKING:
    from crm_kpi.config import Config

ANY_LENGTH = ("survey", "ticket")
"""Figures of answers, which are the same thing in a week and in a year."""
YEARLY = {"window": "12 months"}
"""The definition of KPIs that look back a year, however long the period is."""
_YEAR = re.compile(r"\d{4}")


def table(config: Config) -> tuple[Benchmark, ...]:
    """The shipped table, or that of the config.

    Raises:
        DataError: as `benchmarks_file.read` says.
    """
    from crm_kpi.sources.loading import benchmarks_file
    from crm_kpi.sources.mapping.session import Session

    units = {}
    for name in catalogue.ids(catalogue.KpiKind.SCALAR):
        kpi = catalogue.load(name)
        assert isinstance(kpi, ValueKpi)
        units[name] = kpi.unit_of(kpi.definition()).value
    session = Session(MemoryBudget.of(config.limits.memory))
    return benchmarks_file.read(config.benchmarks_path, units, session)


def of_industries(benchmarks: Sequence[Benchmark], names: Sequence[str]) -> list[Benchmark]:
    """Those of these industries, in their order; all of them where none is named.

    Raises:
        UsageError: there is no such industry.
    """
    if not names:
        return [*benchmarks]
    there = list(dict.fromkeys(each.industry for each in benchmarks))
    found = []
    for name in names:
        mine = [each for each in benchmarks if each.industry.casefold() == name.casefold()]
        if not mine:
            raise UsageError(
                text("engine.no_industry", industry=name, industries=", ".join(sorted(there))),
                hint=did_you_mean(name, there),
            )
        found += mine
    return found


def chosen(config: Config) -> list[Benchmark]:
    """Those of the industries that the config names, the best first; none where it names none.

    Of one KPI, industry and length the better grade comes first, then the later year.
    """
    names = config.benchmarks.industry
    if not names:
        return []
    order = [name.casefold() for name in names]
    return sorted(
        of_industries(table(config), names),
        key=lambda each: (order.index(each.industry.casefold()), each.grade, -_year(each)),
    )


def _year(benchmark: Benchmark) -> int:
    return max(map(int, _YEAR.findall(benchmark.year or "")), default=0)


def attach(results: Iterable[Result], benchmarks: Sequence[Benchmark], config: Config) -> None:
    """Give each total the first figure that is of the same KPI, unit and length of time."""
    custom = {period.name for period in config.periods.custom}
    for result in results if benchmarks else ():
        if result.segment:
            continue
        length = None
        if result.period not in custom and not result.partial:
            length = config.periods.every
        if YEARLY.items() <= result.definition.items():
            length = "year"
        metric = kpi_id(config, result.metric)
        for each in benchmarks:
            same = (each.metric, each.unit) == (metric, result.unit)
            if same and each.period in (length, *ANY_LENGTH) and each.period:
                result.benchmark = each.beside
                break
