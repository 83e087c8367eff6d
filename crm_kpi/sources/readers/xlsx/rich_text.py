"""The strings of a workbook: those of cells, and those that all sheets share."""

from __future__ import annotations

import re
from sys import getsizeof
from typing import IO

from crm_kpi import messages
from crm_kpi.sources.readers.xlsx.xml_stream import Allowance, PartError, deeper, parse, prefix_of

_ESCAPED = re.compile("_x([0-9a-fA-F]{4})_")
_SKIPPED = frozenset({"rPr", "rPh", "phoneticPr", "extLst"})
"""How a text looks and how it is said, and what programs add of their own."""


class RichText:
    """One string, which may be in several runs, without the hints how to say it."""

    def __init__(self, texts: list[str], prefix: str) -> None:
        """`texts` gets the character data; `prefix` stands before the names of elements."""
        self._texts = texts
        self._text, self._run = f"{prefix}t", f"{prefix}r"
        self._skipped_names = {prefix + name for name in _SKIPPED}
        self._pieces: list[str] = []
        self._in_text = self._in_run = False
        self._skipped = 0

    @property
    def is_open(self) -> bool:
        """Whether an element within the string has not ended."""
        return self._in_text or self._in_run or self._skipped > 0

    def start(self, name: str) -> None:
        """An element within the string begins. Raises PartError for one that is not known."""
        if self._skipped:
            self._skipped = deeper(self._skipped)
        elif self._in_text:
            raise PartError(messages.text("files.element_in_text", element=name[:40]))
        elif name == self._text:
            no_text(self._texts)
            self._in_text = True
        elif name == self._run and not self._in_run:
            self._in_run = True
        elif name in self._skipped_names:
            self._skipped = 1
        else:
            raise PartError(messages.text("files.element_in_string", element=name[:40]))

    def end(self) -> None:
        """An element within the string ends."""
        if self._in_text:
            self._pieces += self._texts
            self._texts.clear()
            self._in_text = False
        elif self._skipped:
            self._texts.clear()
            self._skipped -= 1
        else:
            self._in_run = False

    def take(self) -> str:
        """The string, which ends; another may begin. Raises PartError for a text outside of its
        elements, and for characters that are none."""
        no_text(self._texts)
        text = "".join(self._pieces)
        self._pieces.clear()
        return without_escapes(text)


def no_text(texts: list[str]) -> None:
    """Forget the blanks between elements. Raises PartError where they are more than that."""
    if texts and "".join(texts).strip(" \t\r\n"):
        raise PartError(messages.text("files.text_between"))
    texts.clear()


def without_escapes(text: str) -> str:
    """Text in which a workbook writes what XML cannot hold as `_x000D_`. Raises PartError for
    NUL, and for half a character: XML can hold every whole one, so no program writes halves.

    >>> without_escapes("a_x0009_b")
    'a\\tb'
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    if character == "\0":
        raise PartError(messages.text("files.nul_in_text"))
    if "\ud800" <= character <= "\udfff":
        raise PartError(messages.text("files.half_character", escape=escape[0]))
    return character


def csv_field(text: str) -> str:
    """A field of CSV in which a line end is LF: records end with CR alone."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '"' in text or "," in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def shared_strings(file: IO[bytes], allowance: Allowance) -> list[str]:
    """The strings that sheets share, as fields of CSV. Raises PartError."""
    handler = _SharedStrings(allowance)
    for _ in parse(file, handler, allowance):
        pass
    return handler.strings


class _SharedStrings:
    def __init__(self, allowance: Allowance) -> None:
        self.texts: list[str] = []
        self.strings: list[str] = []
        self._allowance = allowance
        self._item = ""
        """The name of the element of a string, prefix and all."""
        self._string = RichText(self.texts, "")
        self._in_string = False
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._in_string:
            self._string.start(name)
        elif not self._item:
            prefix = prefix_of(name, "sst")
            self._item = f"{prefix}si"
            self._string = RichText(self.texts, prefix)
        elif name == self._item and not self._skipped:
            no_text(self.texts)
            self._in_string = True
        else:
            self._skipped = deeper(self._skipped)

    def end(self, name: str) -> None:
        if self._in_string and self._string.is_open:
            self._string.end()
        elif self._in_string:
            self._add()
            self._in_string = False
        elif self._skipped:
            self.texts.clear()
            self._skipped -= 1

    def _add(self) -> None:
        try:
            text = csv_field(self._string.take())
        except PartError as error:
            number = len(self.strings)
            reason = messages.text("files.shared_string", number=number, why=error.reason)
            raise PartError(reason) from error
        self._allowance.hold(getsizeof(text) + 8)
        self.strings.append(text)
