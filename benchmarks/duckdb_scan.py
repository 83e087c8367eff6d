"""A bare DuckDB scan: the needed columns of every file, typed, reduced to one number each."""

from __future__ import annotations

import sys

import duckdb
from needed import NEEDED

SUMMED = ("amount", "score", "agent_replies")


def reduced(column: str) -> str:
    if column in SUMMED:
        return f"sum({column})"
    return f"max({column})" if column.endswith(("date", "_at")) else f"sum(strlen({column}))"


def main(folder: str) -> None:
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for table, columns in NEEDED.items():
        money = ", types = {'amount': 'DECIMAL(18,2)'}" if "amount" in columns else ""
        reductions = ", ".join(map(reduced, columns))
        query = f"SELECT {reductions} FROM read_csv('{folder}/{table}.csv'{money})"
        print(connection.execute(query).fetchone())


if __name__ == "__main__":
    main(sys.argv[1])
