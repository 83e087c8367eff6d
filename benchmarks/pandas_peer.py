"""The comparable KPIs in pandas, with the pyarrow reader: python pandas_peer.py DIR

The same answers as duckdb_sql.py, in the same shape.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pandas as pd

Found = dict[str, dict[str, dict[str, float]]]


def read(folder: str, table: str, columns: list[str], dates: tuple[str, ...]) -> Any:
    frame = pd.read_csv(
        f"{folder}/{table}.csv", engine="pyarrow", usecols=columns, dtype_backend="pyarrow"
    )
    for name in dates:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def month(series: Any) -> Any:
    return series.dt.strftime("%Y-%m")


def keep(found: Found, name: str, frame: Any, **aggregations: Any) -> None:
    """Aggregate by month, and by month and segment."""
    table = found.setdefault(name, {})
    for keys in (["m"], ["m", "segment"]):
        for key, row in frame.groupby(keys).agg(**aggregations).iterrows():
            label = (
                "|".join(key) if len(key) == 2 else f"{key[0] if isinstance(key, tuple) else key}|"
            )
            table[label] = {column: float(row[column]) for column in aggregations}


def main(folder: str) -> None:
    found: Found = {}
    customers = read(
        folder,
        "customers",
        ["customer_id", "signup_date", "churn_date", "segment"],
        ("signup_date", "churn_date"),
    )
    segments = customers[["customer_id", "segment"]]

    sales = read(folder, "transactions", ["customer_id", "date", "amount"], ("date",))
    sales["amount"] = sales["amount"].astype("float64")
    sales["m"] = sales["date"].dt.to_period("M").astype("int64")
    sales["gross"] = sales["amount"].clip(lower=0)
    sales["refunds"] = sales["amount"].clip(upper=0)
    sales["orders"] = sales["amount"] > 0
    grain = sales.groupby(["customer_id", "m"], as_index=False)[
        ["gross", "refunds", "orders"]
    ].sum()
    grain["m"] = pd.PeriodIndex.from_ordinals(grain["m"], freq="M").strftime("%Y-%m")
    grain = grain.merge(segments, on="customer_id", how="left")
    grain["buyer"], grain["again"] = grain["orders"] >= 1, grain["orders"] >= 2
    keep(
        found,
        "revenue",
        grain,
        gross=("gross", "sum"),
        refunds=("refunds", "sum"),
        orders=("orders", "sum"),
    )
    keep(
        found,
        "repeat_purchase_rate",
        grain,
        customers=("buyer", "sum"),
        repeat_customers=("again", "sum"),
    )

    rows = []
    for start in pd.date_range("2022-01-01", "2024-12-01", freq="MS"):
        stop = start + pd.offsets.MonthBegin(1)
        signup, churn = customers["signup_date"], customers["churn_date"]
        open_, known = churn.isna(), signup < stop
        state = pd.DataFrame(
            {
                "segment": customers["segment"],
                "customers_start": (signup < start) & (open_ | (churn >= start)),
                "customers_new": (signup >= start) & known & (open_ | (churn >= stop)),
                "customers_lost": (signup < start) & (churn >= start) & (churn < stop),
            }
        )[known]
        rows.append(state.groupby("segment", as_index=False).sum().assign(m=f"{start:%Y-%m}"))
    counts = pd.concat(rows)
    names = ("customers_start", "customers_new", "customers_lost")
    keep(found, "customers", counts, **{name: (name, "sum") for name in names})

    subs = read(
        folder,
        "subscriptions",
        ["customer_id", "start_date", "end_date", "amount"],
        ("start_date", "end_date"),
    )
    subs["amount"] = subs["amount"].astype("float64")
    subs = subs[subs["end_date"].isna() | (subs["end_date"] > subs["start_date"])]
    ended = subs[subs["end_date"].notna()]
    changes = pd.concat(
        [
            pd.DataFrame(
                {
                    "customer_id": subs["customer_id"],
                    "m": month(subs["start_date"]),
                    "d": subs["amount"],
                    "k": 1,
                }
            ),
            pd.DataFrame(
                {
                    "customer_id": ended["customer_id"],
                    "m": month(ended["end_date"]),
                    "d": -ended["amount"],
                    "k": -1,
                }
            ),
        ]
    )
    levels = changes.groupby(["customer_id", "m"], as_index=False)[["d", "k"]].sum()
    levels["now"] = levels.groupby("customer_id")["k"].cumsum()
    levels["before"] = levels["now"] - levels["k"]
    first = ~levels["customer_id"].duplicated()
    rises, stays = (
        (levels["before"] == 0) & (levels["now"] > 0),
        (levels["before"] > 0) & (levels["now"] > 0),
    )
    for name, mask, sign in (
        ("new", rises & first, 1),
        ("reactivated", rises & ~first, 1),
        ("expansion", stays & (levels["d"] > 0), 1),
        ("contraction", stays & (levels["d"] < 0), -1),
        ("churned", (levels["before"] > 0) & (levels["now"] == 0), -1),
    ):
        levels[name] = (sign * levels["d"]).where(mask, 0.0)
    moves = levels.merge(segments, on="customer_id", how="left")
    keep(
        found,
        "mrr",
        moves,
        **{
            name: (name, "sum")
            for name in ("new", "reactivated", "expansion", "contraction", "churned")
        },
    )

    surveys = read(
        folder, "surveys", ["customer_id", "answered_at", "survey", "score"], ("answered_at",)
    ).merge(segments, on="customer_id", how="left")
    surveys["m"] = month(surveys["answered_at"])
    nps = surveys[surveys["survey"] == "nps"].copy()
    nps["up"], nps["down"] = nps["score"] >= 9, nps["score"] <= 6
    keep(found, "nps", nps, promoters=("up", "sum"), detractors=("down", "sum"))
    csat = surveys[surveys["survey"] == "csat"].copy()
    csat["good"] = csat["score"] >= 4
    keep(found, "csat", csat, satisfied=("good", "sum"), mean=("score", "mean"))

    tickets = read(
        folder,
        "tickets",
        ["customer_id", "created_at", "first_reply_at"],
        ("created_at", "first_reply_at"),
    ).merge(segments, on="customer_id", how="left")
    tickets["m"] = month(tickets["created_at"])
    waited = (tickets["first_reply_at"] - tickets["created_at"]).dt.total_seconds()
    tickets["w"] = waited.astype("float64") / 3600
    keep(
        found,
        "first_response_time",
        tickets,
        value=("w", "median"),
        mean=("w", "mean"),
        p90=("w", lambda w: w.quantile(0.9)),
    )
    json.dump(found, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(sys.argv[1])
