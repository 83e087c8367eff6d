"""Order statistics by numpy: each column is sorted once, and ranks are positions.

Windows, by which `crm_kpi.engine.algebra_narwhals` says the same, look at every row some times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from crm_kpi.conditions import Condition
from crm_kpi.engine.algebra_narwhals import HALF
from crm_kpi.engine.kernels.arrays import LARGEST, Flags, Whole, WholeColumn, column, flags
from crm_kpi.engine.kernels.groups import Groups, KeyCodes, SortedNumbers, coded, grouped, sort
from crm_kpi.metrics._algebra import (
    ORDER_STATISTICS,
    Aggregate,
    Count,
    LargestCount,
    LargestSum,
    Ordered,
    RankSum,
    Sum,
    Survival,
)
from crm_kpi.metrics._intervals import Z


class _TooLarge(Exception):
    """A number does not fit into 64 bits, or is none."""


def aggregated(
    table: NumberedRows, keys: Sequence[str], state: Mapping[str, Aggregate]
) -> list[dict[str, Any]] | None:
    """The state of each group of rows; None where a number is too large, or of another type."""
    groups = grouped({key: table.codes(key) for key in keys}, table.rows.height)
    if groups is None:
        return None
    found = dict(groups.keys)
    source = _GroupedRows(table, groups)
    try:
        for name, aggregate in state.items():
            found |= _values(source, name, aggregate)
    except _TooLarge:
        return None
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


class NumberedRows:
    """Rows, and their columns as whole numbers, which several groupings read."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._codes: dict[str, KeyCodes] = {}
        self._columns: dict[str, WholeColumn | None] = {}

    def codes(self, name: str) -> KeyCodes:
        """A column that rows are grouped by."""
        if name not in self._codes:
            self._codes[name] = coded(self.rows[name])
        return self._codes[name]

    def column(self, name: str) -> WholeColumn:
        """A column of numbers.

        Raises:
            _TooLarge: it is of another type, or one does not fit.
        """
        if name not in self._columns:
            self._columns[name] = column(self.rows[name])
        found = self._columns[name]
        if found is None:
            raise _TooLarge
        return found


@dataclass
class _GroupedRows:
    """The rows in groups, and their columns sorted."""

    table: NumberedRows
    groups: Groups
    _sorted: dict[tuple[str, str | None], tuple[WholeColumn, SortedNumbers]] = field(
        default_factory=dict
    )

    def met(self, where: Condition) -> Flags:
        """Which rows meet a condition, of which there is a column."""
        return flags(self.table.rows[repr(where)])

    def sorted(self, name: str, ended: str | None = None) -> tuple[WholeColumn, SortedNumbers]:
        """A column, and its values sorted by group; with `ended` each is twice itself, and one
        more where its end is not known: of equal lengths the ended ones come first."""
        if (name, ended) not in self._sorted:
            mine = self.table.column(name)
            numbers, valid = mine.numbers, mine.valid
            if ended is not None:
                if int(np.abs(numbers).max(initial=0)) >= LARGEST // 4:
                    raise _TooLarge
                ends = self.table.rows[ended]
                numbers = numbers * 2 + ~flags(ends)
                if ends.null_count():
                    known = ends.is_not_null().to_numpy()
                    valid = known if valid is None else valid & known
            there = numbers if valid is None else numbers[valid]
            found = sort(self.groups.select(valid), there)
            if found is None:
                raise _TooLarge
            self._sorted[name, ended] = mine, found
        return self._sorted[name, ended]


def _values(source: _GroupedRows, name: str, aggregate: Aggregate) -> dict[str, list[Any]]:
    match aggregate:
        case Count(None):
            return {name: source.groups.sizes().tolist()}
        case Count(where) if where is not None:
            return {name: source.groups.select(source.met(where)).sizes().tolist()}
        case Sum(of, where):
            return {name: _sums(source, of, where)}
        case Survival(of, ended):
            return {name: _medians_of_survival(*source.sorted(of, ended))}
        case Ordered(of):
            return _order_statistics(name, *source.sorted(of))
        case LargestSum(of, percent):
            return {name: _sums_of_largest(*source.sorted(of), percent)}
        case LargestCount(of, percent):
            return {name: _counts_of_largest(source.sorted(of)[1], percent)}
        case RankSum(of):
            return {name: _sums_of_ranked(*source.sorted(of))}
    raise NotImplementedError(aggregate)


