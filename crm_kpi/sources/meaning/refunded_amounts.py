"""What was paid back of an order, in a column beside its total.

Programs that have such a column leave the total as it was sold, so it is taken off, and said. It
is open where the total speaks of what is left, where more came back than was paid, or where the
lines of an order repeat it. Who maps the amount has declared it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.interval_words import tokens
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_columns import is_refunded
from crm_kpi.sources.meaning.status_told import COUNT, WordTally, adds_up
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import ReadOptions

_OPTION = "sources.transactions.columns.amount"
_LEFT = frozenset(("net", "netto", "thuan", "thuc", "sau", "after", "tru", "neto", "liquido"))
"""Words of a header that may say that what was paid back is off already."""


class RefundedAmounts(Question):
    """Whether what was paid back is in the total still."""

    name = "refunded_amounts"
    title = text("meaning.refunded_amounts")
    tables = frozenset({"transactions"})

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.told: list[Reading] = []

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        spec = view.spec
        status = spec.status if isinstance(spec.status, dict) else {}
        gross = spec.status == "ignore" or status.get("returned") == COUNT
        if gross or {"amount"} & (spec.columns.keys() | spec.constants.keys()):
            return HeaderAnswer()
        found = [h for h in view.headers if is_refunded(h) and view.headers.count(h) == 1]
        return HeaderAnswer(reads=tuple(found[:1]))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            return text("meaning.refunded_in_place", column=header)
        return None

    def left(self, rows: BlockRows) -> None:
        """After all others: they prove amounts as the file has them, and leave rows out."""
        header, total = self.asked[0], next(iter(self.block.headers("amount")), "")
        back = rows.numbers(header, total) if total and total != header else None
        if back is None or "amount" in self.block.derived:
            return
        amount = rows.frame["amount"]
        sold = rows.frame.select(~refunded_by_rows(rows.frame)).to_series()
        back = back.abs().fill_null(0) * sold.cast(pl.Float64)
        if not (back > 1).any():  # else flags, or nothing
            return
        net = (amount.cast(pl.Float64) - back).round(4).cast(DECIMAL)
        how, why = How.CONVENTIONAL, text("meaning.refunded_beside")
        if (net.filter(back > 0) < 0).any() or _LEFT & set(tokens(total)) or _repeated(rows, back):
            how, why = How.OPEN, text("meaning.refunded_unclear", column=header)
        what, count = text("meaning.less_it", column=header), int((back > 0).sum())
        short = text("meaning.refunded_short", column=header, count=count)
        outcomes = (
            _outcome(what, json.dumps({"minus": [total, header]}, ensure_ascii=False), net),
            _outcome(text("meaning.as_it_stands"), json.dumps(total, ensure_ascii=False), amount),
        )
        is_open = how is How.OPEN
        self.told.append(
            Reading(total, what, how, why, count, outcomes if is_open else (),
                    short=None if is_open else short)
        )  # fmt: skip
        rows.frame = rows.frame.with_columns(net.alias("amount"))

    def readings(self) -> Iterable[Reading]:
        return self.told


def refunded_by_rows(frame: pl.DataFrame) -> pl.Expr:
    """Rows that are a refund, and sales whose refund is a row of its own."""
    refund = pl.col("amount") < 0
    if "kind" in frame.columns:
        refund = refund | (pl.col("kind").cast(pl.String) == "refund")
    refund = refund.fill_null(value=False)
    if "transaction_id" in frame.columns:
        known = pl.col("transaction_id").is_not_null()
        return refund | (known & refund.any().over("transaction_id"))
    return refund


def _repeated(rows: BlockRows, back: pl.Series) -> bool:
    """Whether lines that add up to an order have the same refund several times."""
    if "transaction_id" not in rows.frame.columns or rows.once == "transaction_id":
        return False
    ids = rows.frame["transaction_id"].filter(back > 0).drop_nulls()
    return bool(ids.is_duplicated().any())


def _outcome(what: Message, value: str, amounts: pl.Series) -> Outcome:
    return Outcome(what, _OPTION, value, adds_up(WordTally(total=Decimal(amounts.sum() or 0))))
