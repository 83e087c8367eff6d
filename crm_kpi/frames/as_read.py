"""Every row of a table as it stood in the files, the rejected ones too.

One row per row dated up to `as_of`: day (its date in the table; that of `as_of` where the
date cannot be read), kept (whether `--where` keeps it), our columns that are read, and
beside each `COLUMN:invalid`: whether its text was refused.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._cells import ROW
from crm_kpi.frames._context import Context
from crm_kpi.periods import DAY
from crm_kpi.tables import TABLES, invalid, rejected


def build(context: Context, *, table: str) -> nw.LazyFrame:
    rows, left = context.marked[table], context.marked.get(rejected(table))
    there = rows.columns
    names = [name for name in (*TABLES[table].names, ROW) if name in there]
    dated = TABLES[table].dated
    # Of a row without a date no more is known than that it stands in the file now.
    when = nw.col(dated).fill_null(context.known - DAY)
    own = [name for name in names if name != ROW]
    text = context.adapter.text
    cells = [text(n).alias(n) if n == "customer_id" else nw.col(n) for n in names]

    def picked(frame: nw.LazyFrame, **flags: nw.Expr) -> nw.LazyFrame:
        return frame.select(*context.by, *cells, "kept", day=when, **flags)

    good = picked(rows, **{invalid(name): nw.lit(value=False) for name in own})
    if left is None:
        return good
    return nw.concat([good, picked(left, **{invalid(name): nw.col(invalid(name)) for name in own})])
