"""Tables of which every row is left out: the answer is not that there are none."""

from __future__ import annotations

from collections.abc import Mapping

from crm_kpi.engine.plan import Requests
from crm_kpi.errors import DataError
from crm_kpi.messages import Message, joined, text
from crm_kpi.results import Result, SourceAudit
from crm_kpi.sources.loading.loaded_table import TableInput


def reasons(loaded: Mapping[str, TableInput]) -> dict[str, Message]:
    """Table: why none of its rows is used, where that is no fault of theirs."""
    return {
        name: _reason(table.audit)
        for name, table in loaded.items()
        if (audit := table.audit).rows and audit.rows == audit.excluded + audit.future
    }


def _reason(audit: SourceAudit) -> Message:
    why: list[Message] = list(audit.left_out)
    if audit.excluded and not why:
        why.append(text("engine.rows_excluded", number=audit.excluded))
    if audit.future:
        why.append(text("engine.rows_in_future", number=audit.future))
    return text("engine.nothing_left", table=audit.table, rows=audit.rows, why=joined(why))


def refuse(ready: Requests, nothing: Mapping[str, Message]) -> None:
    """
    Raises:
        DataError: the main table of a KPI that is asked for alone has no row left.
    """
    for request in ready:
        table = next(iter(request.needs), "")
        if table in nothing:
            raise DataError(nothing[table], hint=text("engine.take_rows_back", table=table))


def explain(results: list[Result], ready: Requests, nothing: Mapping[str, Message]) -> None:
    """Results without a value say why no row of their main table is left."""
    mains = {request.name: next(iter(request.needs), "") for request in ready}
    for result in results:
        reason = nothing.get(mains.get(result.metric, ""))
        if reason is not None and result.value is None:
            result.reason = reason
