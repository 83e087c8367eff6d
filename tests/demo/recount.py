"""The known answers counted again, straight from the definitions, in plain Python.

Each function takes the tables and the half-open period, and gives value and
components. Numbers are exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .answers import Answer
from .integrity import day
from .reading import Export, Row

Tables = dict[str, Export]
Answered = tuple[Fraction, dict[str, Any]]
Recount = Callable[[Tables, date, date], Answered]

PER_MONTH = {"month": Fraction(1), "quarter": Fraction(1, 3), "year": Fraction(1, 12)}


def answer(tables: Tables, known: Answer) -> Answered:
    """The value and components of one known answer, from the rows its `where` keeps."""
    return RECOUNTS[known.metric](kept(tables, known.where), *bounds(known.period))


def bounds(period: str) -> tuple[date, date]:
    """Of a year, a quarter or a month."""
    if len(period) == 4:
        return date(int(period), 1, 1), date(int(period) + 1, 1, 1)
    if "Q" in period:
        year, quarter = map(int, period.split("-Q"))
        month = 3 * quarter - 2
        return date(year, month, 1), (date(year, month, 1) + timedelta(days=93)).replace(day=1)
    start = date.fromisoformat(f"{period}-01")
    return start, (start + timedelta(days=31)).replace(day=1)


def kept(tables: Tables, where: str | None) -> Tables:
    """A column of the customers also filters their rows elsewhere."""
    if where is None:
        return tables
    column, value = where.split("=")
    customers = tables["customers"]
    chosen = {row["customer_id"] for row in customers.rows if row.get(column) == value}

    def keeps(export: Export, row: Row) -> bool:
        if column in export.header:
            return bool(row[column] == value)
        return column not in customers.header or row.get("customer_id") in chosen

    return {
        name: Export(export.header, [], [row for row in export.rows if keeps(export, row)])
        for name, export in tables.items()
    }


def inside(moment: date | None, start: date, end: date) -> bool:
    return moment is not None and start <= day(moment) < end


def presence(tables: Tables, start: date, end: date) -> tuple[set[str], set[str], dict[str, int]]:
    def there(on: date) -> set[str]:
        return {
            row["customer_id"]
            for row in tables["customers"].rows
            if row["signup_date"] <= on and (row["churn_date"] is None or on < row["churn_date"])
        }

    one = timedelta(days=1)
    at_start, at_end = there(start - one), there(end - one)
    components = {
        "customers_start": len(at_start),
        "customers_end": len(at_end),
        "customers_new": len(at_end - at_start),
        "customers_lost": len(at_start - at_end),
    }
    return at_start, at_end, components


def retention_rate(tables: Tables, start: date, end: date) -> Answered:
    at_start, at_end, components = presence(tables, start, end)
    return Fraction(100 * len(at_start & at_end), len(at_start)), components


def churn_rate(tables: Tables, start: date, end: date) -> Answered:
    rate, components = retention_rate(tables, start, end)
    return 100 - rate, components


def orders(tables: Tables, start: date, end: date) -> list[tuple[str | None, Decimal]]:
    """(customer, amount) of each order above zero, by the day of its first row, without refunds."""
    amounts: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str | None, str], date] = {}
    for row in tables["transactions"].rows:
        key = row["customer_id"], row["transaction_id"]
        amounts[key] += row["amount"]
        first[key] = min(first.get(key, row["date"]), row["date"])
    return [
        (key[0], amount)
        for key, amount in amounts.items()
        if amount > 0 and inside(first[key], start, end)
    ]


def clv(tables: Tables, start: date, end: date) -> Answered:
    """With the contract's lifetime of five years; here everybody is there all the time."""
    made = orders(tables, start, end)
    apv = Fraction(sum(amount for _, amount in made)) / len(made)
    for row in tables["customers"].rows:
        assert row["signup_date"] <= start
        assert row["churn_date"] >= end
    months = (end.year - start.year) * 12 + end.month - start.month
    apf = Fraction(len(made) * 12, len(tables["customers"].rows) * months)
    return apv * apf * 5, {"apv": apv, "apf": apf, "acl": 5}


