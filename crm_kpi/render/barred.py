"""Tables whose rows are parts of a whole: a column of theirs is drawn as bars, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_kpi.render.cells import ReportRow, TableColumn
from crm_kpi.render.strokes import bar

BAR = "bar"
"""The key of the cell; no table has a column of that name."""
NARROWEST_BAR = 8
_WIDEST = 40


@dataclass(frozen=True)
class Drawn:
    """
    column: in percent, of which the largest fills the bar.
    every: only so many rows are shown, where each follows from those around it.
    """

    column: str
    every: int = 1


DRAWN: Mapping[str, Drawn] = {
    "funnel": Drawn("overall_rate"),
    "issues": Drawn("share"),
    "spending": Drawn("share"),
    "concentration": Drawn("share_of_revenue", every=10),
}


def with_bars(
    drawn: Drawn,
    records: Sequence[Mapping[str, Any]],
    columns: Sequence[TableColumn],
    rows: Iterable[ReportRow],
    room: int,
) -> tuple[list[TableColumn], list[ReportRow]]:
    """The table with its bars beside the column that they draw, where there is room for them."""
    names = [column.key for column in columns]
    if room < NARROWEST_BAR or drawn.column not in names:
        return list(columns), list(rows)
    values = [record.get(drawn.column) or 0 for record in records]
    most, width = max(values, default=0), min(room, _WIDEST)
    place = names.index(drawn.column) + 1
    wide = [*columns[:place], TableColumn(BAR, ""), *columns[place:]]
    return wide, [
        replace(row, cells={**row.cells, BAR: bar(value, most, width)})
        for row, value in zip(rows, values, strict=True)
    ]
