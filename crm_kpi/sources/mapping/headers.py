"""Which header is which column: by `columns:`, by our own name, or by a known alias."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from crm_kpi.errors import DataError, UsageError, did_you_mean
from crm_kpi.messages import Message, first_of, joined, text
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.mapping.header_units import unit_of
from crm_kpi.sources.names import key
from crm_kpi.sources.unicode import normalized
from crm_kpi.tables import Kind, Table

_SHORT = (
    ("hợp đồng", "hđ"),
    ("hóa đơn", "hđ"),
    ("khách hàng", "kh"),
    ("nhân viên", "nv"),
    ("đơn hàng", "đh"),
)
"""Words of headers that people write short; where an alias has one, the short one is known, too."""


@cache
def known_keys(table: str) -> Mapping[str, str]:
    """Key of an alias: the column of ours that it names in this table."""
    pairs = [(alias, column) for column, names in ALIASES[table].items() for alias in names]
    known = {key(alias): column for alias, column in pairs}
    for alias, column in pairs:
        for word, short in _SHORT:
            if word in alias:
                known.setdefault(key(alias.replace(word, short)), column)
    return known


def positions(headers: Sequence[str], name: str) -> list[int]:
    """Positions of the headers that `name` means: the same text, else the same key."""
    name = normalized("NFC", name).strip()
    same = [i for i, h in enumerate(headers) if normalized("NFC", h) == name]
    wanted = key(name)
    return same or [i for i, h in enumerate(headers) if wanted and key(h) == wanted]


def position(headers: Sequence[str], name: str, path: str, option: str) -> int:
    """The position of the header that the config names under `option`.

    Raises UsageError when the file lacks it, DataError when it stands there twice.
    """
    places = positions(headers, name)
    if not places:
        raise UsageError(
            text("mapping.no_header", path=path, name=name, option=option, headers=listed(headers)),
            hint=did_you_mean(name, headers),
        )
    if len(places) > 1:
        numbers = joined((str(place + 1) for place in places), text("general.and"))
        raise DataError(
            text("mapping.header_twice", path=path, name=name, numbers=numbers),
            hint=text("mapping.rename_header", option=option),
        )
    return places[0]


def matches(table: Table, column: str, headers: Sequence[str]) -> list[int]:
    """Positions of the headers that can be `column`: those with our own name, else by alias."""
    own = [i for i, h in enumerate(headers) if key(h) == key(column)]
    known = known_keys(table.name)
    found = own or [i for i, h in enumerate(headers) if known.get(key(h)) == column]
    if found or table[column].kind is not Kind.MONEY:
        return found
    units = {i: unit.bare for i, h in enumerate(headers) if (unit := unit_of(h)) is not None}
    return [i for i, h in units.items() if key(h) == key(column) or known.get(key(h)) == column]


def recognised(table: Table, headers: Iterable[str], named: Iterable[str]) -> int:
    """How many of `headers` say something: one of our columns, or a name the config uses."""
    ours = {key(name) for name in (*table.names, *named)} | known_keys(table.name).keys()
    keys = {key(h) for h in headers}
    keys |= {key(unit.bare) for h in headers if (unit := unit_of(h)) is not None}
    return len(keys & (ours - {""}))


def ambiguous(table: Table, column: str, headers: Sequence[str], path: str) -> DataError:
    """Two headers that can be one column."""
    hint = text("mapping.say_which", table=table.name, column=column, header=quoted(headers[0]))
    return DataError(
        text("mapping.can_both_be", path=path, headers=either(headers), column=column), hint=hint
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
    example = quoted(close[0]) if close else text("mapping.their_header")
    hint = text("mapping.map_it", table=table.name, column=columns[0], header=example)
    if close:
        hint = text("mapping.close_to_it", headers=", ".join(dict.fromkeys(close)), hint=hint)
    what = text(
        "mapping.no_column_for",
        path=path,
        columns=", ".join(columns),
        table=table.name,
        headers=listed(headers),
    )
    return DataError(what, hint=hint)


def is_of_another(table: Table, column: str, header: str) -> bool:
    """Whether a header is the name of another column, so that it never is the missing one."""
    folded = key(header)
    ours = {key(name): name for name in table.names}
    return (ours | dict(known_keys(table.name))).get(folded, column) != column


def _close(table: Table, column: str, headers: Sequence[str]) -> list[str]:
    names = {key(h): h for h in headers if h and not is_of_another(table, column, h)}
    words = (key(column), *(key(a) for a in ALIASES[table.name].get(column, ())))
    close = (difflib.get_close_matches(word, names, n=1, cutoff=0.75) for word in words)
    return list(dict.fromkeys(names[word] for hits in close for word in hits))


def listed(headers: Sequence[str], most: int = 20) -> Message:
    """The headers of a file as a message shows them."""
    if not headers:
        return text("mapping.no_header_line")
    return first_of(map(repr, headers[:most]), len(headers) - most)


def either(headers: Iterable[str]) -> Message:
    """Headers that can be the same column, as a message shows them."""
    return joined(map(repr, headers), text("general.and"))


def quoted(header: str) -> str:
    """A header as YAML has it."""
    return '"' + header.replace("\\", "\\\\").replace('"', '\\"') + '"'
