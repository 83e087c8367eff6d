"""In which unit amounts are written: thousands, millions or cents, as a header or a title says.

`sources.T.scale` comes first; then the header of the amount; then a line above the headers, such
as `ĐVT: 1.000 đồng`. Whole tables are multiplied, so that all amounts are in one unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.readings import KEPT, How, Outcome, Reading
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.mapping.header_units import in_title, unit_of
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.parsing.numeric_columns import DECIMAL, multiplied
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import DerivedColumn, ReadOptions, SourceColumn
from crm_kpi.tables import ROW, TABLES, Kind

_ONE = Decimal(1)
_CENTS = Decimal("0.1")
"""A scale that small is that of the smallest unit of a currency."""
_FEW = 0.05
"""Share of amounts that may have fractions of it, as prices per unit have."""


class Units(Question):
    """By what amounts are multiplied to be in whole units of their currency."""

    name = "unit"
    title = text("meaning.unit")
    tables = frozenset(
        table.name for table in TABLES.values() if any(c.kind is Kind.MONEY for c in table.columns)
    )
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.factors = {c: f for part in block.parts for c, f in part.scales.items()}
        self.contradicted: list[Reading] = []

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return any(part.scales for part in block.parts)

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        scales, readings = {}, []
        title = in_title(view.titles)
        for column in view.table.columns:
            if column.kind is not Kind.MONEY or column.name in view.spec.constants:
                continue
            source = _source(view, column.name)
            if source is None:
                continue
            header = _shown(view, source)
            factor, words = _of_headers(view, column.name, source)
            how, why = How.CONVENTIONAL, text("meaning.unit_in_header", words=words)
            if view.spec.scale is not None:
                factor, how = view.spec.scale, How.DECLARED
                option = f"sources.{view.table.name}.scale"
                why = text("meaning.by_option", option=option)
            elif factor == _ONE and title is not None:
                factor, why = title.factor, text("meaning.unit_in_title", words=title.words)
            if factor != _ONE:
                scales[column.name] = factor
                taken = text("meaning.multiplied", factor=f"{factor:f}")
                short = text("meaning.multiplied_short", column=header, factor=f"{factor:f}")
                readings.append(Reading(header, taken, how, why, short=short))
        return HeaderAnswer(readings=tuple(readings), scales=scales)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return text("meaning.unit_in_place")

    def rows(self, rows: BlockRows) -> None:
        for column, factor in self.factors.items():
            if column in rows.frame.columns:
                if self.block.spec.scale is not None and rows.whole:
                    self._compare(rows, column, factor)
                _scale(rows, column, factor)

    def _compare(self, rows: BlockRows, column: str, factor: Decimal) -> None:
        """Cents are whole; amounts that are not are none, whatever is declared."""
        amounts = rows.frame[column].drop_nulls()
        parts = int((amounts != amounts.round(0)).sum())
        if factor > _CENTS or parts <= _FEW * len(amounts):
            return
        total = Decimal(amounts.sum() or 0)
        option = f"sources.{self.block.table.name}.scale"
        kept = text("meaning.multiplied", factor=f"{factor:f}")
        outcomes = (
            Outcome(kept, *KEPT, adds_up(WordTally(total=total * factor))),
            Outcome(text("meaning.in_whole_units"), option, "1", adds_up(WordTally(total=total))),
        )
        header = (self.block.headers(column) or (column,))[0]
        why = text("meaning.not_whole", count=parts)
        self.contradicted.append(Reading(header, kept, How.OPEN, why, parts, outcomes))

    def readings(self) -> Iterable[Reading]:
        return self.contradicted


def _source(view: HeaderView, column: str) -> SourceColumn | None:
    """Where a column comes from; None where the file has it not, or it is not settled which."""
    declared = view.spec.columns.get(column)
    if declared is not None:
        return declared
    found = headers.matches(view.table, column, view.headers)
    return view.headers[found[0]] if len(found) == 1 else None


def _named(view: HeaderView, source: SourceColumn) -> tuple[str, ...]:
    """The headers of a source, as the file writes them."""
    if isinstance(source, int):
        return (view.headers[source - 1],) if 0 < source <= len(view.headers) else ()
    if isinstance(source, DerivedColumn):
        return source.headers
    names = (source,) if isinstance(source, str) else source
    return tuple(name for name in names if headers.positions(view.headers, name))


def _shown(view: HeaderView, source: SourceColumn) -> str:
    return " × ".join(_named(view, source)) or str(source)


def _of_headers(view: HeaderView, column: str, source: SourceColumn) -> tuple[Decimal, str]:
    """The factor that the headers of a column say, and their words.

    Raises DataError where amounts of several units are subtracted, or stand in for one another.
    """
    units = [unit_of(header) for header in _named(view, source)]
    factors = [_ONE if unit is None else unit.factor for unit in units]
    words = ", ".join(unit.words for unit in units if unit is not None)
    if isinstance(source, tuple) or (isinstance(source, DerivedColumn) and source.minus):
        if len(set(factors)) > 1:
            what = text("meaning.units_differ", table=view.table.name, column=column, words=words)
            raise DataError(what, hint=text("meaning.one_unit"))
        factors = factors[:1]
    product = _ONE
    for factor in factors:
        product *= factor
    return product, words


def _scale(rows: BlockRows, column: str, factor: Decimal) -> None:
    """Multiply; an amount that has too many digits then is a reject."""
    amounts = rows.frame[column]
    by = pl.Series([factor]).cast(pl.Decimal(38, 8)).new_from_index(0, len(amounts))
    product = multiplied(amounts, by)
    scaled = product.cast(DECIMAL, strict=False)
    lost = amounts.is_not_null() & scaled.is_null()
    rounded = (product != scaled).fill_null(value=False)
    for mask, reason in ((lost, Reason.NOT_A_NUMBER), (rounded, Reason.TOO_PRECISE)):
        if mask.any():
            values = amounts.filter(mask).cast(pl.String)
            rows.faults.append(Fault(rows.frame[ROW].filter(mask), reason, column, values, None))
    rows.frame = rows.frame.with_columns(scaled.alias(column))
