"""Which rows were updated lately: COLUMN:cells and COLUMN:ok of every row.

A row without a readable date is not known to be up to date.
"""

from __future__ import annotations

from datetime import timedelta

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import Check, cells
from crm_kpi.frames._context import Context
from crm_kpi.periods import DAY
from crm_kpi.tables import TABLES, Kind


def build(context: Context, *, table: str, column: str, days: int) -> nw.LazyFrame:
    rows = context.frame("as_read", table=table)
    checks: dict[str, Check] = {}
    if column in rows.columns:
        since = context.known - DAY - timedelta(days=days)
        moment = TABLES[table][column].kind is Kind.TIME
        recent = nw.col(column) >= nw.lit(context.instant(since) if moment else since)
        checks[column] = nw.lit(value=True), recent
    return cells(context, rows, checks, (column,))
