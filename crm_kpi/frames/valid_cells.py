"""Which filled cells hold what they should: COLUMN:cells and COLUMN:ok of every row.

Dates, numbers, scores, words: that the text could be read and is in range. E-mail, phone:
that it can be one. `allowed`: that it is one of these values, in any capitals.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import Check, cells, filled
from crm_kpi.frames._context import Context
from crm_kpi.tables import TABLES, Kind, invalid

CONTACTS = ("email", "phone")
Allowed = tuple[tuple[str, tuple[str, ...]], ...]


def build(
    context: Context, *, table: str, columns: tuple[str, ...], region: str, allowed: Allowed
) -> nw.LazyFrame:
    rows = context.frame("phones", table=table, region=region)
    there = rows.columns
    among = dict(allowed)
    checks: dict[str, Check] = {}
    for name in columns:
        if name not in there:
            continue
        right = ~nw.col(invalid(name))
        if name in CONTACTS:
            right &= nw.col(f"{name}:right")
        if name in among:
            wanted = [value.lower() for value in among[name]]
            right &= nw.col(name).cast(nw.String).str.to_lowercase().is_in(wanted)
        checks[name] = filled(name), right
    return cells(context, rows, checks, columns)


def judged(table: str) -> tuple[str, ...]:
    """The columns of which more is known than that they are text."""
    texts = (Kind.ID, Kind.TEXT)
    return tuple(
        column.name
        for column in TABLES[table].columns
        if column.kind not in texts or column.name in CONTACTS
    )
