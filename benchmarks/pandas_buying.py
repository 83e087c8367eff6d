"""What the pandas peer makes of the transactions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas_tools import LAST, Rows, label, month, read, spread, sums


def purchases(folder: str, segments: Any) -> tuple[Any, Any]:
    """Per customer and month, and per customer, what was bought."""
    sales = read(folder, "transactions", ["customer_id", "date", "amount"], ["date"])
    sales["m"] = month(sales["date"])
    sales["gross"], sales["refunds"] = sales["amount"].clip(lower=0), sales["amount"].clip(upper=0)
    sales["orders"] = (sales["amount"] > 0).astype("int64")
    sales["last"] = sales["date"].where(sales["amount"] > 0)
    grain = sales.groupby(["customer_id", "m"], as_index=False).agg(
        gross=("gross", "sum"),
        refunds=("refunds", "sum"),
        orders=("orders", "sum"),
        last=("last", "max"),
    )
    del sales
    grain["net"] = grain["gross"] + grain["refunds"]
    grain["bought"] = grain["m"].where(grain["orders"] > 0)
    people = grain.groupby("customer_id", as_index=False).agg(
        came=("m", "min"),
        first=("bought", "min"),
        net=("net", "sum"),
        orders=("orders", "sum"),
        last=("last", "max"),
    )
    people["net"] = people["net"].round(2)
    people = people.merge(segments, on="customer_id", how="left")
    grain = grain.merge(people[["customer_id", "came", "first", "segment"]], on="customer_id")
    bought = grain[grain["orders"] > 0]
    grain["kept"] = bought.groupby("customer_id")["m"].shift(1) == bought["m"] - 1
    return grain, people


def of_purchases(grain: Any) -> dict[str, Rows]:
    buyer = grain["orders"] > 0
    flags = grain.assign(
        buyer=buyer,
        again=grain["orders"] > 1,
        fresh=buyer & (grain["first"] == grain["m"]),
        kept=grain["kept"].eq(True),
        came=grain["came"] == grain["m"],
    )
    names = ["gross", "refunds", "net", "orders", "buyer", "again", "fresh", "kept", "came"]
    cells = flags.groupby(["m", "segment"], as_index=False)[names].sum()
    before = cells[["m", "segment", "buyer"]].rename(columns={"buyer": "before"})
    before["m"] += 1
    turnover = cells.merge(before, on=["m", "segment"], how="outer").fillna(0)
    turnover = turnover[turnover["m"] <= LAST]
    turnover["lost"] = turnover["before"] - turnover["kept"]
    turnover["back"] = turnover["buyer"] - turnover["fresh"] - turnover["kept"]
    to_date = spread(cells[["m", "segment", "net", "came"]]).query("m <= at")
    clv = sums(to_date.assign(m=to_date["at"]), revenue="net", customers="came")
    for row in clv.values():
        row["value"] = (row["revenue"] or 0) / (row["customers"] or 1)
    return {
        "revenue": sums(cells, gross="gross", refunds="refunds", revenue="net", orders="orders"),
        "repeat_purchase_rate": sums(cells, customers="buyer", repeat_customers="again"),
        "buyers": sums(
            turnover,
            customers_start="before",
            customers_end="buyer",
            customers_new="fresh",
            customers_lost="lost",
            customers_returned="back",
        ),
        "clv_historic": clv,
    }


def cohorts(grain: Any) -> Rows:
    keys = ["segment", "first", "m"]
    cells = grain[grain["orders"] > 0].groupby(keys, as_index=False).agg(active=("orders", "size"))
    sizes = cells[cells["first"] == cells["m"]].drop(columns="m").rename(columns={"active": "size"})
    grid = spread(sizes).rename(columns={"at": "m"}).query("m >= first")
    grid = grid.merge(cells, on=keys, how="left").fillna({"active": 0})
    labels = [
        f"{row.segment}|{label(int(row.first))}|{int(row.m - row.first)}"
        for row in grid.itertuples()
    ]
    grid["share"] = 100 * grid["active"] / grid["size"]
    rows = grid[["size", "active", "share"]].to_dict("records")
    return dict(zip(labels, rows, strict=True))


def rfm(people: Any) -> Rows:
    people = people[people["orders"] > 0].copy()
    grouped = people.groupby("segment")
    n = grouped["net"].transform("size")
    for name, of in (("r", "last"), ("f", "orders")):
        people[name] = (grouped[of].rank("min").astype("int64") - 1) * 5 // n + 1
    r, f = people["r"], people["f"]
    rules = {
        "champions": (f >= 4) & (r == 5),
        "loyal": (f >= 4) & (r >= 3),
        "potential loyalists": (f >= 2) & (r >= 4),
        "new": r == 5,
        "promising": r == 4,
        "need attention": (r == 3) & (f == 3),
        "about to sleep": r == 3,
        "cannot lose": f == 5,
        "at risk": f >= 3,
    }
    people["name"] = np.select(list(rules.values()), list(rules), "hibernating")
    people["recency"] = (pd.Timestamp(2024, 12, 31) - people["last"]).dt.days
    table = people.groupby(["segment", "name"], as_index=False).agg(
        customers=("net", "size"),
        recency=("recency", "mean"),
        frequency=("orders", "mean"),
        monetary=("net", "sum"),
    )
    for share, of in (("share", "customers"), ("share_of_revenue", "monetary")):
        table[share] = 100 * table[of] / table.groupby("segment")[of].transform("sum")
    rows = table.set_index(table["segment"] + "|" + table["name"]).drop(columns=["segment", "name"])
    return {str(key): row for key, row in rows.to_dict("index").items()}


def concentration(people: Any) -> Rows:
    found: Rows = {}
    for segment, mine in people.groupby("segment"):
        so_far = mine["net"].sort_values(ascending=False).cumsum().to_numpy()
        n, revenue = len(so_far), so_far[-1]
        gini = 2 * so_far.sum() / (n * revenue) - (n + 1) / n
        if mine["net"].min() < 0:
            gini = None  # shares below zero have none
        for percent in range(1, 101):
            share = 100 * so_far[-(-percent * n // 100) - 1] / revenue
            found[f"{segment}|{percent}"] = {"share_of_revenue": share, "gini": gini}
    return found
