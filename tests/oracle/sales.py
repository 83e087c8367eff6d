"""What leads and deals share: local days of time columns, and rows by period and segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, tzinfo

from .common import Row, Rows, Segment, grid, inside, local_day
from .periods import Period

Moments = Callable[[Row, str], date | None]


def days(zone: tzinfo) -> Moments:
    """The local day of a time column, None for a blank or where there is no such column."""
    return lambda row, column: local_day(row[column], zone) if row.get(column) else None


def known(rows: Rows, column: str, day: Moments, as_of: date) -> list[Row]:
    return [row for row in rows if (day(row, column) or as_of) <= as_of]


def cells(
    periods: Sequence[Period], rows: Rows, segments: Sequence[Segment]
) -> Iterator[tuple[Period, Segment, list[Row]]]:
    for period in periods:
        for segment in grid(segments):
            own = [row for row, mine in zip(rows, segments, strict=True) if inside(mine, segment)]
            yield period, segment, own
