"""Orders, revenue and what a customer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .common import (
    Answer,
    Answers,
    Number,
    Rows,
    Segment,
    from_first_row,
    grid,
    inside,
    known,
    percent,
    segments_of,
    wilson,
)
from .customers import Spans, active, churn_share, of_spans, spans_of
from .orders import by_customer, homes, parts_of, purchases
from .periods import Period, days_360, years


def revenue(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    order: str | None = None,
    free: str = "drop",
    by: Sequence[str] = (),
) -> Answers:
    """The sum of all amounts, refunds being negative; n counts the rows."""
    answers = {
        key: Answer(money["revenue"], n, money)
        for key, (n, money) in _money(
            periods, as_of, transactions, customers, order, free, by
        ).items()
    }
    return from_first_row(answers, as_of, (row["date"] for row in transactions))


def average_order_value(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    order: str | None = None,
    free: str = "drop",
    by: Sequence[str] = (),
) -> Answers:
    """What orders are worth without refunds, per order."""
    answers = {}
    for key, (_, money) in _money(periods, as_of, transactions, customers, order, free, by).items():
        orders = int(money["orders"])
        value = Fraction(money["order_values"]) / orders if orders else None
        answers[key] = Answer(value, orders, money)
    return answers


def _money(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows,
    order: str | None,
    free: str,
    by: Sequence[str],
) -> dict[tuple[Period, Segment], tuple[int, dict[str, Number]]]:
    """Rows and money by each row's own date, orders by theirs."""
    rows = known(transactions, "date", as_of)
    segments = segments_of(rows, customers, by, as_of)
    parts = parts_of(rows)
    orders = purchases(rows, segments, order, free)
    found: dict[tuple[Period, Segment], tuple[int, dict[str, Number]]] = {}
    for period in periods:
        for segment in grid(segments):
            amounts: list[tuple[Decimal, bool]] = [
                (row["amount"], part == "refund")
                for row, own, part in zip(rows, segments, parts, strict=True)
                if inside(own, segment) and period.has(row["date"], as_of)
            ]
            counted = [o for o in orders if inside(o.segment, segment) and period.has(o.day, as_of)]
            found[period, segment] = (
                len(amounts),
                {
                    "revenue": Fraction(sum((a for a, _ in amounts), Decimal(0))),
                    "orders": len(counted),
                    "order_values": Fraction(sum((o.value for o in counted), Decimal(0))),
                    "gross": Fraction(sum((a for a, back in amounts if not back), Decimal(0))),
                    "refunds": Fraction(sum((a for a, back in amounts if back), Decimal(0))),
                },
            )
    return found


def _order_days(
    as_of: date,
    transactions: Rows,
    customers: Rows,
    order: str | None,
    by: Sequence[str],
    free: str = "drop",
) -> tuple[dict[str, list[date]], dict[str, Segment]]:
    """Each known customer's order days (one per order) and segment."""
    rows = known(transactions, "date", as_of)
    orders = purchases(rows, segments_of(rows, customers, by, as_of), order, free)
    days = {c: [o.day for o in own] for c, own in by_customer(orders).items()}
    return days, homes(orders)


def purchase_frequency(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    order: str | None = None,
    free: str = "drop",
    by: Sequence[str] = (),
) -> Answers:
    """Orders per customer with at least one order in the period."""
    days, place = _order_days(as_of, transactions, customers, order, by, free)
    answers = {}
    for period in periods:
        for segment in grid(place.values()):
            counts = [
                sum(1 for day in days[c] if period.has(day, as_of))
                for c in days
                if inside(place[c], segment)
            ]
            orders = sum(counts)
            buyers = sum(1 for count in counts if count >= 1)
            answers[period, segment] = Answer(
                Fraction(orders, buyers) if buyers else None,
                buyers,
                {"orders": orders, "customers": buyers},
            )
    return answers


