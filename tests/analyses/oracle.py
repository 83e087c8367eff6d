"""Analyses of customers and what they buy, in plain Python from the definitions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.common import Rows, known, local_day, percent, quantile
from tests.oracle.customers import active, spans_of, undated_of
from tests.oracle.orders import by_customer, purchases
from tests.oracle.periods import DAY, Period, days_360

Table = list[dict[str, Any]]
HALF = Fraction(1, 2)


def share(part: Any, whole: Any) -> Fraction | None:
    return percent(Fraction(part), Fraction(whole)) if whole > 0 else None


def order_days(transactions: Rows, as_of: date, order: str | None = None) -> dict[str, list[date]]:
    rows = known(transactions, "date", as_of)
    found = by_customer(purchases(rows, [()] * len(rows), order))
    return {customer: sorted(o.day for o in orders) for customer, orders in found.items()}


def cohorts(
    periods: Sequence[Period], as_of: date, began: Mapping[str, date], seen: Mapping[str, set[int]]
) -> Table:
    """began: each customer's first day; seen: the periods in which each is active."""
    members: dict[int, set[str]] = defaultdict(set)
    for customer, day in began.items():
        for i, period in enumerate(periods):
            if period.has(day, as_of):
                members[i].add(customer)
    table, over = [], [period.end <= as_of + DAY for period in periods]
    for i in sorted(members):
        for j in range(i, len(periods)):
            here = sum(1 for c in members[i] if j in seen[c]) if over[j] else None
            table.append(_cell(periods[i].label, len(members[i]), j - i, here))
    if not members:
        return []
    for offset in range(len(periods) - min(members)):
        mature = [i for i in members if i + offset < len(periods) and over[i + offset]]
        size = sum(len(members[i]) for i in mature)
        here = sum(1 for i in mature for c in members[i] if i + offset in seen[c])
        table.append(_cell("all", size, offset, here if mature else None))
    return table


def _cell(cohort: str, size: Any, offset: int, here: Any) -> dict[str, Any]:
    rate = None if here is None else share(here, size)
    return {"cohort": cohort, "size": size, "offset": offset, "active": here, "share": rate}


def or_later(seen: Mapping[str, set[int]], count: int) -> dict[str, set[int]]:
    return {
        c: {j for j in range(count) if any(later >= j for later in places)}
        for c, places in seen.items()
    }


def cohorts_of_orders(
    periods: Sequence[Period], as_of: date, transactions: Rows, *, mode: str, order: str | None
) -> Table:
    days = order_days(transactions, as_of, order)
    seen = {
        c: {j for j, p in enumerate(periods) if any(p.has(day, as_of) for day in own)}
        for c, own in days.items()
    }
    if mode == "on_or_after":
        seen = or_later(seen, len(periods))
    return cohorts(periods, as_of, {c: own[0] for c, own in days.items()}, seen)


def cohorts_of_contracts(
    periods: Sequence[Period], as_of: date, customers: Rows, *, mode: str
) -> Table:
    spans = spans_of(customers, as_of)
    seen = {
        c: {j for j, p in enumerate(periods) if active(own, p.boundary(as_of))}
        for c, own in spans.items()
    }
    if mode == "on_or_after":
        seen = or_later(seen, len(periods))
    began = {c: min(signup for signup, _ in own) for c, own in spans.items()}
    undated = undated_of(customers, as_of)
    last = [period for period in periods if period.boundary(as_of) > as_of]
    placed = {c for c, day in undated.items() if any(p.has(day, as_of) for p in last)}
    known = began | {c: undated[c] for c in placed}
    table = cohorts(periods, as_of, began | undated, seen | {c: set() for c in undated})
    return [_without_undated(row, periods, as_of, table, known, undated) for row in table]


def _without_undated(
    row: dict[str, Any],
    periods: Sequence[Period],
    as_of: date,
    table: Table,
    known: Mapping[str, date],
    undated: Mapping[str, date],
) -> dict[str, Any]:
    """The row with those alone of whom it is known where they were."""
    mature = {
        other["cohort"]
        for other in table
        if other["offset"] == row["offset"] and other["active"] is not None
    }
    mine = [
        p
        for p in periods
        if p.label == row["cohort"] or (row["cohort"] == "all" and p.label in mature - {"all"})
    ]

    def count(days: Mapping[str, date]) -> int:
        return sum(any(p.has(day, as_of) for p in mine) for day in days.values())

    size, lasting = count(known), count({c: d for c, d in undated.items() if c not in known})
    here = None if 100 * lasting > size + lasting else row["active"]
    return _cell(row["cohort"], size, row["offset"], here) | {"undated": count(undated)}


