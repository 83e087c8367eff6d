"""Which of two totals is paid: where a discount stands beside them, the one that is less by it.

    Tổng tiền 1.000.000, Giảm giá 100.000, Thành tiền 900.000: Thành tiền is what the customer pays

The rows prove it, whatever the headers say; where they do not, it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, HeaderView, Question
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing import number_styles
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.parsing.text_ops import tidy
from crm_kpi.sources.spec import ReadOptions, declared_for

_DISCOUNTS = (
    "giảm giá", "chiết khấu", "tiền giảm", "tiền giảm giá", "tiền chiết khấu", "khuyến mãi",
    "giảm giá hóa đơn", "giảm giá đơn hàng", "tổng giảm giá",
    "discount", "discounts", "discount amount", "total discount", "total discounts",
    "rabatt", "nachlass", "remise", "réduction", "descuento", "desconto", "sconto", "korting",
    "rabat", "indirim",
)  # fmt: skip
_BEFORE = (
    "tổng tiền", "tổng tiền hàng", "tổng cộng", "giá trị", "giá trị đơn hàng", "doanh số",
    "total", "total amount", "total price", "order amount", "sales amount", "value",
)  # fmt: skip
"""Headers of a total that is before the discount, where another stands beside it."""


class DiscountedTotals(Question):
    """Which of two totals is what the customer pays."""

    name = "totals"
    title = text("meaning.totals")
    tables = frozenset({"transactions"})

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.asked = next(
            part.asked[self.name] for part in block.parts if part.asked.get(self.name)
        )
        self.sums: dict[str, str] = {}
        self.rows_read = 0
        self.taken = block.headers("amount")[0]
        self.proved = False

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if "amount" in view.spec.columns or "amount" in view.spec.constants:
            return HeaderAnswer()
        found = [view.headers[i] for i in headers.matches(view.table, "amount", view.headers)]
        discounts = [header for header in view.headers if key(header) in _keys(_DISCOUNTS)]
        if len(found) != 2 or len(discounts) != 1 or key(found[0]) == key(found[1]):
            return HeaderAnswer()
        before = next((h for h in found if key(h) in _keys(_BEFORE)), found[0])
        paid = next(header for header in found if header != before)
        return HeaderAnswer(columns={"amount": paid}, reads=(before, *discounts))

    @classmethod
    def in_place(
        cls, view: HeaderView, words: Callable[[str], Sequence[str] | None]
    ) -> Message | None:
        return text("meaning.totals_in_place")

    def rows(self, rows: BlockRows) -> None:
        before, discount = (self._amounts(rows, header) for header in self.asked)
        if before is None or discount is None:
            return
        paid, less = rows.frame["amount"], discount.fill_null(0).abs()
        self.rows_read = len(paid)
        self.sums = {self.taken: str(paid.sum()), self.asked[0]: str(before.sum())}
        if _same(before - less, paid):
            self.proved = True
        elif _same(paid - less, before):
            self.proved, self.taken = True, self.asked[0]
            rows.frame = rows.frame.with_columns(before.cast(DECIMAL).alias("amount"))

    def _amounts(self, rows: BlockRows, header: str) -> pl.Series | None:
        """The numbers of a column that is read as text; None where it is open what they are."""
        column = rows.text(header)
        if column is None:
            return None
        try:
            parsed = number_styles.parse(
                column,
                declared_for(self.block.spec.numbers, "amount"),
                tidy=tidy,
                place=lambda row: (self.block.parts[0].file.path, row),
                column=header,
                option="numbers",
                convention="1.234,56" if self.block.vietnamese else None,
            )
        except DataError:
            return None
        return parsed.digits.cast(DECIMAL, strict=False)

    def readings(self) -> Iterable[Reading]:
        other = next(h for h in (*self.block.headers("amount"), self.asked[0]) if h != self.taken)
        taken, discount = text("meaning.is_paid"), self.asked[1]
        if self.proved:
            why = text("meaning.total_proved", before=other, discount=discount, paid=self.taken)
            short = text("meaning.is_paid_short", column=self.taken)
            yield Reading(self.taken, taken, How.PROVED, why, self.rows_read, short=short)
            return
        outcomes = tuple(
            Outcome(
                text("meaning.is_paid_short", column=header),
                "sources.transactions.columns.amount",
                headers.quoted(header),
                text("meaning.adds_up_to", total=self.sums[header]) if self.sums else None,
            )
            for header in (self.taken, other)
        )
        why = text("meaning.total_not_proved", discount=discount)
        short = text("meaning.is_paid_short", column=self.taken)
        yield Reading(self.taken, taken, How.OPEN, why, self.rows_read, outcomes, short)


@cache
def _keys(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, names))


def _same(left: pl.Series, other: pl.Series) -> bool:
    """Whether two columns are equal in all rows, of which there are some."""
    both = left.is_not_null() & other.is_not_null()
    return bool(both.any()) and bool((left == other).filter(both).all())
