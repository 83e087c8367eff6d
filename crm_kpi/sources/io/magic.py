"""What a file is, by its first bytes: names lie, bytes do not."""

from __future__ import annotations

from enum import StrEnum

LENGTH = 8
"""How many first bytes tell."""


class Magic(StrEnum):
    """Files that are no text. Anything else is read as text."""

    ZIP = "a zip archive"
    """Also what a workbook of today is."""
    OLE = "a file of Microsoft Office before 2007"
    """Also the wrapping of a workbook with a password."""
    PARQUET = "Parquet"


_FIRST = {b"PK\x03\x04": Magic.ZIP, b"\xd0\xcf\x11\xe0": Magic.OLE, b"PAR1": Magic.PARQUET}


def magic(head: bytes) -> Magic | None:
    """What begins with these bytes; None for text.

    >>> magic(b"PAR1\\x15\\x04"), magic(b"id,date")
    (<Magic.PARQUET: 'Parquet'>, None)
    """
    return _FIRST.get(head[:4])
