"""The rows of a table that no metric counts, kept for those that judge the table itself.

A score of data quality has to look at all rows, the bad ones first of all. So what is
rejected is not thrown away: it is few rows, which cost nothing where all are good, and
together with the typed frame it is everything that stood in the files. Only records with
too few or too many fields are not among them, as nobody can tell their cells apart.
"""

from __future__ import annotations

import polars as pl

from crm_kpi.results import Account
from crm_kpi.sources import rules
from crm_kpi.sources.csvfile import ROW
from crm_kpi.sources.rejects import (
    FRACTIONAL_SCORE,
    NEGATIVE,
    NEGATIVE_AMOUNT,
    NO_SUCH_TIME,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_WHOLE,
    NOT_YES_OR_NO,
    PROBABILITY_OUT_OF_RANGE,
    SCORE_OUT_OF_RANGE,
    TOO_PRECISE,
    UNKNOWN_WORD,
    Rejects,
)
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import Table, invalid

OF_THE_CELL = frozenset(
    {
        *(NOT_A_DATE, NO_SUCH_TIME, NOT_A_NUMBER, TOO_PRECISE, NOT_WHOLE, NEGATIVE),
        *(FRACTIONAL_SCORE, SCORE_OUT_OF_RANGE, PROBABILITY_OUT_OF_RANGE, NEGATIVE_AMOUNT),
        *(NOT_YES_OR_NO, UNKNOWN_WORD),
    }
)
"""Reasons that say: something stands in this cell, and it cannot be right."""


def rejected(
    every: pl.DataFrame,
    used: pl.DataFrame,
    table: Table,
    options: ReadOptions,
    found: Rejects,
    account: Account,
) -> pl.DataFrame:
    """The rows of `every` that are not `used`, without those dated after `as_of`.

    Beside each column of ours stands `invalid(column)`. A cell that could not be read is
    null and invalid, one that is out of range keeps its value.
    """
    if account.rejected or account.duplicates:
        gone = every.join(used.select(ROW), on=ROW, how="anti")
    else:
        gone = every.clear()
    later = rules.future(gone, table, options.as_of)
    gone = gone if later is None else gone.filter(~later)
    # A row is rejected for its first fault; here all of them are wanted.
    again = Rejects()
    rules.check(gone, table, options, again)
    bad: dict[str, list[pl.Series]] = {}
    for fault in (*found.faults, *again.faults):
        if fault.column and fault.reason in OF_THE_CELL:
            bad.setdefault(fault.column, []).append(fault.rows)
    return gone.with_columns(
        pl.col(ROW).is_in(pl.concat(bad[name]).implode()).alias(invalid(name))
        if name in bad
        else pl.lit(value=False).alias(invalid(name))
        for name in table.names
        if name in gone.columns
    )
