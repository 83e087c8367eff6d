"""Bytes of files become canonical typed tables, or an error that says where and what to do.

`spec` says what to read, and a file goes through these rooms, each of which can stop it:

    io         paths and bytes, unpacked (`compression`) and as UTF-8 (`encodings`)
      web      addresses: from hosts that the user allows, within size and time
    readers    each format as a `tabular_file`: columns of text, and where each row stands
      csv      header line among titles (`layout`, `dialect`); every record has its fields, byte
               by byte (`structure`); which records are rows; one parse (`scan`)
      xlsx     archive, sheets and number formats: what a person sees in a cell
      databases  a query that cannot write
    mapping    which table it is (`detect_table`), and their headers as our columns
    parsing    per column: proved over all its rows, then cast (dates, numbers, words)
    checks     what must hold within a row (`rules`, as data; the engine in place judges by it
               too) and between rows, what a refund means, what is plausible
    loading    all of it for all files of a table, in memory or some rows at a time
               (`out_of_core`), in one currency, kept in a `cache`
    wizard     what `init` finds out and asks

A row that fails is counted with a reason (`reasons`) and a place (`rejects`), and in the end
every row of every file is used or accounted for. polars is imported on first use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_kpi.sources.loading.loaded_table import LoadedTable
from crm_kpi.sources.spec import DerivedColumn, ReadOptions, SourceSpec
from crm_kpi.tables import Table

if TYPE_CHECKING:
    from crm_kpi.sources.mapping.session import Session

__all__ = ["DerivedColumn", "LoadedTable", "ReadOptions", "SourceSpec", "load", "load_all"]


def load(table: Table, specs: Sequence[SourceSpec], options: ReadOptions) -> LoadedTable:
    """Read one table from its source blocks.

    Raises UsageError (exit 2) for what the config asks and the files cannot give, DataError
    (exit 3) for files that cannot be trusted; its `problems` are the rejected rows when there
    are more than `options.rejected_rows` allows.
    """
    return load_all({table.name: specs}, options)[table.name]


def load_all(
    specs: Mapping[str, Sequence[SourceSpec]], options: ReadOptions, session: Session | None = None
) -> dict[str, LoadedTable]:
    """Read several tables, customers first, each file once; a `session` keeps what is open.

    All money comes out in one currency, that of `options` or the data's only one. With a
    customers table, `SourceAudit.unknown_customers` of the others is counted. Errors as in `load`.
    """
    from crm_kpi.sources.loading.loader import load_all

    return load_all(specs, options, session)