def repeat_purchase_rate(tables: Tables, start: date, end: date) -> Answered:
    counts = Counter(customer for customer, _ in orders(tables, start, end) if customer)
    repeat = sum(n >= 2 for n in counts.values())
    return Fraction(100 * repeat, len(counts)), {
        "customers": len(counts),
        "repeat_customers": repeat,
    }


def scores(tables: Tables, survey: str, start: date, end: date) -> list[int]:
    return [
        int(row["score"])
        for row in tables["surveys"].rows
        if row["survey"] == survey and inside(row["answered_at"], start, end)
    ]


def nps(tables: Tables, start: date, end: date) -> Answered:
    given = scores(tables, "nps", start, end)
    promoters, detractors = sum(s >= 9 for s in given), sum(s <= 6 for s in given)
    return Fraction(100 * (promoters - detractors), len(given)), {
        "promoters": promoters,
        "passives": len(given) - promoters - detractors,
        "detractors": detractors,
    }


def csat(tables: Tables, start: date, end: date) -> Answered:
    given = scores(tables, "csat", start, end)
    satisfied = sum(s >= 4 for s in given)
    return Fraction(100 * satisfied, len(given)), {"satisfied": satisfied, "n": len(given)}


def ces(tables: Tables, start: date, end: date) -> Answered:
    given = scores(tables, "ces", start, end)
    return Fraction(sum(given), len(given)), {}


def mrr(tables: Tables, start: date, end: date) -> Answered:
    """Paid on the last day of the period; by customer against the day before it began."""

    def paid(on: date) -> dict[str, Fraction]:
        amounts: dict[str, Fraction] = defaultdict(Fraction)
        for row in tables["subscriptions"].rows:
            begins = row["trial_end"] or row["start_date"]
            if begins <= on and (row["end_date"] is None or on < row["end_date"]):
                monthly = (
                    Fraction(row["unit_amount"] * row["quantity"]) * PER_MONTH[row["interval"]]
                )
                amounts[row["customer_id"]] += monthly / int(row["interval_count"])
        return amounts

    one = timedelta(days=1)
    before, after = paid(start - one), paid(end - one)
    # Nobody paid before the first subscription month, so nothing else can have moved.
    assert not before
    value = sum(after.values(), Fraction(0))
    moves = dict.fromkeys(("mrr_start", "reactivated", "expansion", "contraction", "churned"), 0)
    return value, {**moves, "new": value}


def renewal_rate(tables: Tables, start: date, end: date) -> Answered:
    due = [r for r in tables["subscriptions"].rows if inside(r["due_date"], start, end)]
    grace = timedelta(days=30)
    renewed = sum(
        r["renewed_at"] is not None and r["renewed_at"] <= r["due_date"] + grace for r in due
    )
    return Fraction(100 * renewed, len(due)), {"due": len(due), "renewed": renewed}


def retention_cost(tables: Tables, start: date, end: date) -> Answered:
    spent = sum(
        row["amount"]
        for row in tables["costs"].rows
        if row["kind"] == "retention" and inside(row["date"], start, end)
    )
    at_start, at_end, _ = presence(tables, start, end)
    return Fraction(spent) / len(at_start & at_end), {}


def lead_conversion_rate(tables: Tables, start: date, end: date) -> Answered:
    created = [row for row in tables["leads"].rows if inside(row["created_at"], start, end)]
    converted = sum(row["converted_at"] is not None for row in created)
    return Fraction(100 * converted, len(created)), {
        "leads": len(created),
        "converted": converted,
    }


def weighted_pipeline(tables: Tables, start: date, end: date) -> Answered:
    value = sum(
        row["amount"] * row["probability"]
        for row in tables["opportunities"].rows
        if day(row["created_at"]) < end and row["closed_at"] is None
    )
    return Fraction(value), {}


RECOUNTS: dict[str, Recount] = {
    "retention_rate": retention_rate,
    "churn_rate": churn_rate,
    "clv": clv,
    "repeat_purchase_rate": repeat_purchase_rate,
    "nps": nps,
    "csat": csat,
    "ces": ces,
    "mrr": mrr,
    "renewal_rate": renewal_rate,
    "retention_cost": retention_cost,
    "lead_conversion_rate": lead_conversion_rate,
    "weighted_pipeline": weighted_pipeline,
}
