"""What another column proves of a bare amount of subscriptions: seats and months are in it, or not.

amount × quantity = total          it is that of a seat
amount = total                     it is that of all
amount × 12 = annual               it is that of all, by the month
amount × quantity × 12 = annual    it is that of a seat, by the month
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from crm_kpi.messages import Message, joined, text
from crm_kpi.sources.mapping import headers as known_headers
from crm_kpi.sources.meaning.interval_words import period_of, tokens
from crm_kpi.sources.meaning.order_columns import same
from crm_kpi.sources.meaning.question import BlockRows, HeaderView
from crm_kpi.sources.meaning.recurring_amounts import has, has_any

_AMOUNT = "amount"
_TOTAL = {
    "total", "tong", "thanhtien", "gesamt", "gesamtbetrag", "summe", "totale", "razem", "toplam",
    "sum", "montanttotal", "importetotal", "valortotal",
}  # fmt: skip
_MONTHS = 12
_ENOUGH = 2
"""Rows of several seats that prove something: one may do so by chance."""


@dataclass(frozen=True)
class AmountProof:
    """What the rows prove of an amount."""

    by_seat: bool
    by_month: bool
    why: Message


def says_total(header: str) -> bool:
    """Whether a header speaks of a total."""
    words = tokens(header)
    pairs = {first + second for first, second in pairwise(words)}
    return bool(({*words} | pairs) & _TOTAL)


def proving_headers(view: HeaderView) -> tuple[str, ...]:
    """Headers of totals and of amounts by the year, beside a bare amount and a quantity."""
    columns = view.spec.columns.keys() | view.spec.constants.keys()
    others = ("mrr", "arr", "unit_amount")
    if _AMOUNT in columns or not has(view, "quantity") or any(has_any(view, n) for n in others):
        return ()
    return tuple(header for header in view.headers if is_proving(header))


def is_proving(header: str) -> bool:
    """Whether a header is that of a total, or of an amount by the year."""
    return says_total(header) or period_of(header) == "year"


def bare_amount(view: HeaderView) -> str | None:
    """Of two headers that can be the amount, the one that is no total, where `proving_headers`
    has the other."""
    places = known_headers.matches(view.table, _AMOUNT, view.headers)
    named = [view.headers[place] for place in places]
    proving = [header for header in named if header in proving_headers(view)]
    bare = [header for header in named if header not in proving and period_of(header) is None]
    return bare[0] if len(named) == 2 and len(bare) == len(proving) == 1 else None


def proof(rows: BlockRows, values: pl.Series, header: str, other: str) -> AmountProof | None:
    """What a column proves of the amounts `values` under `header`."""
    theirs = rows.numbers(other, header)
    if theirs is None or "quantity" not in rows.frame.columns:
        return None
    seats = rows.frame["quantity"].fill_null(1).cast(pl.Float64)
    amount = values.cast(pl.Float64)
    told = theirs.is_not_null() & amount.is_not_null() & (amount != 0) & (seats != 1)
    if int(told.sum()) < _ENOUGH:
        return None
    quantity = text("meaning.quantity")
    if period_of(other) == "year":
        annual = [(False, (header, "12")), (True, (header, quantity, "12"))]
        for by_seat, factors in annual:
            if same(amount * (seats if by_seat else 1) * _MONTHS, theirs):
                return AmountProof(by_seat, True, _why(factors, other))
        return None
    if same(amount * seats, theirs):
        return AmountProof(True, False, _why((header, quantity), other))
    if same(amount, theirs):
        return AmountProof(False, False, _why((header,), other))
    return None


def _why(factors: tuple[str, ...], total: str) -> Message:
    return text("meaning.product_is", product=joined(factors, " × "), total=total)
