"""Rows in groups: a number for each group, and whole numbers summed and sorted within."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import BITS, Flags, Whole, bits

_EXACT = 1 << 53
"""Whole numbers below are floats, too: as long as a sum of magnitudes is, it is exact."""
_PART = 22
"""So many bits of a number at a time: of 2^31 rows they add up to less than that."""
_SPARSE = 1 << 20


@dataclass(frozen=True)
class Groups:
    """of: the group's number of each row. keys: the groups' keys by column, in their order."""

    of: Whole
    keys: dict[str, list[Any]]
    count: int

    def select(self, rows: Flags | None) -> Groups:
        """Some of the rows, in the same groups."""
        return self if rows is None else Groups(self.of[rows], self.keys, self.count)

    def sizes(self) -> Whole:
        """How many rows each has."""
        return np.bincount(self.of, minlength=self.count)

    def sums(self, numbers: Whole) -> list[int]:
        """The sums of whole numbers, exact."""
        magnitude = int(np.abs(numbers).max(initial=0))
        if magnitude * len(numbers) < _EXACT:
            return self._added(numbers)
        low = self._added(numbers & ((1 << _PART) - 1))
        middle = self._added(numbers >> _PART & ((1 << _PART) - 1))
        high = self._added(numbers >> 2 * _PART)
        parts = zip(low, middle, high, strict=True)
        return [a + (b << _PART) + (c << 2 * _PART) for a, b, c in parts]

    def _added(self, numbers: Whole) -> list[int]:
        found = np.bincount(self.of, weights=numbers, minlength=self.count)
        added: list[int] = found.astype(np.int64).tolist()
        return added


KeyCodes = tuple[Whole, Sequence[Any]]
"""A number for each row, and what the numbers stand for."""


def grouped(keys: Mapping[str, KeyCodes], rows: int) -> Groups | None:
    """The groups of rows with equal keys; None where they are too many for a number."""
    count = 1
    of = np.zeros(rows, np.int64)
    for codes, values in keys.values():
        count *= len(values)
        if bits(count) > BITS:
            return None
        of = of * len(values) + codes
    if count <= rows + _SPARSE:
        there = np.flatnonzero(np.bincount(of, minlength=count))
        place = np.zeros(count, np.int64)
        place[there] = np.arange(len(there))
        of = place[of]
    else:
        there, of = np.unique(of, return_inverse=True)
    found: dict[str, list[Any]] = {}
    rest = there
    for key, (_, values) in reversed([*keys.items()]):
        rest, at = np.divmod(rest, len(values))
        found[key] = [values[i] for i in at.tolist()]
    return Groups(of, found, len(there))


def coded(series: pl.Series) -> KeyCodes:
    """A number for each value of a column, null among them."""
    values: Sequence[Any]
    if series.dtype.is_integer() and series.len() > series.null_count():
        lowest, highest = cast(tuple[int, int], (series.min(), series.max()))
        if highest - lowest < _SPARSE:
            values = range(lowest, highest + 1)
            return _filled(series.cast(pl.Int64) - lowest, values)
    values = series.unique().drop_nulls().sort().to_list()
    if series.dtype == pl.String:
        return _filled(series.cast(pl.Enum(values)).to_physical(), values)
    return _filled(series.rank("dense") - 1, values)


def _filled(codes: pl.Series, values: Sequence[Any]) -> KeyCodes:
    """Codes with one for null, which stands behind the others."""
    if not codes.null_count():
        return codes.cast(pl.Int64).to_numpy(), values or [None]
    return codes.cast(pl.Int64).fill_null(len(values)).to_numpy(), [*values, None]


def beginnings(*keys: Whole) -> Whole:
    """Where a new combination begins."""
    begins = np.zeros(len(keys[0]), np.bool_)
    begins[:1] = True
    for each in keys:
        begins[1:] |= each[1:] != each[:-1]
    return np.flatnonzero(begins)


@dataclass(frozen=True)
class SortedNumbers:
    """Whole numbers sorted within their groups, which follow one another.

    starts, sizes: where each group's numbers begin, and how many there are.
    """

    numbers: Whole
    starts: Whole
    sizes: Whole

    def at(self, rank: Whole) -> list[int | None]:
        """The numbers of this rank in each group, the smallest's being 1; None beyond."""
        there = (rank >= 1) & (rank <= self.sizes)
        found = np.zeros(len(rank), np.int64)
        found[there] = self.numbers[(self.starts + rank - 1)[there]]
        pairs = zip(found.tolist(), there.tolist(), strict=True)
        return [number if known else None for number, known in pairs]


def sort(groups: Groups, numbers: Whole) -> SortedNumbers | None:
    """Numbers sorted group by group: packed into one with their group, so it is one fast sort.
    None where they do not fit."""
    sizes = groups.sizes()
    starts = np.cumsum(sizes) - sizes
    if not len(numbers):
        return SortedNumbers(numbers, starts, sizes)
    lowest = int(numbers.min())
    width = bits(int(numbers.max()) - lowest)
    if width + bits(groups.count) > BITS:
        return None
    packed = groups.of << width | (numbers - lowest)
    packed.sort()
    packed &= (1 << width) - 1
    packed += lowest
    return SortedNumbers(packed, starts, sizes)
