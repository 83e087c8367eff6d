"""The floor: the needed columns of every file scanned as strings, and nothing else."""

from __future__ import annotations

import sys

import polars as pl
from needed import NEEDED


def main(folder: str) -> None:
    scans = [
        pl.scan_csv(f"{folder}/{table}.csv", infer_schema=False).select(
            pl.col(column).str.len_bytes().sum() for column in columns
        )
        for table, columns in NEEDED.items()
    ]
    for frame in pl.collect_all(scans, engine="streaming"):
        print(frame.row(0))


if __name__ == "__main__":
    main(sys.argv[1])
