"""Whether amounts are in cents, as the interfaces of payment programs give them.

Whole numbers in a column of small letters, beside currencies in small letters: that is how they
write `4900` for 49.00. With other marks of such a table it is conventional, without it is open.
Currencies without cents are as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import polars as pl

from crm_kpi.currencies import CODES
from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import DerivedColumn, ReadOptions
from crm_kpi.tables import TABLES, Kind

_PLACES: Mapping[int, tuple[str, ...]] = {
    0: (
        "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
        "xaf", "xof", "xpf",
    ),
    3: ("bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"),
}  # fmt: skip
"""Decimals of currencies that have not two of them, as ISO 4217 has it."""
_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_MARKS = frozenset(
    ("livemode", "object", "captured", "amount_refunded", "amount_captured", "amount_due",
     "amount_paid", "amount_remaining", "balance_transaction", "balance_transaction_id",
     "payment_intent", "payment_intent_id", "application_fee_amount", "amount_received",
     "receipt_email", "latest_charge", "metadata",
     "statement_descriptor", "unit_amount_decimal", "recurring_interval", "refunded", "paid",
     "available_on", "reporting_category", "_fivetran_synced"),
)  # fmt: skip
"""Headers of tables of such an interface; several of them are no chance."""
_ID = r"\A(?:ch|py|pi|in|il|ii|sub|si|re|txn|cus|price|plan|prod|cs|po)_[0-9A-Za-z]{1,}\z"
_ENOUGH = 3
_WHOLE = re.compile(r"-?[0-9]+(?:\.0*)?")
_TABLES = frozenset(
    table.name
    for table in TABLES.values()
    if "currency" in table and any(c.kind is Kind.MONEY for c in table.columns)
)


class MinorUnits(Question):
    """Whether whole amounts beside currencies in small letters are cents."""

    name = "minor_units"
    title = text("meaning.minor_units")
    tables = _TABLES
    in_parts = True
    in_all_files = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.reading: Reading | None = None
        self.taken: set[bool] = set()

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        names = ["currency", *(c.name for c in view.table.columns if c.kind is Kind.MONEY)]
        currency, *money = (_header(view, name) for name in names)
        snakes = [h for h in (currency, *money) if h is not None and _SNAKE.fullmatch(h)]
        if view.spec.scale is not None or currency not in snakes or len(snakes) == 1:
            return HeaderAnswer()
        return HeaderAnswer(reads=("currency",))

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return super().concerns(block, options) and not any(part.scales for part in block.parts)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        few = words(_header(view, "currency") or "currency")
        amounts = words(_header(view, "amount") or "amount")
        whole = amounts and all(_WHOLE.fullmatch(amount) for amount in amounts)
        return text("meaning.unit_in_place") if few and _small(few) and whole else None

    def rows(self, rows: BlockRows) -> None:
        frame = rows.frame
        currency = frame["currency"] if "currency" in frame.columns else None
        few = words(currency) if currency is not None else None
        money = [c.name for c in rows.block.table.columns if c.kind is Kind.MONEY]
        money = [name for name in money if name in frame.columns]
        if currency is None or not few or not _small(few) or not money:
            return
        whole = all(bool((frame[name] == frame[name].round(0)).all()) for name in money)
        cents = whole and not set(few) <= {*_PLACES[0]}
        self.taken.add(cents)
        if cents:
            self._take(rows, money)

    def _take(self, rows: BlockRows, money: Sequence[str]) -> None:
        frame = rows.frame
        factor = pl.lit(Decimal("0.01"), DECIMAL)
        for places, codes in _PLACES.items():
            by = pl.lit(Decimal(1).scaleb(-places), DECIMAL)
            factor = pl.when(pl.col("currency").is_in(codes)).then(by).otherwise(factor)
        cents = frame.with_columns((pl.col(name) * factor).cast(DECIMAL) for name in money)
        column = (rows.block.headers(money[0]) or money)[0]
        marks = _marks(rows)
        if marks is None:
            both = _sum(cents, money[0]), _sum(frame, money[0])
            self.reading = _open(rows.block, column, frame.height, both)
        else:
            self.reading = Reading(
                column,
                text("meaning.in_cents"),
                How.CONVENTIONAL,
                text("meaning.as_of_api", marks=marks),
                frame.height,
                short=text("meaning.in_cents_short", column=column),
            )
        rows.frame = cents

    def readings(self) -> Iterable[Reading]:
        if self.reading is not None and len(self.taken) > 1:
            # Read in parts, of which some have whole amounts alone.
            yield _open(self.block, self.reading.column, self.reading.rows, (None, None))
        elif self.reading is not None:
            yield self.reading


def _open(
    block: MappedBlock, column: str, rows: int, sums: tuple[Message | None, Message | None]
) -> Reading:
    option, (small, large) = f"sources.{block.table.name}.scale", sums
    outcomes = (
        Outcome(text("meaning.in_cents"), option, "0.01", small),
        Outcome(text("meaning.in_whole_units"), option, "1", large),
    )
    why = text("meaning.like_api")
    return Reading(column, text("meaning.in_cents"), How.OPEN, why, rows, outcomes)


def _small(few: Iterable[str]) -> bool:
    return all(word.islower() and word.upper() in CODES for word in few)


def _header(view: HeaderView, column: str) -> str | None:
    """The file's own header of a column, of a derived one the first that it is made from."""
    source = view.spec.columns.get(column)
    if isinstance(source, DerivedColumn):
        source = source.headers[0]
    if source is None:
        found = headers.matches(view.table, column, view.headers)
        return view.headers[found[0]] if len(found) == 1 else None
    if isinstance(source, int):
        return view.headers[source - 1] if 0 < source <= len(view.headers) else None
    wanted = [key(name) for name in ((source,) if isinstance(source, str) else source)]
    return next((header for header in view.headers if key(header) in wanted), None)


def _marks(rows: BlockRows) -> Message | None:
    """What else says that an interface has written the table; None where nothing does."""
    for name in ("transaction_id", "subscription_id", "customer_id"):
        if name in rows.frame.columns:
            ids = rows.frame[name].drop_nulls()
            if len(ids) and bool(ids.str.contains(_ID).all()):
                return first_of([repr(ids[0])], 0)
    there = {header for part in rows.block.parts for header in part.file.headers}
    marks = sorted(there & _MARKS)
    return first_of(map(repr, marks[:3]), 0) if len(marks) >= _ENOUGH else None


def _sum(frame: pl.DataFrame, column: str) -> Message:
    return adds_up(WordTally(total=Decimal(str(frame[column].sum() or 0))))
