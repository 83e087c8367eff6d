"""Rows that stand twice, and ids that two rows claim."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from crm_kpi.messages import text
from crm_kpi.readings import How, Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks.customer_stays import joined_stays
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault, Locator, Rejects
from crm_kpi.tables import JOINED, ROW, Table

Content = tuple[int, tuple[tuple[str, str], ...]]
"""The source block of a row, and all its fields: what makes two rows equal."""


def unique_ids(frame: pl.DataFrame, table: Table, columns: frozenset[str]) -> frozenset[str]:
    """The columns of ids of this table in which no value stands twice. One is enough to know
    that no two rows are equal."""
    names = [name for name in (table.id, "transaction_id") if name in columns]
    return frozenset(name for name in names if name and _is_unique(frame.select(name)))


def settle(
    frame: pl.DataFrame,
    table: Table,
    columns: frozenset[str],
    policy: str | None,
    block_of: Sequence[int],
    locator: Locator,
    rejects: Rejects,
    audit: SourceAudit,
    height: int,
) -> pl.DataFrame:
    """Drop or keep equal rows, and reject rows with the id of another.

    `policy` is `keep`, `drop` or None: drop where rows have an id of their own,
    else keep. So it is with orders where every other id stands once; else they are lines.
    `block_of` says to which block each file of the locator belongs, `height` how many rows the
    table has, of which the frame may hold only those that share something.
    """
    keyed = table.id is not None and table.id in columns
    key = key_of(table, columns, frame.columns)
    suspects = _twice(frame, key)
    if keyed:
        suspects = suspects.filter(pl.col(key[0]).is_not_null())
    if suspects.is_empty():
        return frame
    equal = _repeated(suspects, block_of, locator)
    again = pl.Series(equal, dtype=pl.UInt32).implode()
    if equal and (
        policy == "drop"
        or (policy is None and (keyed or _are_copies(frame, columns, height, len(equal))))
    ):
        frame = frame.filter(~pl.col(ROW).is_in(again))
        audit.duplicates += len(equal)
    elif equal:
        audit.notes.append(text("checks.equal_rows", count=len(equal)))
    if table.name == "customers" and keyed:
        return _with_joined_stays(frame, frame.filter(pl.col(ROW).is_in(again)), audit)
    if keyed:
        _reject_claims(suspects.filter(~pl.col(ROW).is_in(again)), key, rejects)
        frame = rejects.without(frame)
    return frame


def _with_joined_stays(
    frame: pl.DataFrame, again: pl.DataFrame, audit: SourceAudit
) -> pl.DataFrame:
    """Customers whose stays overlap, each once; `again` are equal rows that are kept."""
    others = frame.filter(~frame[ROW].is_in(again[ROW].implode()))
    joined = joined_stays(others)
    count = others.height - joined.height
    if not count:
        return frame
    audit.duplicates += count
    header = str(audit.columns.get("customer_id", "customer_id"))
    short = text("checks.joined_stays_short", count=count)
    taken, why = text("checks.joined_stays"), text("checks.stays_overlap")
    audit.meaning.append(Reading(header, taken, How.CONVENTIONAL, why, count, short=short))
    again = again.with_columns(pl.lit(value=False).alias(JOINED))
    return pl.concat([joined, again]).sort(ROW)


def _are_copies(frame: pl.DataFrame, columns: frozenset[str], height: int, equal: int) -> bool:
    """Whether equal rows are orders that stand twice, not lines of an order: no order has rows
    that differ, and others stand once."""
    order = pl.col("transaction_id")
    if "transaction_id" not in columns or "transaction_id" not in frame.columns:
        return False
    shared = frame.filter(order.is_not_null() & order.is_duplicated())
    return height > len(shared) and len(shared) - shared["transaction_id"].n_unique() == equal


def key_of(table: Table, columns: frozenset[str], there: Sequence[str]) -> list[str]:
    """The columns that name a row, or all where none does. One response may answer several
    surveys."""
    if table.id is None or table.id not in columns:
        return sorted(columns.intersection(there))
    survey = ["survey"] if table.name == "surveys" and "survey" in there else []
    return [table.id, *survey]


def _twice(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The rows that share all of these columns with another."""
    if not names or _is_unique(frame.select(names)):
        return frame.clear()
    return frame.filter(frame.select(names).is_duplicated())


def _is_unique(columns: pl.DataFrame) -> bool:
    """Whether no two rows agree in all of these columns."""
    if columns.width == 1 and is_increasing(columns.to_series()):
        return True  # exports are often in the order of their id
    # As many hashes as rows: all differ. Fewer: perhaps only the hashes agree.
    return columns.hash_rows().n_unique() == columns.height or not columns.is_duplicated().any()


def is_increasing(column: pl.Series) -> bool:
    """Whether each row has a value that is greater than the one before."""
    if column.null_count() or not column.is_sorted():
        return False
    return bool((column.slice(1) != column.head(-1)).all())


def _repeated(suspects: pl.DataFrame, block_of: Sequence[int], locator: Locator) -> list[int]:
    """The rows that repeat an earlier one in every column of the file, read or not."""
    seen: set[Content] = set()
    repeated = []
    for row in suspects[ROW]:
        content = block_of[locator.part(row)], locator.content(row)
        if content in seen:
            repeated.append(row)
        seen.add(content)
    return repeated


def _reject_claims(rows: pl.DataFrame, key: list[str], rejects: Rejects) -> None:
    """Reject each row with the id of an earlier row and other content."""
    claims = rows.filter(~pl.struct(key).is_first_distinct())
    if not claims.is_empty():
        hint = text("checks.same_id")
        rejects.add([Fault(claims[ROW], Reason.OTHER_CONTENT, key[0], claims[key[0]], hint)])
