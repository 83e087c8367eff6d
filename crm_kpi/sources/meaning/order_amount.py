"""Which of several totals of an order is what the customer pays.

What is to be paid is taken where its header says so. A total that may be that before a discount
which stands beside it is never taken unasked: the rows prove which of the columns is after the
discount, or it is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping import headers as header_names
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.order_columns import is_role, of_role, same, sums
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import ReadOptions, SourceColumn

_OPTION = "sources.transactions.columns.amount"
_READ = ("discount", "before", "pay", "paid", "price", "quantity", "tax", "shipping")


class OrderAmount(Question):
    """Which total is that after the discount."""

    name = "order_amount"
    title = text("meaning.order_amount")
    tables = frozenset({"transactions"})

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.header = (block.headers("amount") or ("",))[0]
        self.told: list[Reading] = []

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if {"amount"} & (view.spec.columns.keys() | view.spec.constants.keys()):
            return HeaderAnswer()
        places = header_names.matches(view.table, "amount", view.headers)
        matched = [view.headers[place] for place in places]
        discounts = of_role(view.headers, "discount")
        named = matched or of_role(view.headers, "pay", *(["before"] if discounts else []))
        if len(matched) != 1 and named:
            # Of several that may be meant, the rows tell, where there is a discount.
            first = named[0] if discounts or not matched else ""
            pays = (h for h in of_role(named, "pay") if not matched or key(h) != "total")
            best = next(pays, first)
        else:
            best = named[0] if named else ""
        if not best:
            return HeaderAnswer()
        columns: dict[str, SourceColumn] = {"amount": best} if matched != [best] else {}
        said = bool(columns) and is_role(best, "pay")
        told = Reading(
            best,
            text("meaning.customer_pays"),
            How.CONVENTIONAL,
            text("meaning.header_says"),
            short=text("meaning.amount_from", column=best),
        )
        others = dict.fromkeys([*of_role(view.headers, *_READ), *matched])
        others[best] = None  # its text tells how numbers are written
        taxed = of_role(view.headers, "tax") and of_role(view.headers, "before")
        return HeaderAnswer(
            columns=columns,
            reads=tuple(others) if discounts or taxed else (),
            readings=(told,) if said else (),
        )

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        if cls.headers(view).reads and not is_role("amount", "pay"):
            return text("meaning.discount_in_place")
        return None

    def rows(self, rows: BlockRows) -> None:
        amount = rows.frame["amount"].cast(pl.Float64)
        read = {name: self._columns(rows, name) for name in _READ}
        discounts = {
            header: values
            for header, values in read["discount"].items()
            if bool((values.abs() > 1).any())  # else a rate, or nothing
        }
        more = [*read["tax"].values(), *read["shipping"].values()][:3]
        self._with_tax(rows, amount, read)
        if not discounts:
            return
        less = [*discounts.values()]
        totals = self._other_totals(rows)
        bases = [*(read["before"] | totals).items()]
        if read["price"] and read["quantity"]:
            (price, one), (quantity, many) = (
                next(iter(read[name].items())) for name in ("price", "quantity")
            )
            bases.append((f"{price} × {quantity}", one * many))
        for base, values in bases:
            if any(same(total, amount) for total in _after(values, less, more)):
                why = text("meaning.less_discount", before=base, after=self.header)
                self._tell(rows, self.header, How.PROVED, why)
                return
        if is_role(self.header, "pay"):
            self._tell(rows, self.header, How.CONVENTIONAL, text("meaning.header_says"))
            return
        after = read["pay"] | totals | read["paid"]
        for header, values in after.items():
            if any(same(total, values) for total in _after(amount, less, more)):
                why = text("meaning.less_discount", before=self.header, after=header)
                rows.frame = rows.frame.with_columns(values.round(4).cast(DECIMAL).alias("amount"))
                short = text("meaning.amount_from", column=header)
                self._tell(rows, header, How.PROVED, why, short)
                return
        self._ask(rows, amount, discounts, after)

    def _with_tax(
        self, rows: BlockRows, amount: pl.Series, read: dict[str, dict[str, pl.Series]]
    ) -> None:
        """Say whether the amount is with the tax that stands beside it, where rows tell."""
        raised = [*read["shipping"].values()]
        for header, tax in read["tax"].items():
            for net in read["before"].values() if bool((tax.abs() > 0).any()) else ():
                lowered = [values.abs() * -1 for values in read["discount"].values()]
                if _is_sum(amount, net + tax.fill_null(0), [*raised[:1], *lowered]):
                    what = text("meaning.with_tax", tax=header)
                elif _is_sum(amount, net, [*raised[:1], *lowered]):
                    what = text("meaning.without_tax", tax=header)
                else:
                    continue
                why = text("meaning.rows_add_up")
                self.told.append(Reading(self.header, what, How.PROVED, why, rows.frame.height))
                return

    def _columns(self, rows: BlockRows, role: str) -> dict[str, pl.Series]:
        return self._numbers(rows, of_role(self._reads(), role))

    def _other_totals(self, rows: BlockRows) -> dict[str, pl.Series]:
        """Those of another header that can be the amount."""
        reads = self._reads()
        return self._numbers(rows, [h for h in reads if h not in of_role(reads, *_READ)])

    def _numbers(self, rows: BlockRows, headers: Iterable[str]) -> dict[str, pl.Series]:
        others = [header for header in headers if header != self.header]
        found = {header: rows.numbers(header, self.header) for header in others}
        return {header: values for header, values in found.items() if values is not None}

    def _reads(self) -> list[str]:
        reads = (h for part in self.block.parts for h in part.asked.get(self.name, ()))
        return list(dict.fromkeys(reads))

    def _tell(
        self, rows: BlockRows, header: str, known: How, why: Message, short: Message | None = None
    ) -> None:
        what = text("meaning.after_discount")
        self.told.append(Reading(header, what, known, why, rows.frame.height, short=short))

    def _ask(
        self,
        rows: BlockRows,
        amount: pl.Series,
        discounts: dict[str, pl.Series],
        others: dict[str, pl.Series],
    ) -> None:
        after = amount
        for values in discounts.values():
            after = after - values.abs().fill_null(0)
        minus = {"minus": [self.header, *discounts]}
        outcomes = [
            Outcome(
                text("meaning.less_it", column=", ".join(discounts)),
                _OPTION,
                json.dumps(minus, ensure_ascii=False),
                _sum(after),
            ),
            Outcome(
                text("meaning.as_it_stands"),
                _OPTION,
                json.dumps(self.header, ensure_ascii=False),
                _sum(amount),
            ),
        ]
        for header, values in others.items():
            outcomes.append(
                Outcome(
                    text("meaning.from_column", column=header),
                    _OPTION,
                    json.dumps(header, ensure_ascii=False),
                    _sum(values),
                )
            )
        why = text("meaning.beside_discount", column=", ".join(discounts))
        many = rows.frame.height
        self.told.append(
            Reading(self.header, outcomes[0].what, How.OPEN, why, many, tuple(outcomes))
        )
        rows.frame = rows.frame.with_columns(after.round(4).cast(DECIMAL).alias("amount"))

    def readings(self) -> Iterable[Reading]:
        return self.told


def _is_sum(amount: pl.Series, base: pl.Series, others: Sequence[pl.Series]) -> bool:
    """Whether the amount is `base` with some of the others, which have their signs."""
    totals = [base]
    for values in others:
        totals += [total + values.fill_null(0) for total in totals]
    return any(same(total, amount) for total in totals)


def _after(
    base: pl.Series, less: Sequence[pl.Series], more: Sequence[pl.Series]
) -> Iterable[pl.Series]:
    """`base` less one of the discounts, or all, with or without what may be added."""
    several = [[one] for one in less] + ([[*less]] if len(less) > 1 else [])
    for some in several:
        lowered = base
        for values in some:
            lowered = lowered - values.abs().fill_null(0)
        yield from sums(lowered, (), more)


def _sum(amounts: pl.Series) -> Message:
    total = Decimal(str(round(float(amounts.sum() or 0), 4)))
    return adds_up(WordTally(total=total))
