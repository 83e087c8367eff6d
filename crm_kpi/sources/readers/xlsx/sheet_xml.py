"""The cells of one sheet of a workbook, row by row, from its XML.

A sheet is flat: rows, and in them cells, each with at most a formula and a value. Their elements
are taken where a spreadsheet program puts them, and refused anywhere else: what stands in a
cell that nobody could have written is a damaged number sooner than a new way to write one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from string import ascii_uppercase
from typing import IO

from crm_kpi.errors import DataError
from crm_kpi.messages import Message, text
from crm_kpi.sources.readers.xlsx.cell_names import (
    LAST_COLUMN,
    LAST_ROW,
    index,
    letters_of,
    position,
)
from crm_kpi.sources.readers.xlsx.number_formats import CellFormatter, number
from crm_kpi.sources.readers.xlsx.rich_text import RichText, csv_field, no_text, without_escapes
from crm_kpi.sources.readers.xlsx.xml_stream import (
    Allowance,
    BoundError,
    PartError,
    deeper,
    parse,
    prefix_of,
)

_NOT_AVAILABLE = "#N/A"
_KINDS = frozenset({"b", "d", "e", "inlineStr", "n", "s", "str"})
_MERGED_HELD = 300
_ERROR_HELD = 150
"""Bytes that a range of merged cells and an error are held in."""
MOST_ERRORS, LONGEST_ERROR = 100, 100
"""Different errors in the cells of a sheet, and characters of one; Excel knows some twenty."""
_QUICK = 100
_LETTERS_OF = [letters_of(at) for at in range(_QUICK)]
"""The names of the first columns, so that a place is compared sooner than taken apart."""


@dataclass
class Sheet:
    """What is known of a sheet's cells beside their text, when its rows have been read."""

    path: str
    name: str
    strings: list[str]
    """Shared by all sheets, as fields of CSV."""
    formatters: Mapping[str, CellFormatter | None]
    """By the number of a cell's style; empty where the workbook has no styles."""
    allowance: Allowance
    uncomputed: bool = False
    """The program that wrote the file left it to others to compute its formulas."""
    legacy: bool = False
    """Read without the formats and errors of its cells."""
    formulas: bool = False
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    """Column (from 0): row (from 1): the error in its cell, such as `#REF!`."""
    merged: list[str] = field(default_factory=list)
    """Cells merged over several rows, of which only the first has the value."""

    @property
    def recomputed(self) -> bool:
        """Whether values of formulas in it may be stale."""
        return self.uncomputed and self.formulas

    def rows(self, xml: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """The number of each row that has text, and its cells as fields of CSV.

        Raises DataError for what no spreadsheet program writes, and for a formula whose value
        was never saved.
        """
        handler = _SheetHandler(self)
        try:
            for _ in parse(xml, handler, self.allowance):
                yield from handler.take()
        except PartError as error:
            # Who wants few rows gets those before a fault that stands further down.
            yield from handler.take()
            raise self.refused(error, handler.place) from error

    def refused(self, error: PartError, cell: Message | None = None) -> DataError:
        """What to say of a sheet; `cell` is that, or a row of it."""
        if isinstance(error, UncomputedError):
            return DataError(error.reason, hint=text("files.compute"))
        place = text("files.sheet", sheet=self.name)
        if cell is not None:
            place = text("files.place_in_sheet", sheet=self.name, place=cell)
        if isinstance(error, BoundError):
            reason = text("files.sheet_fault", path=self.path, place=place, why=error.reason)
            return DataError(reason, hint=error.hint)
        return DataError(
            text("files.sheet_damaged", path=self.path, place=place, why=error.reason),
            hint=text("files.save_again"),
        )


class UncomputedError(PartError):
    """A formula without a value; says the file, the row and the cell."""


class _At(IntEnum):
    """The element that the parser stands in."""

    OUTSIDE = 0
    """Anything but the rows of the sheet."""
    ROWS = 1
    ROW = 2
    CELL = 3
    VALUE = 4
    FORMULA = 5
    STRING = 6
    UNKNOWN = 7
    """What programs add to a row or a cell of their own."""


_OUTSIDE, _ROWS, _ROW, _CELL, _VALUE, _FORMULA, _STRING, _UNKNOWN = map(int, _At)


class _SheetHandler:
    """Called some millions of times for a large sheet, most often by `start` and `end` of a cell
    and of its value, which therefore come first and call little."""

    def __init__(self, sheet: Sheet) -> None:
        self.texts: list[str] = []
        self._rows: list[tuple[int, list[str]]] = []
        self._sheet = sheet
        self._strings, self._formatters = sheet.strings, sheet.formatters
        self._at = _OUTSIDE
        self._path: list[str] = []
        """The elements outside of the rows that it stands in."""
        self._prefix = ""
        self._c, self._v = "c", "v"
        self._string = RichText(self.texts, "")
        self._unknown = 0
        self._back = _ROW
        """Where it stood before an unknown element."""
        self._finished = False
        self._row, self._digits = 0, "0"
        self._fields: list[str] = []
        self._next = 0
        """The position, from 0, of a cell that does not say where it stands."""
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._inline: str | None = None
        self._has_formula = False
        self._errors: set[str] = set()

    def take(self) -> list[tuple[int, list[str]]]:
        """The rows with text that nobody has taken yet."""
        rows, self._rows = self._rows, []
        return rows

    @property
    def place(self) -> Message | None:
        """The cell or row that is read; None outside of them."""
        if self._at == _OUTSIDE:
            return None
        if self._at in (_ROWS, _ROW):
            return text("files.row", row=self._row + (self._at == _ROWS))
        cell = self._cell.get("r") or f"{letters_of(self._next)}{self._digits}"
        return text("files.cell", cell=cell[:20])

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._at
        if at == _CELL:
            if name != self._v or self._value is not None:
                self._start_in_cell(name)
                return
            if self.texts:
                no_text(self.texts)
            self._at = _VALUE
        elif at == _ROW:
            if name != self._c:
                self._start_unknown(name, _ROW)
                return
            if self.texts:
                no_text(self.texts)
            self._cell = attributes
            self._value = self._inline = None
            self._has_formula = False
            self._at = _CELL
        elif at == _ROWS:
            if name != f"{self._prefix}row":
                raise PartError(text("files.element_between_rows", element=name[:40]))
            no_text(self.texts)
            self._start_row(attributes.get("r"))
        elif at == _OUTSIDE:
            self._start_outside(name, attributes)
        elif at == _STRING:
            self._string.start(name)
        elif at == _UNKNOWN:
            self._unknown = deeper(self._unknown)
        else:
            raise PartError(text("files.element_in_value", element=name[:40]))

    def end(self, name: str) -> None:
        at = self._at
        if at == _VALUE:
            texts = self.texts
            self._value = texts[0] if len(texts) == 1 else "".join(texts)
            texts.clear()
            self._at = _CELL
        elif at == _CELL:
            if self.texts:
                no_text(self.texts)
            self._end_cell()
            self._at = _ROW
        elif at == _ROW:
            no_text(self.texts)
            if self._fields:
                self._rows.append((self._row, self._fields))
            self._at = _ROWS
        elif at == _STRING:
            self._end_in_string()
        elif at == _FORMULA:
            self.texts.clear()
            self._at = _CELL
        elif at == _ROWS:
            no_text(self.texts)
            self._finished = True
            self._at = _OUTSIDE
        elif at == _UNKNOWN:
            self._end_unknown()
        else:
            self._end_outside()

    def _start_row(self, number: str | None) -> None:
        row = self._row + 1
        if number is not None:
            row = index(number)
            if not self._row < row <= LAST_ROW:
                raise PartError(text("files.row_order", number=number[:20], row=self._row))
        elif row > LAST_ROW:
            raise PartError(text("files.many_sheet_rows"))
        self._row, self._digits = row, str(row)
        self._fields = []
        self._next = 0
        self._cell = {}
        self._at = _ROW

    def _start_in_cell(self, name: str) -> None:
        """An element in a cell that is no value."""
        no_text(self.texts)
        if self._value is not None or self._inline is not None:
            self._start_unknown(name, _CELL)
        elif name == f"{self._prefix}f" and not self._has_formula:
            self._has_formula = self._sheet.formulas = True
            self._at = _FORMULA
        elif name == f"{self._prefix}is":
            self._at = _STRING
        else:
            self._start_unknown(name, _CELL)

    def _start_unknown(self, name: str, back: int) -> None:
        if name != f"{self._prefix}extLst":
            raise PartError(text("files.element_in_it", element=name[:40]))
        self._back, self._at, self._unknown = back, _UNKNOWN, 1

    def _end_unknown(self) -> None:
        self.texts.clear()
        self._unknown -= 1
        if not self._unknown:
            self._at = self._back

    def _end_in_string(self) -> None:
        if self._string.is_open:
            self._string.end()
        else:
            self._inline = self._string.take()
            self._at = _CELL

    def _start_outside(self, name: str, attributes: dict[str, str]) -> None:
        self.texts.clear()
        if not self._path:
            prefix = self._prefix = prefix_of(name, "worksheet")
            self._c, self._v = f"{prefix}c", f"{prefix}v"
            self._string = RichText(self.texts, prefix)
        local = name.removeprefix(self._prefix)
        if len(self._path) == 1 and local == "sheetData":
            if self._finished:
                raise PartError(text("files.rows_twice"))
            self._at = _ROWS
            return
        if self._path[1:] == ["mergeCells"] and local == "mergeCell":
            self._add_merged(attributes.get("ref", ""))
        deeper(len(self._path))
        self._path.append(local)

    def _end_outside(self) -> None:
        self.texts.clear()
        self._path.pop()
        if not self._path and not self._finished:
            raise PartError(text("files.rows_missing"))

    def _add_merged(self, cells: str) -> None:
        first, _, last = cells.partition(":")
        top, bottom = (place.lstrip(ascii_uppercase) for place in (first, last or first))
        for place, row in ((first, top), (last or first, bottom)):
            position(place[: len(place) - len(row)])
            if not 1 <= index(row) <= LAST_ROW:
                raise PartError(text("files.no_merged_cells", cells=cells[:40]))
        self._sheet.allowance.hold(_MERGED_HELD)
        if top != bottom:
            self._sheet.merged.append(cells)

    def _end_cell(self) -> None:
        """Add the text of a cell to its row."""
        cell, value, at = self._cell, self._value, self._next
        place, style, kind = cell.get("r"), cell.get("s"), cell.get("t")
        if place is None or at >= _QUICK or place != _LETTERS_OF[at] + self._digits:
            at = self._position(place)
        formatter = None
        if style is not None:
            formatter = self._formatters.get(style)
            if formatter is None and style not in self._formatters:
                self._check_style(style)
        if value and kind == "s":
            if not (value.isdecimal() and value.isascii()):
                raise PartError(text("files.no_string_number", number=value[:40]))
            try:
                shown = self._strings[int(value)]
            except (IndexError, ValueError) as error:
                raise PartError(text("files.no_shared_string", number=value[:40])) from error
        elif value and (kind is None or kind == "n"):
            try:
                shown = formatter(value) if formatter else number(value)
            except ValueError as error:
                raise PartError(text("files.no_number", number=value[:40])) from error
        else:
            shown = self._other(at, kind or "n", value)
        self._next = at + 1
        if shown:
            fields = self._fields
            # Cells come in order; what lies between two of them is empty.
            if at > len(fields):
                fields += [""] * (at - len(fields))
            fields.append(shown)

    def _check_style(self, style: str) -> None:
        """A workbook without styles gives its cells some all the same."""
        index(style)
        if self._formatters:
            raise PartError(text("files.no_style", style=style))

    def _position(self, place: str | None) -> int:
        """Where a cell stands that says so, or else where the next one does."""
        if place is None:
            if self._next >= LAST_COLUMN:
                raise PartError(text("files.beyond_columns"))
            return self._next
        letters = place.rstrip("0123456789")
        if place[len(letters) :] != self._digits:
            raise PartError(text("files.cell_in_row", cell=place[:20], row=self._digits))
        at = position(letters)
        if at < self._next:
            before = letters_of(self._next - 1)
            raise PartError(text("files.cell_order", cell=place, other=before))
        return at

    def _other(self, at: int, kind: str, value: str | None) -> str:
        """The text of a cell that is no number and no shared string."""
        if kind not in _KINDS:
            raise PartError(text("files.cell_type", type=kind[:40]))
        if (self._inline is not None) != (kind == "inlineStr") and (self._inline or value):
            raise PartError(text("files.value_type"))
        if kind == "inlineStr":
            return csv_field(self._inline or "")
        if self._has_formula and not value and kind != "str":
            path, row = self._sheet.path, self._row
            raise UncomputedError(
                text("files.uncomputed", path=path, row=row, cell=f"{letters_of(at)}{row}")
            )
        if kind == "s":
            raise PartError(text("files.string_number_missing"))
        if not value:
            return ""
        if kind == "b":
            if value not in ("0", "1"):
                raise PartError(text("files.no_flag", value=value[:40]))
            return "true" if value == "1" else "false"
        shown = csv_field(without_escapes(value))
        return self._error(at, shown) if kind == "e" else shown

    def _error(self, at: int, error: str) -> str:
        if error == _NOT_AVAILABLE:
            return ""
        self._errors.add(error)
        if len(self._errors) > MOST_ERRORS or len(error) > LONGEST_ERROR:
            raise PartError(text("files.no_cell_error", error=error[:40]))
        self._sheet.allowance.hold(_ERROR_HELD)
        self._sheet.errors.setdefault(at, {})[self._row] = error
        return error
