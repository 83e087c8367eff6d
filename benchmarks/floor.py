"""The floor: the needed columns of every file scanned as strings, and nothing else."""

from __future__ import annotations

import sys

import polars as pl

NEEDED = {
    "customers": ("customer_id", "signup_date", "churn_date", "segment"),
    "transactions": ("transaction_id", "customer_id", "date", "amount", "kind"),
    "subscriptions": (
        "subscription_id",
        "customer_id",
        "start_date",
        "end_date",
        "interval",
        "amount",
    ),
    "surveys": ("response_id", "customer_id", "answered_at", "survey", "score"),
    "tickets": ("ticket_id", "customer_id", "created_at", "first_reply_at", "solved_at"),
}

if __name__ == "__main__":
    scans = [
        pl.scan_csv(f"{sys.argv[1]}/{table}.csv", infer_schema=False).select(
            pl.col(column).str.len_bytes().sum() for column in columns
        )
        for table, columns in NEEDED.items()
    ]
    for frame in pl.collect_all(scans, engine="streaming"):
        print(frame.row(0))
