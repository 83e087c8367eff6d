"""Which cells are filled: COLUMN:cells and COLUMN:ok of every row, see `_cells`.

A survey that nobody answered has no score and no date of an answer: there is nothing to fill.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import cells, filled
from crm_kpi.frames._context import Context

ANSWER = ("score", "answered_at")


def build(context: Context, *, table: str, columns: tuple[str, ...]) -> nw.LazyFrame:
    rows = context.frame("as_read", table=table)
    there = rows.columns
    every, answered = nw.lit(value=True), filled(ANSWER[0]) | filled(ANSWER[1])
    checks = {
        name: (answered if table == "surveys" and name in ANSWER else every, filled(name))
        for name in columns
        if name in there
    }
    return cells(context, rows, checks, columns)
