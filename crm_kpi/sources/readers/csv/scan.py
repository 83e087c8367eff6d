"""The one place where a CSV file is parsed: every column that is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from crm_kpi.sources.readers.csv.dialect import Dialect

if TYPE_CHECKING:
    from crm_kpi.sources.tabular_file import CastPlan


def scan(
    source: str | bytes,
    dialect: Dialect,
    positions: Iterable[int],
    casts: Mapping[int, CastPlan] | None = None,
) -> pl.DataFrame:
    """The columns at `positions`, each named by its position; an empty field is null.

    Columns whose every row is written in the way that is given for them are cast so; others are
    text, parsed a second time. Nothing is inferred, cut or filled in: the file was proved before,
    and the caller compares the number of records.
    """
    casts = casts or {}
    lazy = _lazy(source, dialect)
    frame = _picked(lazy, positions, casts).collect(engine="streaming")
    misfits = [str(at) for at in casts if frame.select(_misfit(at).any()).item()]
    frame = frame.drop(_fits(position) for position in casts)
    if misfits:
        frame = frame.with_columns(lazy.select(misfits).collect(engine="streaming"))
    return frame


def sink(
    source: str | bytes,
    dialect: Dialect,
    positions: Iterable[int],
    casts: Mapping[int, CastPlan],
    row: str,
    path: Path,
) -> dict[int, pl.Series]:
    """The same into an IPC file, with the number of each record as `row`, without ever holding
    a column. Returns the records that are not written in the way of a column, by its position."""
    lazy = _picked(_lazy(source, dialect), positions, casts).with_row_index(row)
    lazy.sink_ipc(path, compression="uncompressed", engine="streaming")
    stored = pl.scan_ipc(path, glob=False)
    odd = {at: stored.filter(_misfit(at)).select(row).collect(engine="streaming") for at in casts}
    return {at: rows[row] for at, rows in odd.items() if rows.height}


def _lazy(source: str | bytes, dialect: Dialect) -> pl.LazyFrame:
    return pl.scan_csv(
        source,
        has_header=False,
        skip_lines=dialect.lines,
        separator=dialect.delimiter,
        eol_char=dialect.eol,
        schema=dict.fromkeys(map(str, range(dialect.width)), pl.String),
        infer_schema=False,
        glob=False,
        # Records of another width are rejected by the proof; here they must not stop the rest.
        extra_columns="ignore",
        missing_columns="insert",
    )


def _picked(
    lazy: pl.LazyFrame, positions: Iterable[int], casts: Mapping[int, CastPlan]
) -> pl.LazyFrame:
    """Each column as its way casts it, or as text; and beside a cast one, what fits the way."""
    columns = [casts[at].cast if at in casts else pl.col(str(at)) for at in positions]
    return lazy.select(*columns, *(cast.fits.alias(_fits(at)) for at, cast in casts.items()))


def _fits(position: int) -> str:
    return f"{position} fits"


def _misfit(position: int) -> pl.Expr:
    """The rows whose text was not written so, or meant nothing."""
    fits, value = pl.col(_fits(position)), pl.col(str(position))
    return ~fits | (fits & value.is_null())
