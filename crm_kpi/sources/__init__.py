"""Bytes of files become canonical typed tables, or an error that says where and what to do.

`spec` says what to read. A file goes through these hands, each of which can stop it:

    files      paths and bytes, unpacked (`packed`) and as UTF-8 (`encodings`)
    dialect    header line among titles (`layout`), delimiter, line ends
    proof      every record has the header's fields, and quoting is sound: byte by byte
    csvfile    which records are rows: no empty lines, repeated headers, `footers`
    headers    their headers, our columns
    scan       the one parse: columns that are `plain` are typed on the way, others are strings
    columns    per column: proved over all its rows, then cast (dates, numbers, words)
    corrections what a yes or a refund means for another column
    rules      what must hold within a row, as data; the engine in place judges by it too
    duplicates what must hold between rows
    money      one currency
    spilled    all of it some rows at a time, where memory is short

A row that fails is counted with a reason (`reasons`) and a place (`rejects`), and in the end
every row of every file is used or accounted for. polars is imported on first use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_kpi.sources.loaded import Loaded
from crm_kpi.sources.spec import Combined, ReadOptions, SourceSpec
from crm_kpi.tables import Table

if TYPE_CHECKING:
    from crm_kpi.sources.session import Session

__all__ = ["Combined", "Loaded", "ReadOptions", "SourceSpec", "load", "load_all"]


def load(table: Table, specs: Sequence[SourceSpec], options: ReadOptions) -> Loaded:
    """Read one table from its source blocks.

    Raises UsageError (exit 2) for what the config asks and the files cannot give, DataError
    (exit 3) for files that cannot be trusted; its `problems` are the rejected rows when there
    are more than `options.rejected_rows` allows.
    """
    return load_all({table.name: specs}, options)[table.name]


def load_all(
    specs: Mapping[str, Sequence[SourceSpec]], options: ReadOptions, session: Session | None = None
) -> dict[str, Loaded]:
    """Read several tables, customers first, each file once; a `session` keeps what is open.

    All money comes out in one currency, that of `options` or the data's only one. With a
    customers table, `Account.unknown_customers` of the others is counted. Errors as in `load`.
    """
    from crm_kpi.sources.loading import load_all

    return load_all(specs, options, session)
