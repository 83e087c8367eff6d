"""The columns that the ten tables need: what the scans of `floor.py` and `duckdb_scan.py` read."""

from __future__ import annotations

NEEDED = {
    "customers": ("customer_id", "signup_date", "churn_date", "segment"),
    "transactions": ("transaction_id", "customer_id", "date", "amount"),
    "subscriptions": ("customer_id", "start_date", "end_date", "interval", "amount"),
    "surveys": ("customer_id", "answered_at", "survey", "score"),
    "tickets": ("customer_id", "created_at", "first_reply_at", "solved_at", "agent_replies"),
}
