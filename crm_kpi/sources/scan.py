"""The one place where a CSV file is parsed: every column that is read, as strings."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.sources.dialect import Dialect


def scan(source: str | bytes, dialect: Dialect, positions: Iterable[int]) -> pl.DataFrame:
    """The columns at `positions`, each named by its position; an empty field is null.

    Nothing is inferred, cut or filled in: the file was proved before, and the
    caller compares the number of records.
    """
    frame = pl.scan_csv(
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
    return frame.select(map(str, positions)).collect(engine="streaming")
