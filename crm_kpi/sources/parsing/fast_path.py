"""Columns that are written plainly are typed while the file is parsed.

Most exports write their dates, amounts and choices in one way, which the first rows show. Then
no text of them has to be held: it takes several times the room of what it means. Where a later
row is written otherwise, the whole column is parsed again as text and proved as ever, so that
the same comes out, the same is rejected, and the same is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from crm_kpi.sources.parsing import date_formats
from crm_kpi.sources.parsing.number_styles import CENTS
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import SourceSpec, declared_for
from crm_kpi.sources.tabular_file import CastPlan
from crm_kpi.tables import Column, Kind

_DATES = (Kind.DATE, Kind.TIME)
_NUMBERS = (Kind.MONEY, Kind.SCORE, Kind.COUNT)
_POINTS = (None, "1,234.56", "1234.56")
"""Declared styles of numbers that have a decimal point."""
_WHOLE = r"\A[0-9]{1,15}\z"


@dataclass(frozen=True)
class FastPathColumn:
    """A column that may be typed at once, and what is declared of its dates or numbers."""

    column: Column
    declared: str | None

    def cast_plan(self, position: int, cells: Sequence[str]) -> CastPlan | None:
        """The way in which the first cells are written, if it is a plain one."""
        name, kind = str(position), self.column.kind
        if not cells:
            return None
        text = pl.col(name)
        if kind in _DATES:
            shape = date_formats.shape_of(cells[0], self.declared)
            if shape is None or shape.order is None or shape.fraction or shape.offset:
                return None
            written = shape.day_format + shape.format
            if shape.has_time:
                cast = text.str.to_datetime(written, strict=False, time_unit="us", cache=False)
            else:
                cast = text.str.to_date(written, strict=False)
            plan = CastPlan(text.str.contains(shape.regex), cast)
        elif kind is Kind.CHOICE:
            choices = self.column.choices
            plan = CastPlan(text.is_in(choices), text.cast(pl.Enum(choices), strict=False))
        elif kind is Kind.MONEY:
            plan = CastPlan(text.str.contains(CENTS), text.cast(DECIMAL, strict=False))
        else:
            plan = CastPlan(text.str.contains(_WHOLE), text.cast(pl.Int64, strict=False))
        return plan if plan.takes(name, cells) else None


def fast_path_for(column: Column, spec: SourceSpec) -> FastPathColumn | None:
    """Whether a column of a source may be typed at once, as nothing is declared that changes its
    text."""
    if spec.missing is not None or spec.values.get(column.name):
        return None
    if column.kind in _DATES:
        declared = declared_for(spec.dates, column.name)
        known = (None, *date_formats.DAY_FORMATS)
        return FastPathColumn(column, declared) if declared in known else None
    if column.kind in _NUMBERS:
        declared = declared_for(spec.numbers, column.name)
        return FastPathColumn(column, declared) if declared in _POINTS else None
    return FastPathColumn(column, None) if column.kind is Kind.CHOICE else None
