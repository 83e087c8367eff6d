"""How ids are written: what programs and spreadsheets do to them, so that one id is one.

An e-mail address is one whatever its case, and `1001.0` is `1001` where all ids are whole numbers.
A telephone number has its leading zero, whether the country's code or nothing stands in its place.
An id that a spreadsheet wrote as `8.49123E+11` is lost: many others look the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers as known_headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW, TABLES, Kind, Table

_LOST = r"\A[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,3}\z"
_ADDRESS = r"\A[^@\s]+@[^@\s]+\.[^@\s]+\z"
_CAPITALS = r"@.*\p{Lu}|\p{Lu}.*@"
_WHOLE = r"\A(?:0|[1-9][0-9]*)(?:\.0+)?\z"
_FLOAT = r"\A(?:0|[1-9][0-9]*)\.0+\z"

_SEPARATORS = r"[\s.()\-]"
_HOME = r"\A(?:\+?84|0084)?0?([35789][0-9]{8})\z"
"""A mobile number of Vietnam, with or without the code of the country or the leading zero."""
_PHONE = 0.9
"""Share of ids that are telephone numbers in a column that is headed as one."""

ADDRESS, WHOLE, PHONE = "address", "whole", "phone"
_SAYS = {
    ADDRESS: (text("meaning.without_case"), text("meaning.are_addresses")),
    WHOLE: (text("meaning.without_fraction"), text("meaning.are_whole")),
    PHONE: (text("meaning.with_leading_zero"), text("meaning.are_phones")),
}


def _short(kind: str, column: str, count: int) -> Message:
    if kind == ADDRESS:
        return text("meaning.addresses_without_case", column=column, count=count)
    if kind == WHOLE:
        return text("meaning.ids_without_fraction", column=column, count=count)
    return text("meaning.phones_with_zero", column=column, count=count)


@dataclass
class _Parts:
    """What was seen of a column, of which the rows may come some at a time."""

    whole: bool = True
    """All ids so far are whole numbers."""
    changed: Counter[str] = field(default_factory=Counter)


class IdSpelling(Question):
    """Which ids are one and the same."""

    name = "ids"
    title = text("meaning.ids")
    tables = frozenset(TABLES)
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.parts = {name: _Parts() for name in self.asked}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        return HeaderAnswer(looks_at=tuple(_ids_there(view)))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for name in _ids_there(view):
            header = str(view.spec.columns.get(name, name))
            if words.like(header, f"{_LOST}|{_FLOAT}") or words.like(header, _CAPITALS):
                return text("meaning.ids_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        for name, seen in self.parts.items():
            ids = rows.column(name)
            if ids is None or ids.dtype != pl.String:
                continue
            rows.faults += _lost(ids, name, rows.frame[ROW])
            ids = self._whole(ids, seen, rows)
            ids = _addresses(ids, seen)
            if name == "customer_id" and _is_phone(self.block.headers(name)):
                ids = _phones(ids, seen)
            rows.frame = rows.frame.with_columns(ids.alias(name))

    def _whole(self, ids: pl.Series, seen: _Parts, rows: BlockRows) -> pl.Series:
        """Where all ids are whole numbers, none has a point."""
        if not ids.str.contains(".", literal=True).any():
            return ids
        floats = ids.str.contains(_FLOAT).fill_null(value=False)
        whole = bool(ids.str.contains(_WHOLE).all())
        if seen.changed[WHOLE] and not whole:
            raise UsageError(
                text("meaning.sees_all_rows", question=self.title),
                hint=text("loading.raise_memory"),
            )
        seen.whole = seen.whole and whole
        if not (seen.whole and floats.any()):
            return ids
        seen.changed[WHOLE] += int(floats.sum())
        return ids.str.replace(r"\.0+\z", "")

    def readings(self) -> Iterable[Reading]:
        for name, seen in self.parts.items():
            header = next(iter(self.block.headers(name)), name)
            for kind, count in seen.changed.items():
                taken, why = _SAYS[kind]
                how = How.PROVED if kind == WHOLE else How.CONVENTIONAL
                short = _short(kind, header, count)
                if count:
                    yield Reading(header, taken, how, why, count, short=short)


def _ids_there(view: HeaderView) -> Iterable[str]:
    """Our columns of ids that the file has."""
    for column in view.table.columns:
        if column.kind is Kind.ID and _is_there(view, view.table, column.name):
            yield column.name


def _is_there(view: HeaderView, table: Table, name: str) -> bool:
    if name in view.spec.constants:
        return False
    mapped = name in view.spec.columns
    return mapped or bool(known_headers.matches(table, name, view.headers))


def _is_phone(headers: Iterable[str]) -> bool:
    known = known_headers.known_keys("customers")
    return any(key(header) == "phone" or known.get(key(header)) == "phone" for header in headers)


def as_written_once(ids: pl.Series, header: str) -> pl.Series:
    """All ids of a column of another file in the spelling that those of tables get here."""
    seen = _Parts()
    ids = stripped(ids)
    if ids.str.contains(_WHOLE).all():
        ids = ids.str.replace(r"\.0+\z", "")
    ids = _addresses(ids, seen)
    return _phones(ids, seen) if _is_phone([header]) else ids


def _lost(ids: pl.Series, name: str, rows: pl.Series) -> list[Fault]:
    if not ids.str.contains("+", literal=True).any():
        return []
    lost = ids.str.contains(_LOST).fill_null(value=False)
    if not lost.any():
        return []
    hint = text("checks.lost_id")
    return [Fault(rows.filter(lost), Reason.LOST_ID, name, ids.filter(lost), hint)]


def _addresses(ids: pl.Series, seen: _Parts) -> pl.Series:
    if not ids.str.contains("@", literal=True).any():
        return ids
    address = ids.str.contains(_ADDRESS)
    lower = ids.str.to_lowercase()
    changed = (address & (lower != ids)).fill_null(value=False)
    if not changed.any():
        return ids
    seen.changed[ADDRESS] += int(changed.sum())
    return lower.zip_with(changed, ids)


def _phones(ids: pl.Series, seen: _Parts) -> pl.Series:
    bare = ids.str.replace_all(_SEPARATORS, "")
    home = bare.str.contains(_HOME)
    if not home.any() or home.sum() < _PHONE * home.count():
        return ids
    restored = bare.str.replace(_HOME, "0$1")
    changed = (home & (restored != ids)).fill_null(value=False)
    seen.changed[PHONE] += int(changed.sum())
    return restored.zip_with(changed, ids)
