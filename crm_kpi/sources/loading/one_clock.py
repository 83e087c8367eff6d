"""On whose days times are counted that stand beside an offset from UTC, where nobody declares it.

Where all say one offset, the file was written on that clock: its times are those that the clock
showed, and so are its days. Two offsets that summer time parts are one clock, too. Other mixtures
are counted on UTC days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, joined, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.parsing.column_context import TypedColumn
from crm_kpi.sources.spec import ReadOptions

_SUMMER = 60
"""Minutes between the offsets of a clock that is put forward."""
_COMPARED = ({"leads", "interactions"}, {"opportunities", "stage_changes"})
"""Tables whose moments are subtracted from one another."""


def settle(
    columns: Iterable[TypedColumn], block: MappedBlock, options: ReadOptions
) -> Iterator[TypedColumn]:
    """The columns of a block; times as clocks showed them, where it is one clock."""
    columns = list(columns)
    offsets = frozenset[int]().union(*(column.offsets for column in columns))
    names = (header for part in block.parts for header in part.has.values())
    declared = block.spec.timezone is not None or any("(utc)" in n.casefold() for n in names)
    shown = options.own_zone and not declared and _is_one_clock(offsets) and offsets != {0}
    written = _listed(offsets)
    for column in columns:
        if shown and column.again is not None:
            yield replace(
                column.again(),
                offsets=column.offsets,
                readings=[*column.readings, _reading(column, written)],
            )
        else:
            yield column


def check(of_each: Sequence[tuple[str, frozenset[int]]], options: ReadOptions) -> None:
    """Refuse times of several clocks that would be compared.

    Args:
        of_each: tables, or blocks of one, each with its offsets in minutes.

    Raises:
        DataError: blocks of one table, or tables whose moments are compared, are of several.
    """
    if not options.own_zone:
        return
    names = {name for name, _ in of_each}
    for tables in (*({name} for name in names), *(pair for pair in _COMPARED if pair <= names)):
        sets = [offsets for name, offsets in of_each if name in tables and offsets]
        every = frozenset[int]().union(*sets)
        if len(set(sets)) > 1 and any(_is_one_clock(o) for o in sets) and not _is_one_clock(every):
            what = text(
                "loading.several_clocks",
                tables=joined(sorted(tables), text("general.and")),
                offsets=_listed(every),
            )
            raise DataError(what, hint=text("loading.declare_clock"))


def _is_one_clock(offsets: frozenset[int]) -> bool:
    return len(offsets) == 1 or (len(offsets) == 2 and max(offsets) - min(offsets) == _SUMMER)


def _reading(column: TypedColumn, offsets: Message) -> Reading:
    times = column.series[0]
    return Reading(
        column.header,
        text("parsing.wall_time", offsets=offsets),
        How.PROVED,
        text("parsing.wall_time_evidence", offsets=offsets),
        len(times) - times.null_count(),
        short=text("parsing.wall_time_short", offsets=offsets),
    )


def _listed(offsets: Iterable[int]) -> Message:
    return joined(map(_offset, sorted(offsets)), text("general.and"))


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
