"""Whether the amount of an order stands on each of its lines.

Proved where what is on the lines adds up to it, conventional where its header names the order;
then each order is read once. Where all lines of each order agree and nothing else is known, as
with five lines at 30 each, it is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.checks.duplicates import is_increasing
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.order_columns import CENT, is_role, of_role, sums
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.spec import NEVER, Preset, ReadOptions
from crm_kpi.tables import ROW

_OPTION = "sources.transactions.once"
_ID = "transaction_id"
_READ = ("price", "quantity", "line_total", "discount", "tax", "shipping")
_HEAD = 65_536
"""Rows that are looked at before all are: where two lines of an order differ, they are lines."""
_ENOUGH = 2
_FEW = 0.05
"""Share of the orders of several lines that may differ where a header names the order."""


class RepeatedTotals(Question):
    """Whether an order's amount is repeated on its lines."""

    name = "once"
    title = text("meaning.repeated_totals")
    tables = frozenset({"transactions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.header = (block.headers("amount") or ("",))[0]
        self.told: list[Reading] = []
        self.times = 0

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if view.spec.once is not None or not (has(view, _ID) and _amounts(view)):
            return HeaderAnswer()
        columns = of_role(view.headers, *_READ)
        places = headers.matches(view.table, "amount", view.headers)
        amount = view.spec.columns.get("amount", view.headers[places[0]] if places else None)
        if columns and isinstance(amount, str) and headers.positions(view.headers, amount):
            columns.append(amount)  # its text tells how numbers are written
        return HeaderAnswer(reads=tuple(dict.fromkeys(columns)))

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        by_preset = isinstance(block.spec.preset, Preset)
        there = all(name in part.reads for part in block.parts for name in (_ID, "amount"))
        return there and block.spec.once is None and not by_preset

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return None

    def rows(self, rows: BlockRows) -> None:
        self.times += 1
        needed = [_ID, "amount"]
        if not set(needed) <= set(rows.frame.columns):
            return
        if is_increasing(rows.frame[_ID]):  # as in most exports of orders
            return
        head = _orders(rows.frame.select(needed).head(_HEAD))
        named = is_role(self.header, "order_total")
        if not head.is_empty() and _differ(head) > (_FEW if named else 0):
            return
        orders = _orders(rows.frame.select(needed))
        if orders.is_empty() or _differ(orders) > (_FEW if named else 0):
            return
        if self._is_by_line(rows):
            return
        lines = int(orders["lines"].sum()) - orders.height
        if orders.height >= _ENOUGH and self._adds_up(rows):
            self._once(rows, lines, How.PROVED, text("meaning.lines_add_up"))
        elif named:
            self._once(rows, lines, How.CONVENTIONAL, text("meaning.names_order"))
        elif orders.height >= _ENOUGH and self._are_lines(rows):
            self._ask(rows, lines)

    def _numbers(self, rows: BlockRows, role: str) -> list[pl.Series]:
        reads = [h for part in self.block.parts for h in part.asked.get(self.name, ())]
        others = [h for h in of_role(dict.fromkeys(reads), role) if h != self.header]
        found = (rows.numbers(header, self.header) for header in others)
        return [values for values in found if values is not None]

    def _lines(self, rows: BlockRows) -> list[pl.Series]:
        """What stands on each line by itself."""
        prices, quantities = self._numbers(rows, "price"), self._numbers(rows, "quantity")
        products = [price * quantity for price in prices for quantity in quantities[:1]]
        return [*products, *self._numbers(rows, "line_total")]

    def _is_by_line(self, rows: BlockRows) -> bool:
        """Whether each amount is that of its line, as price times quantity tells."""
        amounts = rows.frame["amount"].cast(pl.Float64)
        less, more = self._numbers(rows, "discount")[:2], self._numbers(rows, "tax")[:1]
        for line in self._lines(rows):
            for total in sums(line, less, more):
                apart = (total - amounts).abs().drop_nulls()
                if len(apart) and bool((apart <= CENT).all()):
                    return True
        return False

    def _adds_up(self, rows: BlockRows) -> bool:
        """Whether the lines of each order of several add up to its amount."""
        less = self._numbers(rows, "discount")[:2]
        more = [*self._numbers(rows, "tax")[:1], *self._numbers(rows, "shipping")[:1]]
        frame = rows.frame.select(_ID, amount=pl.col("amount").cast(pl.Float64))
        for line in self._lines(rows):
            parts = {f"less {n}": values.abs() for n, values in enumerate(less)}
            parts |= {f"more {n}": values.abs() for n, values in enumerate(more)}
            whole = frame.with_columns(line=line, **parts).filter(
                pl.col(_ID).is_not_null(), pl.col("amount") > 0
            )
            orders = (
                whole.group_by(_ID)
                .agg(
                    pl.len().alias("lines"),
                    pl.col("amount").first(),
                    pl.col("line").sum(),
                    *(pl.col(name).fill_null(0).sum().alias(f"{name} each") for name in parts),
                    *(pl.col(name).drop_nulls().first().fill_null(0) for name in parts),
                )
                .filter(pl.col("lines") > 1)
            )
            for way in ("", " each"):
                lowered = [orders[f"less {n}{way}"] for n in range(len(less))]
                raised = [orders[f"more {n}{way}"] for n in range(len(more))]
                for total in sums(orders["line"], lowered, raised):
                    if bool(((total - orders["amount"]).abs() <= CENT).all()):
                        return True
        return False

    def _are_lines(self, rows: BlockRows) -> bool:
        """Whether orders have several lines that are no copies of one: as far as can be told, where
        columns are not read."""
        if any(len(p.file.headers) > len({*p.reads.values()}) for p in self.block.parts):
            return True
        names = [name for name in rows.frame.columns if name != ROW]
        return _orders(rows.frame.unique(names)).height >= _ENOUGH

    def _once(self, rows: BlockRows, lines: int, known: How, why: Message) -> None:
        rows.once = _ID
        short = text("meaning.once_short", column=self.header)
        self.told.append(
            Reading(self.header, text("meaning.of_order"), known, why, lines, short=short)
        )

    def _ask(self, rows: BlockRows, lines: int) -> None:
        rows.once = _ID
        frame = rows.frame
        first = pl.col(_ID).is_null() | pl.col(_ID).is_first_distinct()
        whole = frame["amount"].sum()
        once = frame.filter(first)["amount"].sum()
        outcomes = (
            Outcome(text("meaning.of_order"), _OPTION, _ID, _sum(once)),
            Outcome(text("meaning.of_line"), _OPTION, NEVER, _sum(whole)),
        )
        why = text("meaning.all_lines_agree")
        self.told.append(Reading(self.header, outcomes[0].what, How.OPEN, why, lines, outcomes))

    def readings(self) -> Iterable[Reading]:
        if self.times == 1 or not self.told:
            return self.told
        # Lines of an order may stand in several parts, of which each was read by itself.
        first = self.told[0]
        outcomes = (
            Outcome(text("meaning.of_order"), _OPTION, _ID),
            Outcome(text("meaning.of_line"), _OPTION, NEVER),
        )
        why = text("meaning.all_lines_agree")
        rows = sum(reading.rows for reading in self.told)
        return [Reading(first.column, first.reading, How.OPEN, why, rows, outcomes)]


def _amounts(view: HeaderView) -> bool:
    return has(view, "amount") and "amount" not in view.spec.constants


def _orders(frame: pl.DataFrame) -> pl.DataFrame:
    """The orders of several lines: how many lines, and how many different amounts."""
    ids = pl.col(_ID)
    there = frame.filter(ids.is_not_null(), pl.col("amount") > 0)
    # Hashes are compared in a third of the time of texts; ids that share one are not one order.
    alike = there.filter(ids.hash().is_duplicated()).group_by(_ID)
    orders = alike.agg(lines=pl.len(), amounts=pl.col("amount").n_unique())
    return orders.filter(pl.col("lines") > 1)


def _differ(orders: pl.DataFrame) -> float:
    """The share of the orders of which lines differ."""
    return int((orders["amounts"] > 1).sum()) / orders.height


def _sum(total: object) -> Message:
    return adds_up(WordTally(total=Decimal(str(total or 0))))
