"""How each export is written: name, header, delimiter, byte order mark, line ends."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = Sequence[str]


@dataclass(frozen=True)
class Export:
    table: str
    header: tuple[str, ...]
    delimiter: str = ","
    byte_order_mark: bool = False
    line_end: str = "\n"

    @property
    def name(self) -> str:
        return f"{self.table}.csv"

    def save(self, folder: Path, rows: Iterable[Row]) -> Path:
        """Writes the file anew; FileExistsError when there is one."""
        path = folder / self.name
        encoding = "utf-8-sig" if self.byte_order_mark else "utf-8"
        with path.open("x", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter, lineterminator=self.line_end)
            writer.writerow(self.header)
            writer.writerows(rows)
        return path


def dotted(amount: int) -> str:
    """1250000 as 1.250.000"""
    return f"{amount:,}".replace(",", ".")
