"""Issues: what customers ask for help with, by the tickets' category.

    tickets             created in the range asked for
    previous            the same of the range before it: as many periods, as far as
                        the range is known; null where no ticket is that old
    change              tickets - previous
    share               of all of them, in percent
    open                those not solved at as_of
    reopened            those reopened at least once; null where the file has no
                        reopenings
    per_100_customers   tickets per 100 customers of that range (who joined before
                        its end and did not leave before its start); null without
                        a customers table
    median_resolution   hours from creation to the last solution, of the solved ones
    slowest_resolution  the longest of them

Hours are counted as `resolution_time` is defined, business hours included.
Tickets without a category are one, the category null. Most tickets first; what
was asked for before and no more is listed too. `--last 1` compares the last month
with the one before it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import narwhals.stable.v2 as nw

from crm_kpi.analyses._median import median, middle
from crm_kpi.analyses._spec import Analysis, Row, Scope, always, count_if
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.customer_base import active_spans
from crm_kpi.frames.tickets import ticket_waits
from crm_kpi.kpi import Definition
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.service._hours import Hours, in_hours
from crm_kpi.tables import day


def rows(scope: Scope, definition: Definition) -> list[Row]:
    context, resolution = scope.context, scope.in_force("resolution_time")
    assert isinstance(resolution, Hours)
    tells = context.has("tickets", "reopens")
    tickets = context.frame(
        ticket_waits,
        event="solved_at",
        schedule=resolution.schedule,
        columns=("category", "reopens") if tells else ("category",),
    )
    seconds, now = nw.col("seconds"), nw.col("period") == 0
    counts = {
        "tickets": count_if(now),
        "previous": count_if(~now),
        "open": count_if(now & seconds.is_null()),
    }
    if tells:
        counts["reopened"] = count_if(now & (nw.col("reopens") > 0))
    first = context.tables.unfiltered["tickets"].select(first=nw.col(day("created_at")).min())
    found, solved, (oldest,) = context.backend.fetch(
        [
            tickets.group_by("category").agg(**counts),
            middle(tickets.filter(now), "seconds", "category"),
            first,
        ]
    )
    known = _reaches_back(scope, oldest["first"])
    all_tickets = sum(row["tickets"] for row in found)
    customers = _customers(scope)
    resolved = {row["category"]: row for row in solved}
    made = []
    for row in found:
        times = resolved.get(row["category"])
        made.append(
            {
                "category": row["category"],
                "tickets": row["tickets"],
                "previous": row["previous"] if known else None,
                "change": row["tickets"] - row["previous"] if known else None,
                "share": ratio(100 * row["tickets"], all_tickets) if all_tickets else None,
                "open": row["open"],
                "reopened": row.get("reopened"),
                "per_100_customers": (
                    float(Fraction(100 * row["tickets"], customers)) if customers else None
                ),
                "median_resolution": in_hours(median(times)),
                "slowest_resolution": in_hours(times["largest"] if times else None),
            }
        )
    return sorted(made, key=_order)


def _reaches_back(scope: Scope, oldest: date | None) -> bool:
    """Whether there were tickets before the range began, if its past was asked for."""
    before = scope.context.timeline.calendar.periods[1:]
    return oldest is not None and any(oldest < period.until for period in before)


def _customers(scope: Scope) -> int:
    """Customers of the range, each once."""
    context: FrameContext = scope.context
    if not context.has("customers"):
        return 0
    (period,) = scope.periods
    churn = nw.col("churn")
    there = context.frame(active_spans, basis="contract", window=None).filter(
        nw.col("signup") < period.until, churn.is_null() | (churn > period.start)
    )
    (row,) = scope.rows(there.select("customer_id").unique().select(n=nw.len()))
    return int(row["n"])


def _order(row: Row) -> tuple[int, bool, str]:
    return -row["tickets"], row["category"] is None, row["category"] or ""


ANALYSIS = Analysis(
    needs=always(tickets=("ticket_id", "created_at", "solved_at", "category")),
    rows=rows,
    compared=True,
    optional=always(customers=()),
    sources=(
        "own definition: counts and times of the metrics tickets and resolution_time by category, "
        "and per 100 customers, because more customers ask more",
    ),
)
