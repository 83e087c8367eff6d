"""The names of cells: letters for a column, and a number for a row."""

from __future__ import annotations

from functools import cache
from string import ascii_uppercase

from crm_kpi.messages import text
from crm_kpi.sources.readers.xlsx.xml_stream import PartError

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


def index(digits: str) -> int:
    """A number that counts, in plain digits as programs write them. Raises PartError.

    >>> index("0"), index("1048576")
    (0, 1048576)
    """
    plain = digits.isascii() and digits.isdecimal() and len(digits) < 10
    if not plain or digits != str(int(digits)):
        raise PartError(text("files.no_count", number=digits[:40]))
    return int(digits)


@cache
def position(letters: str) -> int:
    """Of a column, from 0. Raises PartError for letters that are none, and beyond the last that
    a sheet can have."""
    at = 0
    for letter in letters[:4]:
        if letter not in ascii_uppercase:
            at = 0
            break
        at = at * 26 + ord(letter) - ord("A") + 1
    if not 0 < at <= LAST_COLUMN:
        raise PartError(text("files.no_column", letters=letters[:20]))
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


def last_row(cells: str) -> int:
    """The last row of a range, from 1.

    >>> last_row("A2:B13"), last_row("A2")
    (13, 2)
    """
    return int(cells.rpartition(":")[2].lstrip(ascii_uppercase))
