"""The exports of data.py as a Vietnamese program writes them: python dress.py DIR TARGET

Days and moments as 31/12/2024 23:59:59, money as 1.234,56, ids of 32 digits in the form of a UUID,
every cell quoted, CRLF, a byte order mark. The rows and their values are the same, so that the
answers are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

AMOUNTS = ("amount",)
DAYS = ("signup_date", "churn_date", "date", "start_date", "end_date", "answered_at")
MOMENTS = ("created_at", "first_reply_at", "solved_at")


def day(cell: pl.Expr) -> pl.Expr:
    year, month, number = (cell.str.slice(at, n) for at, n in ((0, 4), (5, 2), (8, 2)))
    return number + "/" + month + "/" + year


def amount(cell: pl.Expr) -> pl.Expr:
    """Below a million, as those of data.py are."""
    number = cell.cast(pl.Decimal(18, 2)).abs()
    cents = (number * 100).cast(pl.Int64)
    whole = cents // 100
    grouped = (whole // 1000).cast(pl.String) + "." + (whole % 1000).cast(pl.String).str.zfill(3)
    sign = pl.when(cell.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit(""))
    parts = pl.when(whole >= 1000).then(grouped).otherwise(whole.cast(pl.String))
    return sign + parts + "," + (cents % 100).cast(pl.String).str.zfill(2)


def identifier(cell: pl.Expr) -> pl.Expr:
    """The same wherever it stands, in no order."""
    halves = [(cell.hash(seed) % 10**16).cast(pl.String).str.zfill(16) for seed in (1, 2)]
    digits = halves[0] + halves[1]
    parts = [digits.str.slice(at, n) for at, n in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))]
    return pl.concat_str(parts, separator="-")


def dressed(column: str) -> pl.Expr:
    cell = pl.col(column)
    if column in DAYS:
        return day(cell)
    if column in MOMENTS:
        return (day(cell) + " " + cell.str.slice(11)).alias(column)
    if column in AMOUNTS:
        return amount(cell).alias(column)
    return identifier(cell).alias(column) if column.endswith("_id") else cell


def write(folder: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.csv")):
        plain = pl.scan_csv(path, infer_schema=False)
        columns = [dressed(name).alias(name) for name in plain.collect_schema()]
        plain.select(columns).sink_csv(
            target / path.name, quote_style="always", line_terminator="\r\n", include_bom=True
        )


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:]))
