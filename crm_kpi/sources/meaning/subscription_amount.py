"""What the amount of a subscription covers: one seat or all of them, an interval, a month, a year.

    unit_amount   one seat for an interval: times quantity
    mrr, arr      all seats for a month, for a year
    amount        all seats for an interval, where it is declared or its header names a total

An amount of another header beside a quantity that is not 1 is open, unless the rows prove it: a
unit price times the quantity is the total beside it, or the amounts of each plan follow the
quantity, or do not. All become `amount`, for the whole subscription and its interval.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping import headers as known_headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.amount_proofs import (
    AmountProof,
    bare_amount,
    is_proving,
    proof,
    proving_headers,
    says_total,
)
from crm_kpi.sources.meaning.interval_words import MONTHS, period_of
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has, monthly, plan_header
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.numeric_columns import DECIMAL, multiplied
from crm_kpi.sources.spec import ReadOptions, SourceColumn
from crm_kpi.tables import INTERVALS

_OPTION = "sources.subscriptions.columns"
_FOUR = ("mrr", "arr", "amount", "unit_amount")
_OF_PERIOD = {"mrr": "month", "arr": "year"}
_CENT = Decimal("0.01")
_ENOUGH = 2
"""Plans, or groups of rows, that have to show whether amounts follow the quantity."""


class SubscriptionAmount(Question):
    """Whether an amount is that of a seat or of all, and for how long."""

    name = "amount"
    title = text("meaning.amount_covers")
    tables = frozenset({"subscriptions"})
    in_parts = True
    of_bare_amounts = False

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.told: dict[Reading, int] = {}
        declared = _declared(block)
        self.proving = _proving(block)
        self.proof: AmountProof | None = None
        there = [name for name in _FOUR if any(name in part.reads for part in block.parts)]
        there += [name for name in _FOUR if name in block.derived or name in block.spec.constants]
        told = [name for name in there if name in declared]
        self.source = next(iter(told or there), "amount")
        self.declared = bool(told)
        header = (block.headers(self.source) or ("",))[0]
        self.header = header
        # A header that says month or year says it of a column that is declared, too.
        same = [n for n in _OF_PERIOD if n in there and header in block.headers(n)]
        if told and self.source == "amount" and same and "interval" not in declared:
            self.source, self.declared = same[0], False
        self.period = _OF_PERIOD.get(self.source)
        if self.period is None and "interval" not in declared and self.header:
            self.period = period_of(self.header)

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if not has(view, "quantity"):
            return HeaderAnswer()
        # Its text tells how numbers are written.
        proving = proving_headers(view)
        beside = known_headers.matches(view.table, "amount", view.headers) if proving else ()
        reads = (*plan_header(view), *proving, *(view.headers[place] for place in beside))
        return HeaderAnswer(reads=tuple(dict.fromkeys(reads)))

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        others = {"quantity", "unit_amount", "mrr", "arr"}
        there = any(others & part.has.keys() for part in block.parts)
        there = there or any(map(period_of, block.headers("amount")))
        return there and _may_be_open(block) == cls.of_bare_amounts

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        declared = view.spec.columns.keys()
        others = [n for n in _FOUR if n != "amount" and (n in declared or n in view.headers)]
        if "unit_amount" in declared and others == ["unit_amount"]:
            return None
        if not others and ("amount" in declared or "quantity" not in view.headers):
            return None
        many = words(str(view.spec.columns.get("quantity", "quantity")))
        if others == ["unit_amount"] and "amount" not in view.headers:
            return None
        if not others and many is not None and set(many) <= {"1"}:
            return None
        return text("meaning.amount_in_place")

    def rows(self, rows: BlockRows) -> None:
        frame = rows.frame
        values = frame[self.source] if self.source in frame.columns else None
        if values is None:
            return
        if self._by_seat(rows, values):
            values = _times_quantity(frame, values)
        rows.frame = frame.drop([n for n in _FOUR if n in frame.columns]).with_columns(
            values.alias("amount")
        )
        if self.period is not None:
            rows.frame = _for_interval(rows, self.period)
            self._tell_period(rows)

    def _tell_period(self, rows: BlockRows) -> None:
        by_month = self.period == "month"
        known = How.DECLARED if self.declared else How.CONVENTIONAL
        why = _says_header(self.declared, self.source)
        if self.proof is not None and self.proof.by_month:
            known, why = How.PROVED, self.proof.why
        self._add(
            Reading(
                self.header,
                text("meaning.of_month") if by_month else text("meaning.of_year"),
                known,
                why,
                rows.frame.height,
                short=text("meaning.of_month_short", column=self.header)
                if by_month
                else text("meaning.of_year_short", column=self.header),
            )
        )

    def _by_seat(self, rows: BlockRows, values: pl.Series) -> bool:
        """Whether amounts have to be multiplied by the quantity; how that is known is told."""
        quantity = rows.frame["quantity"] if "quantity" in rows.frame.columns else None
        many = quantity is not None and bool((quantity != 1).any())
        unit = self.source == "unit_amount"
        if unit and quantity is None:
            self._add(
                Reading(
                    self.header,
                    text("meaning.one_seat_each"),
                    How.CONVENTIONAL,
                    text("meaning.no_quantity"),
                    rows.frame.height,
                    short=text("meaning.one_seat_each_short", column=self.header),
                )
            )
        if not many or self.source in _OF_PERIOD:
            return unit
        if self.declared or (unit and "amount" not in rows.frame.columns):
            how = How.DECLARED if self.declared else How.CONVENTIONAL
            self._tell(rows, unit, how, _says_header(self.declared, self.source))
            return unit
        proved = self._proof(rows, values)
        if proved is not None:
            by_seat, why = proved
            self._tell(rows, by_seat, How.PROVED, why)
            return by_seat
        if unit or says_total(self.header):
            self._tell(rows, unit, How.CONVENTIONAL, _says_header(False, self.source))
            return unit
        self._ask(rows, values)
        return False

    def _proof(self, rows: BlockRows, values: pl.Series) -> tuple[bool, Message] | None:
        frame = rows.frame
        if self.source == "amount" and "unit_amount" in frame.columns:
            total = _times_quantity(frame, frame["unit_amount"])
            if _equal(total, values):
                unit = self.block.headers("unit_amount")[0]
                return False, text("meaning.unit_times_quantity", unit=unit, total=self.header)
        for header in self.proving:
            self.proof = proof(rows, values, self.header, header)
            if self.proof is not None:
                self.period = "month" if self.proof.by_month else self.period
                return self.proof.by_seat, self.proof.why
        groups = [n for n in ("interval", "interval_count", "currency") if n in frame.columns]
        beside = {*self.proving, self.header}
        plans = [rows.text(name) for name in self.asked if name not in beside]
        plans = [plan for plan in plans if plan is not None]
        whole = frame.select(*groups, "quantity", value=values).with_columns(
            plan=plans[0] if plans else pl.lit("")
        )
        whole = whole.filter(pl.col("value") > 0, pl.col("quantity") > 0)
        each = pl.col("value").cast(pl.Float64) / pl.col("quantity")
        spread = (
            whole.with_columns(each=each)
            .group_by("plan", *groups)
            .agg(
                quantities=pl.col("quantity").n_unique(),
                rows=pl.len(),
                values=pl.col("value").n_unique(),
                apart=pl.col("each").max() - pl.col("each").min(),
            )
            .filter(pl.col("quantities") > 1)
        )
        if spread.is_empty() or int(spread["rows"].sum()) <= _ENOUGH * spread.height:
            return None
        if (spread["values"] == 1).all():
            return True, text("meaning.same_for_all_quantities")
        if (spread["apart"] <= float(_CENT)).all():
            return False, text("meaning.follows_quantity")
        return None

    def _ask(self, rows: BlockRows, values: pl.Series) -> None:
        name = json.dumps(self.header, ensure_ascii=False)
        frame = rows.frame if self.period is None else _for_interval(rows, self.period)
        outcomes: tuple[Outcome, ...] = (
            Outcome(
                text("meaning.of_all_seats"),
                f"{_OPTION}.amount",
                name,
                monthly(frame, values, self.options),
            ),
            Outcome(
                text("meaning.of_a_seat"),
                f"{_OPTION}.unit_amount",
                name,
                monthly(frame, _times_quantity(rows.frame, values), self.options),
            ),
        )
        for header in self.proving:
            theirs = rows.numbers(header, self.header) if period_of(header) is None else None
            if theirs is not None:
                total = theirs.round(4).cast(DECIMAL)
                outcomes += (
                    Outcome(
                        text("meaning.from_column", column=header),
                        f"{_OPTION}.amount",
                        json.dumps(header, ensure_ascii=False),
                        monthly(frame, total, self.options),
                    ),
                )
        seats = self.block.headers("quantity")[0]
        why = text("meaning.beside_quantity", quantity=seats)
        many = int((rows.frame["quantity"] != 1).sum())
        self._add(Reading(self.header, outcomes[0].what, How.OPEN, why, many, outcomes))

    def _tell(self, rows: BlockRows, by_seat: bool, known: How, why: Message) -> None:
        seats = self.block.headers("quantity")[0]
        self._add(
            Reading(
                self.header,
                text("meaning.times_quantity", quantity=seats)
                if by_seat
                else text("meaning.of_all_seats"),
                known,
                why,
                int((rows.frame["quantity"] != 1).sum()),
                short=text("meaning.times_quantity_short", column=self.header, quantity=seats)
                if by_seat
                else text("meaning.of_all_seats_short", column=self.header, quantity=seats),
            )
        )

    def _add(self, reading: Reading) -> None:
        """Our own names are what they say; nobody needs a line for them."""
        ours = key(self.header) == key(self.source) and self.source != "amount"
        alike = replace(reading, rows=0, short=None if ours else reading.short)
        self.told[alike] = self.told.get(alike, 0) + reading.rows

    def readings(self) -> Iterable[Reading]:
        return [replace(reading, rows=rows) for reading, rows in self.told.items()]


class SeatOrAll(SubscriptionAmount):
    """The same of amounts of which the rows have to prove whether they are those of a seat."""

    name = "seats"
    in_parts = False
    of_bare_amounts = True

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        """Of two amounts, one of them a total, the other is the amount until rows have told."""
        bare = bare_amount(view)
        columns: dict[str, SourceColumn] = {} if bare is None else {"amount": bare}
        return replace(super().headers(view), columns=columns)


def _proving(block: MappedBlock) -> list[str]:
    """The headers of which the rows may prove what the amount is; none where it is declared."""
    asked = [name for part in block.parts for name in part.asked.get(SeatOrAll.name, ())]
    amounts = block.headers("amount")
    return [name for name in dict.fromkeys(asked) if is_proving(name) and name not in amounts]


def _declared(block: MappedBlock) -> frozenset[str]:
    """Our columns that the user has mapped, or a preset."""
    declared = block.spec.columns.keys() | block.spec.constants.keys()
    return frozenset(declared - {"amount"} if _proving(block) else declared)


def _may_be_open(block: MappedBlock) -> bool:
    declared = _declared(block)
    there = {name for part in block.parts for name in part.has}
    return (
        "quantity" in there
        and any("amount" in part.reads for part in block.parts)
        and not declared & {*_FOUR}
        and not there & {"mrr", "arr"}
    )


def _says_header(declared: bool, source: str) -> Message:
    if declared:
        return text("meaning.by_option", option=f"{_OPTION}.{source}")
    return text("meaning.header_says")


def _times_quantity(frame: pl.DataFrame, values: pl.Series) -> pl.Series:
    if "quantity" not in frame.columns:
        return values
    quantity = frame["quantity"].fill_null(1).cast(pl.Decimal(38, 0))
    return multiplied(values, quantity).cast(DECIMAL)


def _equal(left: pl.Series, right: pl.Series) -> bool:
    """Whether two columns agree, up to a cent, on all rows that have both, and there are some."""
    both = left.is_not_null() & right.is_not_null()
    return bool(both.any()) and bool(((left - right).filter(both).abs() <= _CENT).all())


def _for_interval(rows: BlockRows, period: str) -> pl.DataFrame:
    """Amounts by the month or the year become those of each row's interval, where that is exact;
    else the interval becomes theirs."""
    frame = rows.frame
    months = pl.lit(None, pl.Int64)
    if "interval" in frame.columns:
        unit = pl.col("interval").cast(pl.String)
        months = unit.replace_strict(MONTHS, default=None, return_dtype=pl.Int64)
        if "interval_count" in frame.columns:
            months = months * pl.col("interval_count").fill_null(1)
    else:
        rows.make("interval", "amount")
    of_period = MONTHS[period]
    frame = frame.with_columns(months=months)
    exact = (pl.col("months") % of_period == 0).fill_null(value=False)
    times = pl.when(exact).then(pl.col("months") // of_period).otherwise(1)
    frame = frame.with_columns(times=times, exact=exact)
    product = multiplied(frame["amount"], frame["times"].cast(pl.Decimal(38, 0))).cast(DECIMAL)
    choices = pl.Enum(INTERVALS)
    there = "interval" in frame.columns
    interval = pl.col("interval").cast(choices) if there else pl.lit(None, choices)
    kept = pl.when("exact").then(interval).otherwise(pl.lit(period, choices))
    frame = frame.with_columns(product.alias("amount"), kept.alias("interval"))
    if "interval_count" in frame.columns:
        count = pl.when("exact").then(pl.col("interval_count")).otherwise(1)
        frame = frame.with_columns(count.alias("interval_count"))
    return frame.drop("months", "times", "exact")
