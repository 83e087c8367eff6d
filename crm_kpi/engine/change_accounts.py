"""What is asked about changes: of one metric by name, or of every metric of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crm_kpi.analyses._spec import Comparison, Row
from crm_kpi.engine import two_periods
from crm_kpi.engine.finish import normalize_row
from crm_kpi.engine.plan import KpiQuery, requests
from crm_kpi.engine.segments import lacks
from crm_kpi.engine.two_periods import Split, why_not
from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Kpi, KpiRequest, of_type
from crm_kpi.messages import Message, text
from crm_kpi.metrics._spec import Metric
from crm_kpi.periods import Period

if TYPE_CHECKING:
    from crm_kpi.config import Config

TABLE = "drivers"


def columns_asked(query: KpiQuery, asked: Iterable[KpiRequest[Kpi]]) -> list[str]:
    """The columns beside those of --by that changes are told by."""
    own = (request.kpi.accounts(request.definition) or () for request in asked)
    return [*query.drivers, *(column for columns in own for column in columns)]


@dataclass(frozen=True)
class ChangeAccounts:
    """The changes of metrics, in the tables of a run.

    whole, open_since: as `coverages` takes them.
    notes: takes what is to be said of them.
    """

    config: Config
    query: KpiQuery
    context: FrameContext
    whole: Sequence[Period]
    open_since: Mapping[str, date]
    notes: list[Message]

    def compare(
        self, metric: str, columns: Sequence[str], before: str | None, after: str | None
    ) -> Comparison | None:
        """See `crm_kpi.analyses._spec.ComparePeriods`.

        Raises:
            UsageError: as `pair` says.
        """
        both = two_periods.pair(self.config.periods, self.context, before, after)
        if both is None:
            self.notes.append(text("engine.no_two_periods"))
            return None
        (request,) = of_type(requests(self.config, [metric], self.context.tables.columns), Metric)
        wanted = [*columns, *self.query.by, *self._everywhere(request)]
        split = Split(request, list(dict.fromkeys(wanted)))
        (found,) = two_periods.compare(self.context, [split], both, self.whole, self.open_since)
        if not (split.columns or found.factors):
            self.notes.append(text("engine.name_columns", metric=metric))
        for period, side in zip(both, found.whole, strict=True):
            if side.value.value is None:
                reason = side.value.reason
                self.notes.append(
                    text("engine.no_value_then", metric=metric, period=period.label, reason=reason)
                )
        return found

    def of_others(self, asked: Sequence[KpiRequest[Kpi]]) -> list[Row]:
        """The accounts of all metrics in whose tables are columns that every change is told by,
        but for those that an analysis is about already."""
        from crm_kpi.analyses.drivers import account

        told = {about.name for request in asked for about in request.made_of}
        splits = [
            Split(request, columns)
            for request in of_type(asked, Metric)
            if request.name not in told and why_not(request) is None
            for columns in [self._everywhere(request)]
            if columns
        ]
        both = two_periods.pair(self.config.periods, self.context)
        if both is None or not splits:
            return []
        found = two_periods.compare(self.context, splits, both, self.whole, self.open_since)
        return [normalize_row(row) for each in found for row in account(each)]

    def _everywhere(self, request: KpiRequest[Kpi]) -> list[str]:
        tables = self.context.tables
        return [
            column
            for column in self.query.drivers
            if not any(lacks(tables, table, [column]) for table in request.needs)
        ]