def cohorts_of_revenue(periods: Sequence[Period], as_of: date, transactions: Rows) -> Table:
    first = {c: own[0] for c, own in order_days(transactions, as_of).items()}
    place = {c: i for c, day in first.items() for i, p in enumerate(periods) if p.has(day, as_of)}
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in known(transactions, "date", as_of):
        for j, period in enumerate(periods):
            if row["customer_id"] in place and period.has(row["date"], as_of):
                sums[place[row["customer_id"]], j] += row["amount"]
    over = [period.end <= as_of + DAY for period in periods]
    begun = sorted(set(place.values()))
    table = [
        _cell(p.label, sums[i, i], j - i, sums[i, j] if over[j] else None)
        for i in begun
        for p in (periods[i],)
        for j in range(i, len(periods))
    ]
    for offset in range(len(periods) - begun[0]):
        mature = [i for i in begun if i + offset < len(periods) and over[i + offset]]
        here = sum((sums[i, i + offset] for i in mature), Decimal(0)) if mature else None
        table.append(_cell("all", sum(sums[i, i] for i in mature), offset, here))
    return table


def survival(customers: Rows, as_of: date, unit: str) -> Table:
    """Kaplan-Meier and Greenwood by the textbook, one customer at a time."""
    lives: list[tuple[int, bool]] = []
    for own in spans_of(customers, as_of).values():
        for signup, churn in own:
            left = churn is not None and churn <= as_of
            end = churn if left and churn else as_of + DAY
            time = (end - signup).days if unit == "days" else days_360(signup, end) // 30
            lives.append((time, left))
    table: Table = []
    alive, hazard = Fraction(1), Fraction(0)
    for time in sorted({time for time, _ in lives}):
        risk = sum(1 for t, _ in lives if t >= time)
        events = sum(1 for t, left in lives if t == time and left)
        alive *= 1 - Fraction(events, risk)
        low = high = None
        if events < risk:
            hazard += Fraction(events, risk * (risk - events))
            half = 1.959963984540054 * float(alive) * math.sqrt(hazard)
            low, high = max(0.0, float(alive) - half), min(1.0, float(alive) + half)
        table.append(
            {"time": time, "at_risk": risk, "events": events, "survival": alive}
            | {"low": low, "high": high}
        )
    median = next((row["time"] for row in table if row["survival"] <= HALF), None)
    undated = len(undated_of(customers, as_of))
    found = [row | {"median": median, "undated": undated} for row in table]
    everybody = {row["customer_id"] for row in known(customers, "signup_date", as_of)}
    if 100 * undated <= len(everybody):
        return found
    return [row | dict.fromkeys(("survival", "low", "high", "median")) for row in found]


NAMES = {
    "champions": "54 55",
    "loyal": "34 35 44 45",
    "potential loyalists": "42 43 52 53",
    "new": "51",
    "promising": "41",
    "need attention": "33",
    "about to sleep": "31 32",
    "cannot lose": "15 25",
    "at risk": "13 14 23 24",
    "hibernating": "11 12 21 22",
}


def fifths(values: Mapping[str, Any]) -> dict[str, int]:
    n = len(values)
    return {
        c: sum(1 for other in values.values() if other < value) * 5 // n + 1
        for c, value in values.items()
    }


def rfm(transactions: Rows, as_of: date, order: str | None = None) -> Table:
    days = order_days(transactions, as_of, order)
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for row in known(transactions, "date", as_of):
        if row["customer_id"] is not None:
            spent[row["customer_id"]] += row["amount"]
    recency = {c: (as_of - own[-1]).days for c, own in days.items()}
    r = fifths({c: -number for c, number in recency.items()})
    f = fifths({c: len(own) for c, own in days.items()})
    m = fifths({c: spent[c] for c in days})
    table = []
    for c in sorted(days, key=lambda c: (-spent[c], c)):
        (segment,) = (name for name, pairs in NAMES.items() if f"{r[c]}{f[c]}" in pairs.split())
        row = {"customer_id": c, "recency": recency[c], "frequency": len(days[c])}
        scores = {"r": r[c], "f": f[c], "m": m[c], "segment": segment}
        table.append(row | {"monetary": spent[c]} | scores)
    return table


