"""Numbers of rows, kept as runs of neighbours: millions of empty lines take a few bytes."""

from __future__ import annotations

from array import array

import polars as pl


class Runs:
    """Numbers of rows in ascending order.

    >>> runs = Runs()
    >>> runs.add(3, 2); runs.add(5); runs.add(9)
    >>> len(runs), runs.count, runs.rows().to_list()
    (4, 2, [3, 4, 5, 9])
    """

    def __init__(self) -> None:
        self._starts, self._ends = array("Q"), array("Q")
        self._size = 0

    def add(self, start: int, size: int = 1) -> None:
        """Add `size` rows from `start` on, which lies above all that are there."""
        self._size += size
        if self._ends and self._ends[-1] == start:
            self._ends[-1] = start + size
        elif size:
            self._starts.append(start)
            self._ends.append(start + size)

    def extend(self, rows: pl.Series) -> None:
        """Add rows in ascending order, all above those that are there."""
        if rows.is_empty():
            return
        first = (rows - rows.shift() != 1).fill_null(value=True)
        starts = first.arg_true()
        sizes = starts.shift(-1, fill_value=len(rows)) - starts
        for start, size in zip(rows.filter(first), sizes, strict=True):
            self.add(start, size)

    @property
    def count(self) -> int:
        """The number of runs."""
        return len(self._starts)

    def __len__(self) -> int:
        return self._size

    def rows(self) -> pl.Series:
        """All of them, one by one."""
        starts = pl.Series(self._starts.tolist(), dtype=pl.Int64)
        ends = pl.Series(self._ends.tolist(), dtype=pl.Int64)
        if starts.is_empty():
            return pl.Series(dtype=pl.UInt32)
        return pl.int_ranges(starts, ends, dtype=pl.UInt32, eager=True).explode()
