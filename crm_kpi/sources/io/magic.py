"""What a file is, by its first bytes: names lie, bytes do not."""

from __future__ import annotations

from enum import StrEnum, auto

LENGTH = 8
"""How many first bytes tell."""


class Magic(StrEnum):
    """Files that are no text. Anything else is read as text."""

    ZIP = auto()
    """A zip archive, which a workbook of today is, too."""
    OLE = auto()
    """A file of Microsoft Office before 2007, or the wrapping of a workbook with a password."""
    PARQUET = auto()


_FIRST = {b"PK\x03\x04": Magic.ZIP, b"\xd0\xcf\x11\xe0": Magic.OLE, b"PAR1": Magic.PARQUET}


def magic(head: bytes) -> Magic | None:
    """What begins with these bytes; None for text.

    >>> magic(b"PAR1\\x15\\x04"), magic(b"id,date")
    (<Magic.PARQUET: 'parquet'>, None)
    """
    return _FIRST.get(head[:4])
