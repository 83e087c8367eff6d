"""Amounts in two columns, one of debits and one of credits: Soll and Haben, Nợ and Có.

What is sold is the credit less the debit; among costs it is the other way round. Debits that a
program writes with a minus are taken without it. Where the amounts come to less than nothing,
it is asked whose books they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has_any
from crm_kpi.sources.meaning.sign_words import DEBIT, TAKEN_OFF, listed
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.names import key, unmapped
from crm_kpi.sources.spec import DerivedColumn, ReadOptions

_NEGATIVE = r"\A\s*(?:[-\u2212(]|.*[-\u2212]\s*\z)"
_MARKS = r"[-\u2212()]"


class TwoAmounts(Question):
    """Which of two columns of amounts is subtracted."""

    name = "two_amounts"
    title = text("meaning.sign_words")
    tables = frozenset(TAKEN_OFF)

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.plus, self.minus = self.asked[:2]
        self.told: list[Reading] = []

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if "amount" in view.spec.constants or has_any(view, "amount"):
            return HeaderAnswer()
        for debit, credit in listed("columns"):
            places = [
                [header for header in view.headers if key(header) == key(name)]
                for name in (debit, credit)
            ]
            if all(len(each) == 1 for each in places):
                (debits,), (credits,) = places
                pair = (credits, debits)
                if TAKEN_OFF[view.table.name] != DEBIT:
                    pair = (debits, credits)
                return HeaderAnswer(columns={"amount": DerivedColumn(minus=pair)}, reads=pair)
        return HeaderAnswer()

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        plus, minus = cls.headers(view).reads
        return text("meaning.two_amounts_in_place", plus=plus, minus=minus)

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        name = unmapped(self.minus)
        column = frame.get_column(name, default=None)
        if column is None:
            return frame
        if column.dtype == pl.String:
            filled = column.filter(column.str.contains("[1-9]"))
            if len(filled) and filled.str.contains(_NEGATIVE).all():
                return frame.with_columns(column.str.replace_all(_MARKS, "").alias(name))
        elif column.dtype.is_numeric() and (column <= 0).all():
            return frame.with_columns((-column).alias(name))
        return frame

    def rows(self, rows: BlockRows) -> None:
        amount = rows.column("amount")
        if amount is None:
            return
        total = Decimal(amount.sum() or 0)
        sides = [rows.numbers(self.plus, self.minus), rows.numbers(self.minus, self.plus)]
        there = [(side != 0).fill_null(value=False) for side in sides if side is not None]
        apart = len(there) == 2 and not (there[0] & there[1]).any()
        taken = text("meaning.two_amounts", plus=self.plus, minus=self.minus)
        why = text("meaning.one_side_each") if apart else text("meaning.sides_of_headers")
        if total < 0:
            outcomes = (
                self._outcome(self.plus, self.minus, total),
                self._outcome(self.minus, self.plus, -total),
            )
            self.told.append(Reading("amount", taken, How.OPEN, why, rows.frame.height, outcomes))
            return
        how = How.PROVED if apart else How.CONVENTIONAL
        short = text("meaning.two_amounts_short", plus=self.plus, minus=self.minus)
        self.told.append(Reading("amount", taken, how, why, rows.frame.height, short=short))

    def _outcome(self, plus: str, minus: str, total: Decimal) -> Outcome:
        value = json.dumps({"minus": [plus, minus]}, ensure_ascii=False)
        option = f"sources.{self.block.table.name}.columns.amount"
        what = text("meaning.two_amounts", plus=plus, minus=minus)
        return Outcome(what, option, value, adds_up(WordTally(total=total)))

    def readings(self) -> Iterable[Reading]:
        return self.told
