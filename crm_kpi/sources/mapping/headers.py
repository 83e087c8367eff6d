"""Which header is which column: by `columns:`, by our own name, or by a known alias."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from crm_kpi.errors import DataError, UsageError, did_you_mean
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.names import key
from crm_kpi.sources.unicode import normalized
from crm_kpi.tables import Table


@cache
def known_keys(table: str) -> Mapping[str, str]:
    """Key of an alias: the column of ours that it names in this table."""
    return {key(alias): column for column, names in ALIASES[table].items() for alias in names}


def find(headers: Sequence[str], name: str) -> list[int]:
    """Positions of the headers that `name` means: the same text, else the same key."""
    name = normalized("NFC", name).strip()
    same = [i for i, h in enumerate(headers) if normalized("NFC", h) == name]
    wanted = key(name)
    return same or [i for i, h in enumerate(headers) if wanted and key(h) == wanted]


def one(headers: Sequence[str], name: str, path: str, option: str) -> int:
    """The position of the header that the config names under `option`.

    Raises UsageError when the file lacks it, DataError when it stands there twice.
    """
    found = find(headers, name)
    if not found:
        raise UsageError(
            f"{path}: no column {name!r}, which {option} names; it has {listed(headers)}",
            hint=did_you_mean(name, headers),
        )
    if len(found) > 1:
        places = " and ".join(str(i + 1) for i in found)
        raise DataError(
            f"{path}: two columns are called {name!r} ({places} of the file)",
            hint=f"rename one of them in the file, so that {option} can tell them apart",
        )
    return found[0]


def matches(table: Table, column: str, headers: Sequence[str]) -> list[int]:
    """Positions of the headers that can be `column`: those with our own name, else by alias."""
    own = [i for i, h in enumerate(headers) if key(h) == key(column)]
    known = known_keys(table.name)
    return own or [i for i, h in enumerate(headers) if known.get(key(h)) == column]


def recognised(table: Table, headers: Iterable[str], named: Iterable[str]) -> int:
    """How many of `headers` say something: one of our columns, or a name the config uses."""
    ours = {key(name) for name in (*table.names, *named)} | known_keys(table.name).keys()
    return len({key(h) for h in headers} & (ours - {""}))


def ambiguous(table: Table, column: str, headers: Sequence[str], path: str) -> DataError:
    """Two headers that can be one column."""
    names = " and ".join(repr(h) for h in headers)
    return DataError(
        f"{path}: {names} can both be {column}",
        hint=f"say which: sources.{table.name}.columns: {{{column}: {_quoted(headers[0])}}}",
    )


def missing(
    table: Table,
    columns: Sequence[str],
    headers: Sequence[str],
    path: str,
    *,
    taken: Iterable[str],
) -> DataError:
    """Required columns that the file lacks: which, what it has instead, how to map it.

    `taken` are the headers that other columns have found.
    """
    free = [header for header in headers if header not in set(taken)]
    close = [h for column in columns for h in _close(table, column, free)]
    example = _quoted(close[0] if close else "their header")
    hint = f"map it: sources.{table.name}.columns: {{{columns[0]}: {example}}}"
    if close:
        hint = f"close to it: {', '.join(dict.fromkeys(close))}; {hint}"
    return DataError(
        f"{path}: no column for {', '.join(columns)} of {table.name}; it has {listed(headers)}",
        hint=hint,
    )


def _close(table: Table, column: str, headers: Sequence[str]) -> list[str]:
    names = {key(h): h for h in headers if h}
    words = (key(column), *(key(a) for a in ALIASES[table.name].get(column, ())))
    found = (difflib.get_close_matches(word, names, n=1, cutoff=0.75) for word in words)
    return list(dict.fromkeys(names[word] for hits in found for word in hits))


def listed(headers: Sequence[str], most: int = 20) -> str:
    """The headers of a file as a message shows them."""
    more = f" and {len(headers) - most} more" if len(headers) > most else ""
    return ", ".join(repr(h) for h in headers[:most]) + more if headers else "no header line"


def _quoted(header: str) -> str:
    return '"' + header.replace("\\", "\\\\").replace('"', '\\"') + '"'
