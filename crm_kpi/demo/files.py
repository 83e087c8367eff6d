"""How each export is written: name, header, delimiter, byte order mark, line ends."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

CsvRow = Sequence[object]
"""Texts and whole numbers; None is an empty cell."""
New = Callable[[Path], AbstractContextManager[TextIO]]
"""Opens a new file for UTF-8 text that leaves line ends alone, and makes its folder if needed."""


def new(path: Path) -> AbstractContextManager[TextIO]:
    """FileExistsError when there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("x", encoding="utf-8", newline="")


@dataclass(frozen=True)
class Export:
    """`header` is the first line of the file; `excel` adds a byte order mark and CRLF."""

    table: str
    header: str
    delimiter: str = ","
    excel: bool = False

    @property
    def name(self) -> str:
        return f"{self.table}.csv"

    def save(self, folder: Path, rows: Iterable[CsvRow], new: New) -> Path:
        """Writes the file."""
        path, line_end = folder / self.name, "\r\n" if self.excel else "\n"
        with new(path) as file:
            file.write(("\ufeff" if self.excel else "") + self.header + line_end)
            csv.writer(file, delimiter=self.delimiter, lineterminator=line_end).writerows(rows)
        return path


def dotted(amount: int) -> str:
    """1250000 as 1.250.000"""
    return f"{amount:,}".replace(",", ".")
