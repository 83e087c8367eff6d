"""Scores over cells: shared by the dimensions of data quality.

Every row of the table is looked at, rejected or not. A period's value is that of the rows
that were there by its end (by the table's own date, such as signup_date), judged as they
stand in the files today: an export says how things are, not how they once were, so an
earlier period tells of older rows, not of the past. The last one is the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from pydantic import Field, field_validator

from crm_kpi.errors import did_you_mean
from crm_kpi.frames.contact_validation import knows
from crm_kpi.kpi import Definition
from crm_kpi.messages import Message, should_be, text
from crm_kpi.metrics._algebra import Aggregation, Frame, Sum
from crm_kpi.metrics._drivers import Quotient
from crm_kpi.metrics._spec import AggregateState, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Number
from crm_kpi.tables import TABLES

TableName = Literal[
    "customers",
    "transactions",
    "subscriptions",
    "surveys",
    "tickets",
    "leads",
    "opportunities",
    "stage_changes",
    "interactions",
    "costs",
]
assert get_args(TableName) == tuple(TABLES)

CONTACTS: Mapping[str, Sequence[str]] = {"customers": ("email", "phone")}
"""Text columns that are looked at when the file has them."""


class OfTable(Definition):
    table: TableName = Field("customers", description="the table that is looked at")

    def check_columns(self, names: Iterable[str]) -> None:
        """Raises ValueError for a column that the table does not have."""
        for name in names:
            if name not in TABLES[self.table]:
                known = TABLES[self.table].names
                hint = did_you_mean(name, known) or text(
                    "general.known_columns", columns=", ".join(known)
                )
                raise ValueError(
                    text("metrics.unknown_column", table=self.table, column=name, hint=hint)
                )


class Dialled(OfTable):
    """Of tables with telephone numbers."""

    region: str = Field(
        "VN",
        description="where a telephone number without a country code is dialled: two letters",
    )

    @field_validator("region")
    @classmethod
    def _exists(cls, region: str) -> str:
        if not knows(region.upper()):
            raise ValueError(should_be(text("metrics.country")))
        return region.upper()


def part(dimension: str, frame: Frame, checks: Sequence[str], rows: str | None) -> Aggregation:
    """The stock of cells of a frame of `crm_kpi.frames.cell_checks`.

    `rows` names its rows, which are then counted; None where another part counts them.
    """
    names = [f"{check}:{what}" for check in checks for what in ("cells", "ok")]
    state = {f"{dimension} {name}": Sum(name) for name in names}
    if rows:
        state[f"{dimension} {rows}:rows"] = Sum("rows")
    return Aggregation(frame, state, running_total=True)


@dataclass(frozen=True)
class Score:
    """What a dimension says at the period's end."""

    rows: int
    cells: int
    ok: int
    shares: Mapping[str, float]
    """Percent of the cells that are right, per check that applies; the worst first."""

    @property
    def value(self) -> Fraction | None:
        return Fraction(100 * self.ok, self.cells) if self.cells else None


def score(dimension: str, state: AggregateState, parts: Sequence[Aggregation]) -> Score:
    """The score of a dimension from the state of its parts."""
    found = {
        name.removeprefix(f"{dimension} "): int(state.get(f"{name}_end") or 0)
        for each in parts
        for name in each.state
        if name.startswith(f"{dimension} ")
    }
    cells = {n.removesuffix(":cells"): c for n, c in found.items() if n.endswith(":cells")}
    right = {name: found[f"{name}:ok"] for name in cells}
    shares = {
        name.replace(":", "."): ratio(100 * right[name], count)
        for name, count in cells.items()
        if count
    }
    return Score(
        rows=sum(count for name, count in found.items() if name.endswith(":rows")),
        cells=sum(cells.values()),
        ok=sum(right.values()),
        shares=dict(sorted(shares.items(), key=lambda item: (item[1], item[0]))),
    )


def quotient(dimension: str, state: AggregateState, parts: Sequence[Aggregation]) -> Quotient:
    found = score(dimension, state, parts)
    return Quotient(100 * found.ok, found.cells)


def answer(
    dimension: str, state: AggregateState, parts: Sequence[Aggregation], *, nothing: Message
) -> MetricValue:
    """100 x ok / cells; `nothing` is the reason when there are rows but no cells."""
    found = score(dimension, state, parts)
    components: dict[str, Number | None] = {"cells": found.cells, "ok": found.ok, **found.shares}
    value = found.value
    if value is None:
        return MetricValue(
            None, found.rows, components, reason=nothing if found.rows else text("general.no_rows")
        )
    return MetricValue(float(value), found.rows, components)
