"""What the pandas peer uses in every table."""

from __future__ import annotations

from typing import Any

import pandas as pd

Rows = dict[str, dict[str, float | None]]
"""By key, by component."""

FIRST, LAST = (2022 - 1970) * 12, (2024 - 1970) * 12 + 11
"""The months of the report, counted from 1970-01."""


def read(folder: str, table: str, columns: list[str], dates: list[str]) -> Any:
    frame = pd.read_csv(
        f"{folder}/{table}.csv", engine="pyarrow", usecols=columns, dtype_backend="pyarrow"
    )
    for name in dates:  # pd.to_datetime takes Arrow dates one by one, 50 times slower
        frame[name] = frame[name].astype("timestamp[s][pyarrow]").astype("datetime64[s]")
    if "amount" in columns:
        frame["amount"] = frame["amount"].astype("float64")
    return frame


def month(series: Any) -> Any:
    """Months since 1970-01; -1 where there is no date."""
    found = (series.dt.year - 1970) * 12 + series.dt.month - 1
    return found.fillna(-1).astype("int32")


def label(ordinal: int) -> str:
    return f"{1970 + ordinal // 12}-{ordinal % 12 + 1:02}"


def number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def both(rows: Any, **columns: tuple[str, str | float]) -> Rows:
    """Aggregated by month, and by month and segment; a number stands for that quantile."""
    found: Rows = {}
    plain = {name: how for name, how in columns.items() if isinstance(how[1], str)}
    for keys in (["m"], ["m", "segment"]):
        grouped = rows.groupby(keys)
        table = grouped.agg(**plain)
        for name in columns.keys() - plain.keys():
            column, share = columns[name]
            table[name] = grouped[column].quantile(share)
        table = table.reset_index()
        labels = table["m"].map(label) + "|" + (table["segment"] if len(keys) == 2 else "")
        for key, row in zip(labels, table[list(columns)].to_dict("records"), strict=True):
            found[key] = {name: number(value) for name, value in row.items()}
    return found


def sums(rows: Any, **columns: str) -> Rows:
    return both(rows, **{name: (column, "sum") for name, column in columns.items()})


def spread(rows: Any) -> Any:
    """Each row once for every month of the report."""
    months = pd.DataFrame({"at": range(FIRST, LAST + 1)})
    return rows.merge(months, how="cross")
