"""The ten tables in pandas, with the pyarrow reader: python pandas_peer.py DIR

The same answers as duckdb_sql.py, in the same shape.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pandas as pd
from pandas_buying import cohorts, concentration, of_purchases, purchases, rfm
from pandas_tools import LAST, Rows, both, month, read, spread, sums


def customers(people: Any) -> Rows:
    pairs = people.assign(came=month(people["signup_date"]), went=month(people["churn_date"]))
    pairs = pairs.groupby(["came", "went", "segment"], as_index=False).size()
    rows = spread(pairs).rename(columns={"at": "m"}).query("came <= m")
    n, m, old = rows["size"], rows["m"], rows["came"] < rows["m"]
    went = rows["went"].where(rows["went"] >= 0, LAST + 1)
    rows["start"], rows["new"] = n * (old & (went >= m)), n * (~old & (went > m))
    rows["lost"], rows["end"] = n * (old & (went == m)), n * (went > m)
    names = {f"customers_{name}": name for name in ("start", "new", "lost")}
    return sums(rows, **names, value="end")


def mrr(folder: str, segments: Any) -> Rows:
    columns = ["customer_id", "start_date", "end_date", "amount"]
    spells = read(folder, "subscriptions", columns, ["start_date", "end_date"])
    spells = spells[spells["end_date"].isna() | (spells["end_date"] > spells["start_date"])]
    ended = spells[spells["end_date"].notna()]
    changes = [
        pd.DataFrame({"customer_id": rows["customer_id"], "m": month(rows[at]), "k": sign})
        .assign(d=sign * rows["amount"])
        for rows, at, sign in ((spells, "start_date", 1), (ended, "end_date", -1))
    ]  # fmt: skip
    levels = pd.concat(changes).groupby(["customer_id", "m"], as_index=False)[["d", "k"]].sum()
    now = levels.groupby("customer_id")["k"].cumsum()
    before, first = now - levels["k"], ~levels["customer_id"].duplicated()
    rises, stays, d = (before == 0) & (now > 0), (before > 0) & (now > 0), levels["d"]
    moves = {
        "new": d.where(rises & first, 0),
        "reactivated": d.where(rises & ~first, 0),
        "expansion": d.clip(lower=0).where(stays, 0),
        "contraction": -d.clip(upper=0).where(stays, 0),
        "churned": -d.where((before > 0) & (now == 0), 0),
    }
    rows = levels.assign(**moves).merge(segments, on="customer_id", how="left")
    return sums(rows, **{name: name for name in moves})


def tickets(folder: str, segments: Any) -> dict[str, Rows]:
    dates = ["created_at", "first_reply_at", "solved_at"]
    rows = read(folder, "tickets", ["customer_id", *dates, "agent_replies"], dates)
    rows = rows.merge(segments, on="customer_id", how="left")
    for name, at in (("replied", "first_reply_at"), ("lasted", "solved_at")):
        waited = (rows[at] - rows["created_at"]).dt.total_seconds()
        rows[name] = waited.astype("float64") / 3600
    rows["is_solved"], rows["unanswered"] = rows["lasted"].notna(), rows["replied"].isna()
    rows["at_once"] = rows["agent_replies"] <= 1
    created = rows.assign(m=month(rows["created_at"]))
    solved = rows.assign(m=month(rows["solved_at"])).query("is_solved")
    return {
        "tickets": both(created, value=("m", "size"), solved=("is_solved", "sum")),
        "first_response_time": both(
            created,
            unanswered=("unanswered", "sum"),
            mean=("replied", "mean"),
            value=("replied", "median"),
            p90=("replied", 0.9),
        ),
        "fcr": both(solved, solved=("m", "size"), first_contact=("at_once", "sum")),
        "resolution_time": both(
            solved, mean=("lasted", "mean"), value=("lasted", "median"), p90=("lasted", 0.9)
        ),
    }


def surveys(folder: str, segments: Any) -> dict[str, Rows]:
    columns = ["customer_id", "answered_at", "survey", "score"]
    rows = read(folder, "surveys", columns, ["answered_at"])
    rows = rows.merge(segments, on="customer_id", how="left")
    rows["m"], score = month(rows["answered_at"]), rows["score"]
    groups = {"promoters": score >= 9, "passives": score.isin([7, 8]), "detractors": score <= 6}
    nps = rows.assign(**groups)[rows["survey"] == "nps"]
    csat = rows.assign(satisfied=score >= 4)[rows["survey"] == "csat"]
    return {
        "nps": sums(nps, **{name: name for name in groups}),
        "csat": both(csat, satisfied=("satisfied", "sum"), mean=("score", "mean")),
    }


def main(folder: str) -> None:
    columns = ["customer_id", "signup_date", "churn_date", "segment"]
    people = read(folder, "customers", columns, ["signup_date", "churn_date"])
    segments = people[["customer_id", "segment"]]
    grain, spenders = purchases(folder, segments)
    found = of_purchases(grain) | {
        "cohorts": cohorts(grain),
        "rfm": rfm(spenders),
        "concentration": concentration(spenders),
    }
    del grain, spenders
    found |= {"customers": customers(people), "mrr": mrr(folder, segments)}
    found |= tickets(folder, segments) | surveys(folder, segments)
    json.dump(found, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(sys.argv[1])
