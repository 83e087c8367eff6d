"""What is kept and worth saying: dates far away, ids that look alike."""

from __future__ import annotations

from datetime import date

import polars as pl

from crm_kpi.tables import Kind, Table, day

EPOCH = date(1970, 1, 1)


def observed(frame: pl.DataFrame, table: Table, as_of: date) -> list[str]:
    notes = []
    for column in table.columns:
        name = day(column.name) if column.kind is Kind.TIME else column.name
        if column.kind not in (Kind.DATE, Kind.TIME) or name not in frame.columns:
            continue
        days = frame[name]
        first, last = days.min(), days.max()
        if isinstance(first, date) and first < EPOCH:
            notes.append(f"{column.name}: {_rows(days < EPOCH)} before 1970")
        if isinstance(last, date) and last > as_of:
            notes.append(f"{column.name}: {_rows(days > as_of)} after {as_of}")
    if table.name == "customers":
        alike = _alike(frame["customer_id"])
        if alike:
            notes.append(f"customer_id: {alike} ids are another one but for case or Unicode form")
    return notes


def _alike(ids: pl.Series) -> int:
    """How many ids are another one's if case and Unicode form do not count."""
    folded = ids.str.to_lowercase()
    if (ids.str.len_bytes() != ids.str.len_chars()).any():
        folded = folded.str.normalize("NFKC")
    return ids.hash().n_unique() - folded.hash().n_unique()


def _rows(mask: pl.Series) -> str:
    count = mask.sum()
    return "1 row" if count == 1 else f"{count} rows"
