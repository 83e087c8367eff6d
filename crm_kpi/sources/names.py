"""What a column is called: names of files compared, and told from names of ours."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_kpi.currencies import SYMBOLS
from crm_kpi.sources.unicode import normalized

_REMARK = re.compile(rf"\((?:\*|%|utc|{SYMBOLS})\)")
"""What exports put behind a header without changing its meaning: `(*)`, `(VND)`, `(UTC)`."""


_BARE = str.maketrans({"đ": "d", "ł": "l", "ı": "i"})


@lru_cache(maxsize=10_000)
def key(text: str) -> str:
    """What of a header, or of a word, is compared: its letters and digits, without accents.

    >>> key("Ngày_đăng ký (*)"), key("CustomerID") == key("customer_id")
    ('ngaydangky', True)
    """
    text = normalized("NFC", text).casefold()
    # NFD takes the accents off; the bar of `đ` is not an accent to Unicode, nor that of `ł`, and
    # the `ı` of Turkish is a letter of its own.
    text = normalized("NFD", _REMARK.sub("", text).translate(_BARE))
    return "".join(letter for letter in text if letter.isalnum())


def unmapped(header: str) -> str:
    """The name of a column that is read under the file's own header, apart from names of ours."""
    return f"\0{header}"
