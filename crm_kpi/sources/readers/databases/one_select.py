"""Whether a query of SQL Server is one select, by its words.

SQL Server knows no transaction that only reads, takes several statements at once with nothing
between them, and lets no select with an order stand in place of a table, which would tell. But the
words that begin a statement are reserved: in a select they stand in quotes or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"""
      [^\w@\#$'"\[/;(-]++ | --[^\n]* | /\*(?:(?!/\*|\*/).)*+\*/
    | (?P<quoted> '(?:[^']|'')*+' | "(?:[^"]|"")*+" | \[(?:[^\]]|\]\])*+\] )
    | (?P<word> [\w@\#$]+ )
    | (?P<open> ['"\[] | /\* ) .*   # without an end; or a comment within a comment
    | (?P<sign> . )
    """,
    re.DOTALL | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d][\w@#$]*|[@#][\w@#$]*|[0-9]+(?:[eE][0-9]*)?|0[xX][0-9a-fA-F]*")
"""A name or a number, none of which runs into the next word."""
_OPEN = ("'", '"', "[", "/*")
_OTHERS = frozenset(
    """
    alter backup begin break bulk checkpoint close commit continue create dbcc deallocate declare
    delete deny drop dump exec execute goto grant if insert into kill load merge open openquery
    opendatasource openrowset print raiserror readtext reconfigure restore return revert revoke
    rollback save set setuser shutdown truncate update updatetext use waitfor while writetext
    """.split()  # noqa: SIM905
)
"""Words of statements that do more than read, and of those that read elsewhere."""


def intruder(sql: str) -> str | None:
    """The first word by which it is more than one select; None where there is none."""
    strange = re.search(r"[\x00-\x08\x0b-\x1f]", sql.replace("\r\n", "\n"))
    if strange:
        return repr(strange[0])
    words = list(_words(sql))
    while words and words[-1] == ";":
        words.pop()
    if not words or words[0] not in ("select", "with", "("):
        return words[0] if words else '""'
    return next((word for word in words if word in _OTHERS or not _plain(word)), None)


def _words(sql: str) -> Iterator[str]:
    for piece in _PIECE.finditer(sql):
        if piece.lastgroup == "quoted":
            yield "''"
        elif piece.lastgroup:
            yield piece[piece.lastgroup].lower()


def _plain(word: str) -> bool:
    """Whether it is a name, a number or a sign that may stand in a select."""
    if word[0].isalnum() or word[0] in "_@#$":
        return _WORD.fullmatch(word) is not None
    return word not in (*_OPEN, ";")
