"""Conditions over named columns, as data: said once, translated once for each kind of engine.

    compare("score", ">=", 9) & ~is_null("customer_id")

Rules of the loader and states of metrics are made of them. A condition whose columns are null
where it looks is neither met nor not met, as in SQL: `unknown & False` is False, `unknown | True`
is True, everything else that is unknown stays unknown, and an unknown row is not counted.

`crm_kpi.conditions.as_narwhals` turns them into expressions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Operator = Literal["<", "<=", "==", "!=", ">=", ">"]
Constant = int | float | str | bool | Decimal | date


@dataclass(frozen=True)
class ColumnRef:
    """A column by its name, where a text would be a constant."""

    name: str


@dataclass(frozen=True)
class Condition:
    """What a row meets, fails, or leaves unknown."""

    def __and__(self, other: Condition) -> Condition:
        return AllTrue((self, other))

    def __or__(self, other: Condition) -> Condition:
        return AnyTrue((self, other))

    def __invert__(self) -> Condition:
        return Not(self)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it looks at."""
        raise NotImplementedError


@dataclass(frozen=True)
class Compare(Condition):
    """A column against a constant or another column."""

    left: str
    operator: Operator
    right: Constant | ColumnRef

    @property
    def columns(self) -> frozenset[str]:
        right = {self.right.name} if isinstance(self.right, ColumnRef) else set()
        return frozenset({self.left, *right})


@dataclass(frozen=True)
class InSet(Condition):
    """Whether a value is one of these; with `ignore_case` they are in small letters, and the
    column in any."""

    column: str
    values: tuple[Constant, ...]
    ignore_case: bool = False

    @property
    def columns(self) -> frozenset[str]:
        return frozenset({self.column})


@dataclass(frozen=True)
class IsNull(Condition):
    """Whether a column holds nothing; never unknown itself."""

    column: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset({self.column})


@dataclass(frozen=True)
class Flag(Condition):
    """A column that is itself true or false."""

    column: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset({self.column})


@dataclass(frozen=True)
class Not(Condition):
    """Met where the condition fails."""

    condition: Condition

    @property
    def columns(self) -> frozenset[str]:
        return self.condition.columns


@dataclass(frozen=True)
class AllTrue(Condition):
    """Met where all conditions are met."""

    conditions: tuple[Condition, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.columns for one in self.conditions))


@dataclass(frozen=True)
class AnyTrue(Condition):
    """Met where any of the conditions is met."""

    conditions: tuple[Condition, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.columns for one in self.conditions))


def compare(left: str, operator: Operator, right: Constant | ColumnRef) -> Condition:
    """A column against a constant, or against another `ColumnRef`."""
    return Compare(left, operator, right)


def in_range(column: str, low: Constant, high: Constant) -> Condition:
    """low <= column <= high."""
    return Compare(column, ">=", low) & Compare(column, "<=", high)


def in_set(column: str, values: Iterable[Constant], *, ignore_case: bool = False) -> Condition:
    """Whether the value is one of these."""
    return InSet(column, tuple(values), ignore_case)


def is_null(column: str) -> Condition:
    """Whether a column holds nothing."""
    return IsNull(column)


def flag(column: str) -> Condition:
    """Whether a column of truths is true."""
    return Flag(column)
