"""What is lawful and yet often a mistake: each said in a sentence, and in a few words.

Nothing is changed for it. Whoever knows the data can tell, so it must not go unsaid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import polars as pl

from crm_kpi import messages
from crm_kpi.invisible import BLANKS, INVISIBLE
from crm_kpi.messages import Message
from crm_kpi.tables import EPOCH, ROW, Kind, Table, day

PlausibilityWarning = tuple[Message, Message]
"""A sentence for the JSON and -v, and the few words for stderr."""

_UNSEEN = f"[{INVISIBLE}{BLANKS}]"
_FEW = 3
"""Scores that have to be there before their range says anything."""


def of_rows(
    frame: pl.DataFrame, table: Table, unique: Collection[str], bases: Sequence[int]
) -> Iterator[PlausibilityWarning]:
    """What the typed rows of a table make one ask. In the columns `unique` no value stands
    twice; `bases` are the first rows of its files."""
    yield from _old_dates(frame, table)
    yield from _twins(frame, table)
    if table.name == "transactions" and "transaction_id" not in unique:
        yield from _order_lines(frame, bases)
    if table.name == "surveys":
        yield from _low_nps(frame)


def _old_dates(frame: pl.DataFrame, table: Table) -> Iterator[PlausibilityWarning]:
    at = table.dated
    count = int((frame[at] < EPOCH).sum()) if at in frame.columns else 0
    if count:
        yield _of(table.at, _before_1970(count)), _before_1970(count)


def unseen(text: pl.Series) -> pl.Series:
    """The distinct values that hold what nobody sees, or sees as a space."""
    if text.str.len_bytes().sum() == text.str.len_chars().sum():  # which is quicker to tell
        return text.clear()
    return text.filter(text.str.contains(_UNSEEN)).unique()


def bare(text: pl.Series) -> pl.Series:
    """The values as they look."""
    return text.str.replace_all(f"[{BLANKS}]", " ").str.replace_all(f"[{INVISIBLE}]", "")


def ids(frame: pl.DataFrame, table: Table) -> list[str]:
    return [c.name for c in table.columns if c.kind is Kind.ID and c.name in frame.columns]


def _twins(frame: pl.DataFrame, table: Table) -> Iterator[PlausibilityWarning]:
    for name in ids(frame, table):
        odd = unseen(frame[name])
        if odd.is_empty():
            continue
        seen = bare(odd)
        count = int((seen.is_in(frame[name].implode()) | ~seen.is_first_distinct()).sum())
        if count:
            note = messages.text("checks.twin_ids", column=name, number=count)
            yield note, note


def _order_lines(frame: pl.DataFrame, bases: Sequence[int]) -> Iterator[PlausibilityWarning]:
    """Orders with several rows: their amounts are added up, which is right for lines alone."""
    if "transaction_id" not in frame.columns:
        return
    shared = frame.select(ROW, "transaction_id", "amount").filter(
        pl.col("transaction_id").is_not_null() & pl.col("transaction_id").is_duplicated()
    )
    if shared.is_empty():
        return
    files = pl.Series(bases, dtype=pl.UInt32).search_sorted(shared[ROW], side="right")
    orders = (
        shared.with_columns(file=files)
        .group_by("transaction_id")
        .agg(files=pl.col("file").n_unique(), amounts=pl.col("amount").n_unique())
    )
    split = int((orders["files"] > 1).sum())
    if split:
        number = _orders(split)
        yield (
            messages.text("checks.split_orders", orders=number),
            messages.text("checks.split_orders_short", orders=number),
        )
    within = orders.filter(pl.col("files") == 1)
    if not within.is_empty() and (within["amounts"] == 1).all():
        number = _orders(within.height)
        yield (
            messages.text("checks.same_amounts", orders=number),
            messages.text("checks.same_amounts_short", orders=number),
        )


def _low_nps(frame: pl.DataFrame) -> Iterator[PlausibilityWarning]:
    if not {"survey", "score"} <= set(frame.columns):
        return
    scores = frame.filter(pl.col("survey") == "nps")["score"].drop_nulls()
    highest = scores.max()
    if len(scores) >= _FEW and isinstance(highest, int) and highest <= 5:
        yield messages.text("checks.low_nps"), messages.text("checks.low_nps_short")


def _of(column: str, what: Message) -> Message:
    return messages.text("checks.of_column", column=column, what=what)


def _orders(count: int) -> Message:
    return messages.text("checks.orders", count=count)


def _before_1970(count: int) -> Message:
    return messages.text("checks.rows_before_1970", count=count)


def observed(frame: pl.DataFrame, table: Table, as_of: date) -> list[Message]:
    """Days that lie outside of what is usual, and ids that look alike: a sentence each."""
    notes = []
    for column in table.columns:
        name = day(column.name) if column.kind is Kind.TIME else column.name
        if column.kind not in (Kind.DATE, Kind.TIME) or name not in frame.columns:
            continue
        days = frame[name]
        first, last = days.min(), days.max()
        if column.name != table.at and isinstance(first, date) and first < EPOCH:
            notes.append(_of(column.name, _before_1970(int((days < EPOCH).sum()))))
        if isinstance(last, date) and last > as_of:
            count = int((days > as_of).sum())
            late = messages.text("checks.rows_after", count=count, as_of=as_of)
            notes.append(_of(column.name, late))
    if table.name == "customers":
        alike = _alike(frame["customer_id"])
        if alike:
            notes.append(messages.text("checks.alike_ids", number=alike))
    return notes


def _alike(ids: pl.Series) -> int:
    """How many ids are another one's if case and Unicode form do not count."""
    folded = ids.str.to_lowercase()
    if (ids.str.len_bytes() != ids.str.len_chars()).any():
        folded = folded.str.normalize("NFKC")
    return ids.hash().n_unique() - folded.hash().n_unique()
