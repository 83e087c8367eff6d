"""Files with a row for each line of an order, on which the order's own columns repeat."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from crm_kpi.messages import text
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault, Rejects
from crm_kpi.tables import ROW, Table

_FILE = "\0file"


def first_lines(
    frame: pl.DataFrame, table: Table, column: str, rejects: Rejects, bases: Sequence[int]
) -> tuple[pl.DataFrame, int]:
    """The frame with the first row alone of each value of `column` in each file, and how many rows
    that leaves out. `bases` are the numbers of the first rows of the files.

    They must agree: a row whose customer or required columns say something else than the first
    row that fills them is rejected. Rows without a value in `column` are all of their own.
    """
    told = dict.fromkeys(("customer_id", *table.required, "currency"))
    names = [name for name in told if name in frame.columns and name != column]
    rows = rejects.without(frame).filter(pl.col(column).is_not_null())
    file = pl.Series(bases, dtype=pl.UInt32).search_sorted(rows[ROW], side="right").alias(_FILE)
    rows = rows.with_columns(file)
    first = rows.select(pl.struct(column, _FILE).is_first_distinct()).to_series()
    others = rows.select(
        (pl.col(name) != pl.col(name).drop_nulls().first().over(column, _FILE)).fill_null(False)
        for name in names
    )
    repeats = ~first
    for name in names:
        other = others[name]
        if other.any():
            hint = text("checks.not_repeated", column=column)
            bad = rows.filter(other)
            rejects.add([Fault(bad[ROW], Reason.OTHER_LINE, name, bad[name], hint, parsed=True)])
            repeats &= ~other
    gone = rows[ROW].filter(repeats)
    return frame.filter(~pl.col(ROW).is_in(gone.implode())), len(gone)