def rfm_segments(rows: Table) -> Table:
    revenue = sum(row["monetary"] for row in rows)
    table = []
    for name in NAMES:
        own = [row for row in rows if row["segment"] == name]
        if own:
            money = sum(row["monetary"] for row in own)
            table.append(
                {
                    "segment": name,
                    "customers": len(own),
                    "share": share(len(own), len(rows)),
                    "recency": Fraction(sum(row["recency"] for row in own), len(own)),
                    "frequency": Fraction(sum(row["frequency"] for row in own), len(own)),
                    "monetary": money,
                    "share_of_revenue": share(money, revenue),
                }
            )
    return table


def concentration(transactions: Rows, as_of: date) -> Table:
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for row in known(transactions, "date", as_of):
        if row["customer_id"] is not None:
            spent[row["customer_id"]] += row["amount"]
    best = sorted(spent.values(), reverse=True)
    revenue, n = sum(best), len(best)
    # Gini as the mean difference between all pairs, over twice the mean.
    differences = sum(abs(Fraction(a) - Fraction(b)) for a in best for b in best)
    gini = differences / (2 * n * Fraction(revenue))
    return [
        {
            "share_of_customers": p,
            "share_of_revenue": share(sum(best[: math.ceil(Fraction(p * n, 100))]), revenue),
            "gini": gini,
        }
        for p in range(1, 101)
    ]


def spending(transactions: Rows, as_of: date) -> Table:
    rows = known(transactions, "date", as_of)
    revenue: dict[str | None, Decimal] = defaultdict(Decimal)
    bought: dict[str, list[tuple[date, str | None]]] = defaultdict(list)
    for row in rows:
        revenue[row["category"]] += row["amount"]
        if row["amount"] > 0 and row["customer_id"] is not None:
            bought[row["customer_id"]].append((row["date"], row["category"]))
    table = []
    for category, money in revenue.items():
        buyers = {c: own for c, own in bought.items() if any(k == category for _, k in own)}
        second, waits = 0, []
        for own in buyers.values():
            second += any(k not in (None, category) for _, k in own)
            first = min(day for day, k in own if k == category)
            later = [day for day, _ in own if day > first]
            waits += [Fraction((min(later) - first).days)] if later else []
        table.append(
            {
                "category": category,
                "revenue": money,
                "share": share(money, sum(revenue.values())),
                "buyers": len(buyers),
                "second_category": share(second, len(buyers)),
                "days_to_next": quantile(waits, HALF),
            }
        )
    return sorted(
        table, key=lambda row: (-row["revenue"], row["category"] is None, row["category"] or "")
    )


def follow_up(
    transactions: Rows,
    interactions: Rows,
    customers: Rows,
    as_of: date,
    zone: Any,
    *,
    purchase: str = "last",
    after: int = 7,
    within: int | None = None,
) -> Table:
    contacts: dict[str, list[date]] = defaultdict(list)
    for row in interactions:
        day = local_day(row["occurred_at"], zone)
        if row["customer_id"] is not None and day <= as_of:
            contacts[row["customer_id"]].append(day)
    table = []
    for c, days in order_days(transactions, as_of).items():
        day = days[0] if purchase == "first" else days[-1]
        age = (as_of - day).days
        if age < after or (within is not None and age > within):
            continue
        if any(contact > day for contact in contacts[c]):
            continue
        last = max(contacts[c], default=None)
        row = {"customer_id": c, "purchased": day, "days": age, "last_interaction": last}
        mine = [r for r in customers if r["customer_id"] == c and r["signup_date"] <= as_of]
        latest = max(
            mine,
            key=lambda r: (r["signup_date"], r.get("name") or "", r.get("email") or ""),
            default={},
        )
        table.append(row | {known: latest.get(known) for known in ("name", "email")})
    return sorted(table, key=lambda row: (row["days"], row["customer_id"]))
