"""Whether the headers of a file are Vietnamese: then its dates are day first and 1.250 is 1250."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from crm_kpi.sources.io.encodings import VIETNAMESE
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.names import key
from crm_kpi.sources.unicode import normalized
from crm_kpi.tables import Kind, Table

_OWN = VIETNAMESE - frozenset("aeiouyAEIOUYâêôÂÊÔàáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝ")
"""Letters that no other language has but `đ`, which is Croatian too."""
_PLAIN = ("doanhthu", "doanhso")
"""Vietnamese headers whose letters carry no mark."""
_WRITTEN = (Kind.DATE, Kind.TIME, Kind.MONEY, Kind.NUMBER)


def is_vietnamese(table: Table, headers: Iterable[str], mapped: Mapping[str, str]) -> bool:
    """At least one header has letters of Vietnamese alone, and no date or amount a header of
    another language.

    Args:
        mapped: our columns: their headers.
    """
    headers = [normalized("NFC", header) for header in headers]
    if not any(letter in _OWN for header in headers for letter in header):
        return False
    written = [c.name for c in table.columns if c.kind in _WRITTEN]
    own = [normalized("NFC", mapped[name]) for name in written if name in mapped]
    return all(map(_is_ours, own)) and not any(key(header) in _foreign(table) for header in headers)


def _is_ours(header: str) -> bool:
    marked = any(unicodedata.combining(c) or not c.isascii() for c in header)
    return marked or key(header) in (*_PLAIN, *_accented())


@cache
def _accented() -> frozenset[str]:
    """Keys of all aliases that carry marks: `Ngay mua` is `Ngày mua`."""
    names = (name for of_table in ALIASES.values() for names in of_table.values() for name in names)
    return frozenset(key(name) for name in names if not name.isascii())


@cache
def _foreign(table: Table) -> frozenset[str]:
    """Keys of headers of dates and amounts in English."""
    written = [c.name for c in table.columns if c.kind in _WRITTEN]
    names = [*written, *(n for c in written for n in ALIASES[table.name].get(c, ()) if n.isascii())]
    return frozenset(map(key, names)) - _accented() - {*_PLAIN}