def repeat_purchase_rate(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    base: str = "period",
    lookback: int = 365,
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Of the customers with an order, the percentage with two or more.

    base   `period`     orders in the period
           `ever`       orders from the beginning up to the period's end
           `returning`  buyers of the period, with another order in the `lookback` days
                        before the last of theirs in it
    """
    assert base in ("period", "ever", "returning"), base
    days, place = _order_days(as_of, transactions, customers, order, by)
    answers = {}
    for period in periods:
        for segment in grid(place.values()):
            buyers = 0
            repeat = 0
            for c in days:
                here = sum(1 for day in days[c] if period.has(day, as_of))
                ever = sum(1 for day in days[c] if day < period.boundary(as_of))
                orders = ever if base == "ever" else here
                if base == "returning" and here:
                    last = max(day for day in days[c] if period.has(day, as_of))
                    near = [day for day in days[c] if 0 <= (last - day).days <= lookback]
                    orders = len(near)  # the last itself is one of them
                if inside(place[c], segment) and orders >= 1:
                    buyers += 1
                    repeat += orders >= 2
            low, high = wilson(repeat, buyers)
            answers[period, segment] = Answer(
                percent(repeat, buyers),
                buyers,
                {"customers": buyers, "repeat_customers": repeat},
                low,
                high,
            )
    return answers


def restricted_mean(tenures: Sequence[tuple[int, bool]]) -> Fraction | None:
    """Area under the Kaplan-Meier curve of (T, ended) up to the largest T."""
    if not tenures:
        return None
    alive = Fraction(1)
    area = Fraction(0)
    last = 0
    for t in sorted({t for t, _ in tenures}):
        area += alive * (t - last)
        at_risk = sum(1 for other, _ in tenures if other >= t)
        ended = sum(1 for other, event in tenures if other == t and event)
        alive *= 1 - Fraction(ended, at_risk)
        last = t
    return area


def clv(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows,
    *,
    lifetime: str | Fraction = "observed",
    buyers: bool = False,
    order: str | None = None,
    by: Sequence[str] = (),
) -> Answers:
    """Average purchase value x purchases per customer-year x average lifetime in years.

    `buyers` looks at those alone who ordered in the period.
    A customer's time in the period begins with the signup, or, of who has none, with the first
    order, which then is no purchase of that time but comes on top.

    lifetime   `observed`  Kaplan-Meier restricted mean over every span begun before the end
               `churn`     1 / churn rate (rule `set`) of the period, in years
               a number    years

    By a column of the transactions, a customer lives where the first purchase was.
    """
    values = average_order_value(periods, as_of, transactions, customers, order=order, by=by)
    place = _lifetime_places(as_of, transactions, customers, order, by)
    spans = spans_of(customers, as_of)
    days, homes_of = _order_days(as_of, transactions, customers, order, by)
    strangers = {c: min(days[c]) for c in days if c not in spans}
    place |= {c: homes_of[c] for c in strangers}
    answers = {}
    for period in periods:
        end = period.boundary(as_of)
        for segment in grid([*(s for _, s in values), *place.values()]):
            apv = values[period, segment].value if (period, segment) in values else None
            own = {c: spans[c] for c in spans if inside(place[c], segment)}
            new = [c for c in strangers if inside(place[c], segment) and strangers[c] < end]
            ordered = {c for c in days if any(period.has(day, as_of) for day in days[c])}
            at_risk = {c: own[c] for c in own if c in ordered or not buyers}
            new = [c for c in new if c in ordered or not buyers]
            time = {
                c: sum(
                    max(_parts(max(signup, period.start), min(churn or end, end)), 0)
                    for signup, churn in at_risk[c]
                )
                for c in at_risk
            }
            time |= {c: _parts(max(strangers[c], period.start), end) for c in new}
            there = len(new)
            for c in at_risk:
                was = active(own[c], period.start)
                came = any(period.has(signup, as_of) for signup, _ in own[c])
                there += was or came or buyers
            bought = sum(
                1
                for c in days
                for day in days[c]
                if (c in own or c in new) and period.has(day, as_of)
            )
            firsts = sum(1 for c in new if period.has(strangers[c], as_of))
            customer_years = Fraction(sum(time.values()), 372)
            apf = (bought - firsts) / customer_years if customer_years else None
            acl = lifetime if isinstance(lifetime, Fraction) else _acl(lifetime, own, period, as_of)
            value = None
            if apv is not None and apf is not None and acl is not None:
                value = Fraction(apv) * (Fraction(len(new), there) + apf * acl)
            answers[period, segment] = Answer(
                value,
                there,
                {
                    "apv": apv,
                    "apf": apf,
                    "acl": acl,
                    "customers": there,
                    "first_orders": firsts,
                    "customer_years": customer_years,
                },
            )
    return answers


def _parts(start: date, end: date) -> int:
    """Days in a year of twelve months of 31."""
    return (end.year - start.year) * 372 + (end.month - start.month) * 31 + end.day - start.day


def _acl(lifetime: str, own: Spans, period: Period, as_of: date) -> Fraction | None:
    end = period.boundary(as_of)
    if lifetime == "churn":
        share = churn_share(of_spans(own, period, as_of), "set")
        return years(period.start, end) / share if share else None
    assert lifetime == "observed", lifetime
    days = restricted_mean(
        [
            (days_360(signup, churn), True)
            if churn is not None and churn < end
            else (days_360(signup, end), False)
            for spans in own.values()
            for signup, churn in spans
            if signup < end
        ]
    )
    return None if days is None else days / 360


def _lifetime_places(
    as_of: date, transactions: Rows, customers: Rows, order: str | None, by: Sequence[str]
) -> dict[str, Segment]:
    """Segment of every row of the customers table: its own column, unless it is one of the
    transactions', then where the first purchase was, None without a purchase."""
    rows = known(transactions, "date", as_of)
    home = homes(purchases(rows, segments_of(rows, customers, by, as_of), order))
    own_column = [any(column in row for row in rows) for column in by]
    nowhere: Segment = (None,) * len(by)
    return {
        row["customer_id"]: tuple(
            home.get(row["customer_id"], nowhere)[i] if own_column[i] else row[column]
            for i, column in enumerate(by)
        )
        for row in known(customers, "signup_date", as_of)
    }
