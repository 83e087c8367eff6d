"""The files of a sample company as DuckDB reads them: tables of typed columns."""

from __future__ import annotations

from typing import Any

import duckdb

from .sample import Sample

TYPES = {
    "date": ("start_date", "end_date", "trial_end"),
    "decimal(38, 4)": ("amount", "unit_amount"),
    "bigint": ("quantity", "interval_count"),
    "timestamp": ("created_at", "closed_at", "entered_at", "converted_at"),
}
TABLES = ("subscriptions", "opportunities", "stage_changes", "leads")


class Company:
    def __init__(self, sample: Sample) -> None:
        self.connection = duckdb.connect()
        for table in TABLES:
            path = sample.folder / f"{table}.csv"
            source = f"read_csv('{path}', all_varchar = true, header = true, delim = ',')"
            columns = [c for c, *_ in self.ask(f"describe select * from {source}")]
            typed = [
                f"{name}::{kind} as {name}"
                for kind, names in TYPES.items()
                for name in names
                if name in columns
            ]
            self.ask(f"create table {table} as select distinct * replace ({', '.join(typed)}) "
                     f"from {source}")  # fmt: skip
        self.ask(f"""
            create table lines as select
                "Mã khách hàng" as customer,
                "Mã đơn hàng" as code,
                try_strptime("Ngày đặt", '%d/%m/%Y %H:%M')::date as day,
                try_cast(replace("Tổng tiền", '.', '') as bigint) as amount
            from read_csv('{sample.folder / "transactions.csv"}', all_varchar = true, header = true)
            where day is not null and amount is not null and customer is not null
        """)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values).fetchall()