def _sums(source: _GroupedRows, name: str, where: Condition | None) -> list[Any]:
    mine = source.table.column(name)
    rows = mine.valid
    if where is not None:
        met = source.met(where)
        rows = met if rows is None else rows & met
    numbers = mine.numbers if rows is None else mine.numbers[rows]
    return [*map(mine.told, source.groups.select(rows).sums(numbers))]


def _order_statistics(name: str, mine: WholeColumn, ordered: SortedNumbers) -> dict[str, list[Any]]:
    n = ordered.sizes
    half = n.astype(np.float64) ** 0.5 * (Z / 2)
    ranks = {
        "min": np.minimum(n, 1),
        "max": n,
        "low": np.floor(n / 2 - half).astype(np.int64),
        "high": np.ceil(n / 2 + 1 + half).astype(np.int64),
    }
    for tenths in (5, 9):
        below = (n - 1) * tenths // 10 + 1
        ranks[f"p{tenths}_below"], ranks[f"p{tenths}_above"] = below, below + 1
    state: dict[str, list[Any]] = {
        statistic: [None if each is None else mine.told(each) for each in ordered.at(rank)]
        for statistic, rank in ranks.items()
    }
    state["n"] = n.tolist()
    state["sum"] = [*map(mine.told, _in_order(ordered).sums(ordered.numbers))]
    return {f"{name}:{statistic}": state[statistic] for statistic in ORDER_STATISTICS}


def _in_order(ordered: SortedNumbers) -> Groups:
    """The groups of numbers that are sorted."""
    count = len(ordered.sizes)
    return Groups(np.repeat(np.arange(count), ordered.sizes), {}, count)


def _running(ordered: SortedNumbers, factor: int = 1) -> Whole:
    """The sum of all numbers before each place.

    Raises:
        _TooLarge: so many times one might not fit.
    """
    numbers = ordered.numbers
    if int(np.abs(numbers).max(initial=0)) * len(numbers) * factor >= LARGEST:
        raise _TooLarge
    return np.concatenate([[0], np.cumsum(numbers)])


def _sums_of_largest(mine: WholeColumn, ordered: SortedNumbers, percent: int) -> list[Any]:
    running, ends = _running(ordered), ordered.starts + ordered.sizes
    among = (ordered.sizes * percent + 99) // 100
    return [*map(mine.told, (running[ends] - running[ends - among]).tolist())]


def _counts_of_largest(ordered: SortedNumbers, percent: int) -> list[int]:
    share = Fraction(percent, 100)
    running = _running(ordered, 100)
    ends = ordered.starts + ordered.sizes
    above = np.repeat(running[ends], ordered.sizes) - running[1:]
    total = np.repeat(running[ends] - running[ordered.starts], ordered.sizes)
    enough = above * share.denominator < total * share.numerator
    counts: list[int] = _in_order(ordered).select(enough).sizes().tolist()
    return counts


def _sums_of_ranked(mine: WholeColumn, ordered: SortedNumbers) -> list[Any]:
    largest = int(np.abs(ordered.numbers).max(initial=0)) * int(ordered.sizes.max(initial=0))
    if largest >= LARGEST:
        raise _TooLarge
    ranks = np.arange(1, len(ordered.numbers) + 1) - np.repeat(ordered.starts, ordered.sizes)
    return [*map(mine.told, _in_order(ordered).sums(ordered.numbers * ranks))]


def _medians_of_survival(mine: WholeColumn, ordered: SortedNumbers) -> list[Any]:
    """The first length at which no more than half are left, of each group."""
    still = (ordered.numbers & 1).astype(np.bool_)
    ranks = np.arange(len(still)) - np.repeat(ordered.starts, ordered.sizes)
    at_risk = np.repeat(ordered.sizes, ordered.sizes) - ranks
    kept = np.where(still, 1.0, (at_risk - 1) / at_risk)
    told = mine.told
    found: list[Any] = []
    for start, size in zip(ordered.starts.tolist(), ordered.sizes.tolist(), strict=True):
        left = np.multiply.accumulate(kept[start : start + size])
        place = int(np.searchsorted(-left, -HALF))  # it never rises
        reached = place < size
        found.append(told(int(ordered.numbers[start + place]) >> 1) if reached else None)
    return found
