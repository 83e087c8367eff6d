"""The rows of a sheet as CSV, within bounds."""

from __future__ import annotations

from crm_kpi.messages import text
from crm_kpi.sources.readers.xlsx.cell_names import letters_of
from crm_kpi.sources.readers.xlsx.xml_stream import Allowance, BoundError

MOST_EMPTY, EMPTY_BESIDE_FULL = 20_000_000, 5
"""Cells without text, that are written out so that all rows are as wide as the widest: so many,
or so many times those with text."""
_COPIES = 3
"""CSV is held in pieces, as a whole, and in the table that is read from it."""
_PIECE = 1 << 20
_ROW_END = "\0"
"""Stands for the end of a row with text until it is known how wide rows are: no cell holds it."""


class SheetCsv:
    """CSV with commas, whose records end with CR, so that a line is a row of the sheet."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._pieces: list[tuple[int, bytes]] = []
        """Rows, and how wide they are."""
        self._lines: list[str] = []
        self._size = 0
        self._row = self._count = self._full = 0
        self._width, self._widest = 0, 0

    def add(self, row: int, fields: list[str]) -> None:
        """The fields of a row; rows come in order. Raises BoundError where it is too much."""
        wide = len(fields)
        if wide > self._width:
            self._flush()
            self._width, self._widest = wide, row
        self._count += 1
        self._full += wide - fields.count("")
        empty = self._count * self._width - self._full
        if empty > MOST_EMPTY and empty > EMPTY_BESIDE_FULL * self._full:
            cell = f"{letters_of(self._width - 1)}{self._widest}"
            raise BoundError(text("files.far_cell", cell=cell, most=MOST_EMPTY))
        size = sum(map(len, fields)) + self._width + row - self._row
        self._allowance.hold(_COPIES * size)
        padding = "," * (self._width - wide)
        blank = "\r" * (row - self._row - 1)
        self._lines.append(f"{blank}{','.join(fields)}{padding}{_ROW_END}")
        self._row = row
        self._size += size
        if self._size > _PIECE:
            self._flush()

    def take(self) -> bytes:
        """All of it."""
        self._flush()
        return b"".join(
            piece.replace(_ROW_END.encode(), b"," * (self._width - width) + b"\r")
            for width, piece in self._pieces
        )

    def _flush(self) -> None:
        if self._lines:
            self._pieces.append((self._width, "".join(self._lines).encode()))
        self._lines.clear()
        self._size = 0
