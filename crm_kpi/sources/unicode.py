"""Normal forms of Unicode in linear time.

Python sorts the marks of a letter by insertion, so that a letter with a hundred thousand of
them takes minutes; polars does not.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

import polars as pl

_LONG = 256
"""Letters; below, Python is quicker."""


def normalized(form: Literal["NFC", "NFD"], text: str) -> str:
    """
    >>> normalized("NFC", "a\\u0300")
    'à'
    """
    if text.isascii():
        return text
    if len(text) < _LONG:
        return unicodedata.normalize(form, text)
    return str(pl.Series([text]).str.normalize(form).item())
