"""Files with so many empty lines, or so long records, that a parser would choke on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO

import polars as pl

from crm_kpi.errors import IdentityError
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv import scan
from crm_kpi.sources.readers.csv.dialect import Dialect
from crm_kpi.sources.readers.csv.layout import line_ends
from crm_kpi.sources.readers.csv.structure import (
    are_blank,
    blank_records,
    split_records,
    whole_records,
)
from crm_kpi.sources.tabular_file import CastPlan
from crm_kpi.tables import ROW

_HEAD = 16 << 10
"""Bytes in which the end of the first record is looked for, and from which on one is long."""
_LOOSE = 1 << 20
"""Bytes from which on a file is looked at for empty lines before it is parsed."""
_PLACES, _PLACE_SIZE = 64, 1 << 10
"""Where it is looked at, all over it, and the bytes of each place."""
_MANY = 0.25
"""The share of empty lines from which on they are taken out first: a parser keeps a cell for
each column of them."""


def is_loose(file_bytes: FileBytes, dialect: Dialect) -> bool:
    """Whether a parser would take too much memory or time for the file as it stands: where
    the first record has far more fields than the header, or empty lines are many, as far as
    places all over the file tell."""
    eol = dialect.eol.encode()
    first = file_bytes.span(dialect.start, _HEAD)
    if eol not in first and _is_wide(first, dialect):
        return True
    size = file_bytes.length
    if size < _LOOSE or dialect.width == 1:
        return False
    lines: list[bytes] = []
    for place in range(_PLACES):
        lines += file_bytes.span(size * place // _PLACES, _PLACE_SIZE).split(eol)[1:-1]
    return are_blank(pl.Series(lines, dtype=pl.Binary)).sum() > _MANY * len(lines)


def _is_wide(record: bytes, dialect: Dialect) -> bool:
    """Whether a record has far more fields than the header."""
    return line_ends(record, dialect.delimiter.encode()) > 2 * dialect.width


def parse(
    file_bytes: FileBytes,
    dialect: Dialect,
    count: int,
    positions: Sequence[int],
    casts: Mapping[int, CastPlan],
) -> pl.DataFrame:
    """Those of the `count` records that hold something, with their numbers. Those with far more
    fields than the header are none that can be used, and stand there empty."""
    eol = dialect.eol.encode()
    text, rows, before = BytesIO(), [pl.Series(dtype=pl.UInt32)], 0
    empty = dialect.delimiter.encode() * (dialect.width - 1)
    for _, chunk in whole_records(file_bytes, dialect):
        if blank := blank_records(chunk, eol):
            before += blank
            continue
        records = pl.Series(split_records(chunk, eol), dtype=pl.Binary)
        filled = ~are_blank(records)
        for record in records.filter(filled):
            wide = len(record) > _HEAD and _is_wide(record, dialect)
            text.write((empty if wide else record) + eol)
        rows.append((filled.arg_true() + before).cast(pl.UInt32))
        before += len(records)
    file_bytes.verify()
    kept = sum(map(len, rows))
    if not kept:
        return pl.DataFrame(schema={ROW: pl.UInt32, **{str(at): pl.String for at in positions}})
    frame = scan.scan(text.getvalue(), replace(dialect, lines=0, start=0), positions, casts)
    if before != count or frame.height != kept:
        raise IdentityError(
            f"{file_bytes.path}: {count} records counted, {before} split, {frame.height} parsed"
        )
    return frame.insert_column(0, pl.concat(rows).alias(ROW))
