"""The XML of one sheet of a workbook, row by row.

A sheet is flat: rows, and in them cells of a few known shapes. They are taken by one regex,
in a sixth of the time of an XML parser, and what the regex leaves over is an error: nothing
is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import TextIOWrapper
from typing import IO

from crm_kpi.errors import DataError
from crm_kpi.sources.cellformats import Look, number

LONGEST_ROW = 16 << 20
"""Characters of XML."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 1 << 20
_NOT_AVAILABLE = "#N/A"

_ROW = re.compile(r"\s*(?:<row[^>]*/>\s*)*<row((?:\s[^>]*)?)>")
_EMPTY_ROWS = re.compile(r"\s*(?:<row[^>]*/>\s*)*")
_NUMBER = re.compile(r'\sr=["\'](\d{1,7})["\']')
_CELL = re.compile(
    r'(<c(?: r="([A-Z]{1,3})\d+")?(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?"
    r"(?:<v(?:\s[^>]*)?(?:/>|>([^<]*)</v>))?(?:<is>(.*?)</is>|<is/>)?</c>))",
    re.DOTALL,
)
_START = re.compile(r"<c(\s[^>]*?)?\s*(/?)>")
_TEXT = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_MERGED = re.compile(r'<mergeCell\s[^>]*ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")


@dataclass
class Sheet:
    """What is known of a sheet's cells beside their text, when its rows have been read."""

    path: str
    strings: list[str]
    """Shared by all sheets, as fields of CSV."""
    looks: list[Look | None]
    """By the number of a cell's style."""
    uncomputed: bool = False
    """The program that wrote the file left it to others to compute its formulas."""
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

        Raises DataError for XML of another shape than a sheet's, and for a formula whose
        value was never saved.
        """
        last = 0
        for body in self._bodies(xml):
            start = _ROW.match(body)
            if start is None:
                raise self._strange(last + 1)
            found = _NUMBER.search(start[1])
            row = int(found[1]) if found else last + 1
            if not last < row <= LAST_ROW:
                raise self._strange(last + 1)
            last = row
            fields = self._fields(row, body[start.end() :])
            if fields:
                yield row, fields

    def _bodies(self, xml: IO[bytes]) -> Iterator[str]:
        """The XML of each row, without its end tag."""
        text = TextIOWrapper(xml, encoding="utf-8-sig")
        head = text.read(_CHUNK)
        opened = re.search(r"<((?:\w+:)?)sheetData(\s[^>]*)?(/?)>", head)
        if opened is None:
            raise self._strange(1)
        prefix = opened[1]
        rest, chunk, end = "", head[opened.end() :], f"</{prefix}sheetData>"
        if opened[3]:
            return
        while chunk:
            rest += chunk
            *bodies, rest = rest.split(f"</{prefix}row>")
            for body in bodies:
                yield _bare(body, prefix)
            if len(rest) > LONGEST_ROW or end in rest:
                break
            chunk = text.read(_CHUNK)
        before, _, after = rest.partition(end)
        if end not in rest or not _EMPTY_ROWS.fullmatch(_bare(before, prefix)):
            raise self._strange(None)
        self._look_for_merged(_bare(after + text.read(LONGEST_ROW), prefix))

    def _fields(self, row: int, xml: str) -> list[str]:
        cells = _CELL.findall(xml)
        if sum(len(cell[0]) for cell in cells) != len(xml):
            cells = _CELL.findall(xml := _tidy(xml))
            if sum(len(cell[0]) for cell in cells) != len(xml):
                raise self._strange(row)
        self.formulas = self.formulas or "<f" in xml
        fields: list[str] = []
        strings, looks = self.strings, self.looks
        next_at = 0
        for _, letters, style, kind, formula, value, inline in cells:
            try:
                at = _position(letters) if letters else next_at
                next_at = at + 1
                if kind == "s":
                    text = strings[int(value)]
                elif kind in ("", "n") and value:
                    look = looks[int(style)] if style and looks else None
                    text = look(value) if look else number(value)
                else:
                    text = self._other(row, at, kind, formula, value, inline)
            except (ValueError, IndexError) as error:
                raise self._strange(row) from error
            if text:
                # Cells come in order; what lies between two of them is empty.
                if len(fields) > at:
                    raise self._strange(row)
                fields += [""] * (at - len(fields))
                fields.append(text)
        return fields

    def _other(self, row: int, at: int, kind: str, formula: str, value: str, inline: str) -> str:
        """The text of a cell that is no number and no shared string."""
        if kind == "inlineStr":
            return csv_field(rich_text(inline))
        if kind == "b":
            return {"1": "true", "0": "false"}[value] if value in ("0", "1") else value
        if kind == "e":
            if value != _NOT_AVAILABLE:
                self.errors.setdefault(at, {})[row] = value
            return "" if value == _NOT_AVAILABLE else csv_field(unescaped(value))
        if formula and not value and kind != "str":
            raise DataError(
                f"{self.path}:{row}: cell {letters_of(at)}{row} holds a formula whose value was "
                "never saved",
                hint="open the file in a spreadsheet program and save it, which computes it",
            )
        return csv_field(unescaped(value))

    def _look_for_merged(self, xml: str) -> None:
        for first, top, last, bottom in _MERGED.findall(xml):
            if top != bottom:
                self.merged.append(f"{first}{top}:{last}{bottom}")

    def _strange(self, row: int | None) -> DataError:
        place = self.path if row is None else f"{self.path}:{row}"
        return DataError(
            f"{place}: the sheet is damaged, or written in a way that is not known",
            hint="open the file in a spreadsheet program and save it again as .xlsx",
        )


def _bare(xml: str, prefix: str) -> str:
    """Tags without the prefix of their namespace."""
    return xml.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else xml


def _tidy(xml: str) -> str:
    """The cells of a row with nothing between them, and each attribute where `_CELL` wants it."""

    def start(tag: re.Match[str]) -> str:
        attributes = dict(re.findall(r"\s(\w+)=[\"']([^\"'>]*)[\"']", tag[1] or ""))
        kept = "".join(f' {name}="{attributes[name]}"' for name in "rst" if name in attributes)
        return f"<c{kept}{tag[2]}>"

    return _START.sub(start, re.sub(r"(?<=>)\s+(?=</?(?:c|f|v|is)\b)|\s+\Z|\A\s+", "", xml))


@cache
def _position(letters: str) -> int:
    """Of a column, from 0. Raises ValueError beyond the last that a sheet can have."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    if at > LAST_COLUMN:
        raise ValueError(letters)
    return at - 1


def letters_of(position: int) -> str:
    """The name of a column, by its position from 0.

    >>> letters_of(0), letters_of(27)
    ('A', 'AB')
    """
    letters = ""
    while position >= 0:
        position, letter = divmod(position, 26)
        letters = chr(ord("A") + letter) + letters
        position -= 1
    return letters


def rich_text(xml: str) -> str:
    """The text of a string that may be in several runs, without the hints how to say it."""
    if one := _TEXT.fullmatch(xml):
        return unescaped(one[1])
    return "".join(unescaped(run) for run in _TEXT.findall(_PHONETIC.sub("", xml)))


def unescaped(xml: str) -> str:
    """Character data as text. Raises ValueError for an entity that XML does not know."""
    if "&" in xml:
        if xml.count("&") != len(_ENTITY.findall(xml)):
            raise ValueError(xml)
        xml = _ENTITY.sub(_character, xml)
    return without_escapes(xml)


def without_escapes(text: str) -> str:
    """Text in which a workbook writes what XML cannot hold as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _character(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def csv_field(text: str) -> str:
    """A field of CSV in which a line end is LF: records end with CR alone."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '"' in text or "," in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
