"""The rows of a table that no metric counts, kept for those that judge the table itself.

A score of data quality has to look at all rows, the bad ones first of all. So what is
rejected is not thrown away: it is few rows, which cost nothing where all are good, and
together with the typed frame it is everything that stood in the files. Only records with
too few or too many fields are not among them, as nobody can tell their cells apart.
"""

from __future__ import annotations

import polars as pl

from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks import rules
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Rejects
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import JOINED, ROW, Table, invalid


def rejected(
    every: pl.DataFrame,
    used: pl.DataFrame,
    table: Table,
    options: ReadOptions,
    rejects: Rejects,
    audit: SourceAudit,
) -> pl.DataFrame:
    """The rows of `every` that are not `used` as they are, without those dated after `as_of`.

    Beside each column of ours stands `invalid(column)`. A cell that could not be read is
    null and invalid, one that is out of range keeps its value.
    """
    if audit.rejected or audit.duplicates:
        whole = used.filter(~pl.col(JOINED)) if JOINED in used.columns else used
        gone = every.join(whole.select(ROW), on=ROW, how="anti")
    else:
        gone = every.clear()
    gone = rules.without_future(gone, table, options)
    # A row is rejected for its first fault; here all of them are wanted.
    again = Rejects()
    rules.check(gone, table, options, again)
    bad: dict[str, list[pl.Series]] = {}
    for fault in (*rejects.faults, *again.faults):
        if fault.column and isinstance(fault.reason, Reason) and fault.reason.of_cell:
            bad.setdefault(fault.column, []).append(fault.rows)
    return gone.with_columns(
        pl.col(ROW).is_in(pl.concat(bad[name]).implode()).alias(invalid(name))
        if name in bad
        else pl.lit(value=False).alias(invalid(name))
        for name in table.names
        if name in gone.columns
    )
