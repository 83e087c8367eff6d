"""A header of two rows: names of groups, merged over their columns, above the names of those.

    Mã KH,Doanh thu,,Số lượng,            becomes  Mã KH, Doanh thu / Tháng 1, Doanh thu / Tháng 2,
    ,Tháng 1,Tháng 2,Tháng 1,Tháng 2               Số lượng / Tháng 1, Số lượng / Tháng 2

A row of a customer must never be taken for the lower half of a header. So each column has to be
named by one of the two rows as merged cells would have it, the lower row may hold no value, and
below one of its words there are numbers or dates alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

JOIN = " / "
LONGEST = 80
"""Characters of a name; longer ones are sentences."""
_NAME = re.compile(r"[^\W\d_].*", re.DOTALL)
_VALUE = re.compile(r"\W*\d.*", re.DOTALL)
_UNIT = re.compile(
    r"(?P<bare>.*\S)\s*(?P<unit>[(\[（][^()\[\]（）]*[^\W\d][^()\[\]（）]*[)\]）])\s*"
)
"""What a group says of all its columns, as in `Doanh thu (nghìn đồng)`."""


@dataclass(frozen=True)
class _Column:
    group: str
    """The name of the group that it belongs to; blank for a column by itself."""
    name: str


def joined(
    top: Sequence[str],
    below: Sequence[str],
    rows: Iterable[Sequence[str]],
    is_known: Callable[[str], bool],
) -> tuple[str, ...] | None:
    """The headers of two rows that are one header; None where they are not.

    A column is called `Group / Name`; `Name` alone where no other is called so, and it is a name
    that is known while the whole one is not.

    Args:
        top: the fields of the first row.
        below: those of the row right below.
        rows: the fields of the first rows of data.

    >>> rows = [["A", "5", "6"]]
    >>> joined(["Mã KH", "Doanh thu", ""], ["", "Tháng 1", "Tháng 2"], rows, bool)
    ('Mã KH', 'Doanh thu / Tháng 1', 'Doanh thu / Tháng 2')
    >>> joined(["Mã KH", "Tên", ""], ["A", "Lan", "Anh"], [["B", "5", "6"]], bool) is None
    True
    """
    width = max(len(top), len(below))
    top, below = _filled_up(top, width), _filled_up(below, width)
    columns = _columns(top, below)
    if columns is None or not _is_merged(top, below, columns) or not _is_above(below, top, rows):
        return None
    alone = Counter(column.name for column in columns)
    names = []
    for column in columns:
        name = _whole(column)
        if column.group and not is_known(name) and alone[column.name] == 1:
            short = _whole(column, named=False)
            name = short if is_known(short) else name
        names.append(name)
    return tuple(names)


def _filled_up(cells: Sequence[str], width: int) -> list[str]:
    return [*(" ".join(cell.split()) for cell in cells), *[""] * (width - len(cells))]


def _columns(top: Sequence[str], below: Sequence[str]) -> list[_Column] | None:
    """The columns as merged cells would have them; None where one has no name, or where a cell
    of the lower row stands below none of the upper."""
    columns: list[_Column] = []
    group, is_group = "", True
    for above, name in zip(top, below, strict=True):
        if above:
            group, is_group = above, bool(name)
            columns.append(_Column(above, name) if name else _Column("", above))
        elif name and is_group:
            columns.append(_Column(group, name))
        else:
            return None
    return columns


def _is_merged(top: Sequence[str], below: Sequence[str], columns: Sequence[_Column]) -> bool:
    """Whether all groups have several columns, or such as others have, too; and something is
    there that one row alone cannot say: columns that only the upper row names, or names that
    come again in another group."""
    sizes = Counter(column.group for column in columns if column.group)
    wide = [group for group, size in sizes.items() if size > 1]
    shared = {column.name for column in columns if column.group in wide}
    if not wide or any(c.group and c.name not in shared for c in columns):
        return False
    again = len({c.name for c in columns if c.group}) < sizes.total()
    upright = any(cell and not name for cell, name in zip(top, below, strict=True))
    beside = any(not column.group for column in columns)
    return upright or again or (len(wide) > 1 and beside)


def _is_above(below: Sequence[str], top: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Whether the lower row holds names, and what stands under them are values."""
    names = [cell for cell in (*top, *below) if cell]
    if not all(len(cell) <= LONGEST and _NAME.fullmatch(cell) for cell in names):
        return False
    wide = [row for row in rows if len(row) == len(below)]
    if not wide:
        return False
    upright = [at for at, cell in enumerate(below) if not cell]
    if upright and not any(wide[0][at].strip() for at in upright):
        return False
    return any(
        _are_values(row[at].strip() for row in wide) for at, cell in enumerate(below) if cell
    )


def _are_values(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_VALUE.fullmatch, filled))


def _whole(column: _Column, *, named: bool = True) -> str:
    """The name of a column: a unit that its group says stands behind it, where it is looked for."""
    unit = _UNIT.fullmatch(column.group)
    group, said = (unit["bare"], f" {unit['unit']}") if unit else (column.group, "")
    return f"{group}{JOIN if group else ''}{column.name}{said}" if named else column.name + said
