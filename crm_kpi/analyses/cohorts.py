"""Cohorts: of the customers who began in a period, how many are active so many periods later.

    share = 100 x active / size

    cohort   the period of a customer's first order (basis: activity) or first
             signup (basis: contract)
    size     customers of the cohort; with `of: revenue` what they brought in
             their first period
    offset   0 is the period of the cohort itself, 1 the next one
    active   on            customers with an order in that period; by contract,
                           customers at its end
             on_or_after   those with one then or later; by contract, customers
                           at its end or that of a later period
             of: revenue   what the cohort brought in that period, net of refunds

By contract, `undated` counts the customers of the cohort who have left, nobody knows
when (`churned` without a date). They are left out, and above 1 % of the cohort active
and share are null; in a cohort that begins in the last period they are gone at its end.

A period that is not over yet is immature: active and share are null. The last
rows, cohort `all`, add up per offset the cohorts that are mature there, so
large cohorts weigh more. A period in which nobody began has no rows. Periods
are those of the run (--every, --from, --to); who began before the first is in
no cohort.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import narwhals.stable.v2 as nw
from pydantic import Field, model_validator

from crm_kpi.analyses._spec import Analysis, Row, Scope
from crm_kpi.frames import customer_base, orders_and_revenue
from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Needs
from crm_kpi.messages import text
from crm_kpi.metrics._state import ratio
from crm_kpi.metrics.retention._buying import Ordering
from crm_kpi.metrics.retention._presence import undated_reason
from crm_kpi.periods import Period
from crm_kpi.results import Number

ALL = "all"
Cells = dict[tuple[int, int], Any]
"""By cohort and period, both as places in the calendar."""


class Cohorts(Ordering):
    of: Literal["customers", "revenue"] = Field(
        "customers", description="what is followed: how many customers, or their revenue"
    )
    mode: Literal["on", "on_or_after"] = Field(
        "on", description="active in that very period, or in that one or any later one"
    )
    basis: Literal["activity", "contract"] | None = Field(
        None,
        description="what makes active: activity (orders) or contract (signup and churn); "
        "default activity where there are transactions",
    )

    @model_validator(mode="after")
    def _revenue_is_that_of_a_period(self) -> Cohorts:
        if self.of == "revenue" and (self.mode != "on" or self.basis == "contract"):
            raise ValueError(text("analyses.revenue_needs_activity"))
        return self


def needs(definition: Cohorts, there: Collection[str]) -> Needs:
    only_customers = "customers" in there and "transactions" not in there
    by_contract = definition.basis is None and only_customers and definition.of == "customers"
    if definition.basis == "contract" or by_contract:
        return {"customers": ("customer_id", "signup_date", "churn_date")}
    return {"transactions": ("customer_id", "date", "amount")}


def rows(scope: Scope, definition: Cohorts) -> list[Row]:
    if definition.basis == "contract" or not scope.context.has("transactions"):
        sizes, active = _by_contract(scope, definition.mode)
        undated = _undated(scope)
        for i in undated.all:
            sizes[i] = sizes.get(i, 0) + undated.all[i] - undated.lasting[i]
        return table(scope.periods, sizes, active, undated)
    return table(scope.periods, *_by_orders(scope, definition))


@dataclass(frozen=True)
class Undated:
    """Customers by cohort who have left, nobody knows when.

    lasting: those of them of whom it is not certain that they left before the period was over.
    """

    all: Counter[int]
    lasting: Counter[int]


def _undated(scope: Scope) -> Undated:
    customers = customer_base.undated_customers(scope.context)
    if customers is None:
        return Undated(Counter(), Counter())
    found = scope.rows(_sizes(_in_periods(customers, scope.context)))
    counts = Counter({row["cohort"]: int(row["n"]) for row in found})
    known = scope.context.timeline.first_unknown_day
    lasting = {i: n for i, n in counts.items() if scope.periods[i].until != known}
    return Undated(counts, Counter(lasting))


def table(
    periods: Sequence[Period],
    sizes: Mapping[int, Number],
    active: Mapping[tuple[int, int], Any],
    undated: Undated | None = None,
) -> list[Row]:
    """The finished table from the size of each cohort and what is active in each cell."""
    count = len(periods)
    begun = [i for i in range(count) if i in sizes and periods[i].begun]
    mature = [
        period.end == period.until and not _cut(period, i) for i, period in enumerate(periods)
    ]
    found: list[Row] = []
    for i in begun:
        for offset in range(count - i):
            is_mature = mature[i + offset]
            cell = active.get((i, i + offset), 0) if is_mature else None
            row = _row(periods[i].label, sizes[i], offset, cell)
            found.append(_with_undated(row, undated, [i]))
    if not begun or [period.label for period in periods] == [ALL]:
        return found
    for offset in range(count - begun[0]):
        there = [i for i in begun if i + offset < count and mature[i + offset]]
        size = sum(sizes[i] for i in there)
        cell = sum(active.get((i, i + offset), 0) for i in there) if there else None
        found.append(_with_undated(_row(ALL, size, offset, cell), undated, there))
    return found


def _cut(period: Period, place: int) -> bool:
    """Whether `--to` ends the period early; only the first can be partial at its start."""
    return period.partial and place > 0


def _row(cohort: str, size: Number, offset: int, active: Number | None) -> Row:
    share = None if active is None or size <= 0 else ratio(100 * active, size)
    return {"cohort": cohort, "size": size, "offset": offset, "active": active, "share": share}


def _with_undated(row: Row, undated: Undated | None, cohorts: Sequence[int]) -> Row:
    """The row with the undated customers of its cohorts, too many of whom leave no share."""
    if undated is None:
        return row
    total, lasting = (sum(each[i] for i in cohorts) for each in (undated.all, undated.lasting))
    if undated_reason(lasting, row["size"] + lasting):
        row |= {"active": None, "share": None}
    return row | {"undated": total}


def _by_orders(scope: Scope, definition: Cohorts) -> tuple[dict[int, Number], Cells]:
    context = scope.context
    began = context.backend.materialize(
        context.frame(orders_and_revenue.first_purchase_slots, order=definition.rule)
        .select("customer_id", slot="ordered")
        .join(context.timeline.slots_of_periods, on="slot", how="inner")
        .select("customer_id", cohort="period")
    )
    if definition.of == "revenue":
        sums = (
            context.frame(orders_and_revenue.spending, order=definition.rule)
            .select("customer_id", "period", "net")
            .join(began, on="customer_id", how="inner")
            .group_by("cohort", "period")
            .agg(n=nw.col("net").sum())
        )
        cells = {(row["cohort"], row["period"]): row["n"] for row in scope.rows(sums)}
        return {i: cells.get((i, i), Decimal(0)) for i, _ in cells}, cells
    seen = (
        context.frame(orders_and_revenue.buyers, order=definition.rule)
        .select("customer_id", "period")
        .join(began, on="customer_id", how="inner")
    )
    sizes, counts = context.backend.fetch([_sizes(began), _counts(seen, definition.mode)])
    cells = {(row["cohort"], row["period"]): row["n"] for row in counts}
    return _by_cohort(sizes), _followed(cells, definition.mode, len(scope.periods))


def _by_contract(scope: Scope, mode: str) -> tuple[dict[int, Number], Cells]:
    """Each span is there at the end of the periods from that of its signup to the one before
    that of its churn."""
    context, count = scope.context, len(scope.periods)
    spans = context.frame(customer_base.active_spans, basis="contract", window=None)
    days = context.timeline.days.select("day", "period")
    began = _in_periods(spans.select("customer_id", "first").unique(["customer_id"]), context)
    stays = (
        spans.select("customer_id", "signup", "churn")
        .join(began, on="customer_id", how="inner")
        .join(days.rename({"period": "since"}), left_on="signup", right_on="day", how="inner")
        .join(days.rename({"period": "left"}), left_on="churn", right_on="day", how="left")
        .with_columns(period=nw.col("left").fill_null(count).cast(nw.Int64) - 1)
    )
    stays = stays.filter(nw.col("period") >= nw.col("since"))
    if mode == "on_or_after":
        grouped = _counts(stays, mode)
    else:
        grouped = stays.group_by("cohort", "since", "period").agg(n=nw.len().cast(nw.Int64))
    sizes, counts = context.backend.fetch([_sizes(began), grouped])
    cells: Cells = {}
    for row in counts:
        for period in range(row.get("since", row["period"]), row["period"] + 1):
            key = (row["cohort"], period)
            cells[key] = cells.get(key, 0) + row["n"]
    return _by_cohort(sizes), _followed(cells, mode, count)


def _in_periods(firsts: nw.LazyFrame, context: FrameContext) -> nw.LazyFrame:
    """customer_id and cohort, of those whose first day falls into a period."""
    return firsts.join(context.timeline.days, left_on="first", right_on="day", how="inner").select(
        "customer_id", cohort="period"
    )


def _sizes(began: nw.LazyFrame) -> nw.LazyFrame:
    return began.group_by("cohort").agg(n=nw.len().cast(nw.Int64))


def _by_cohort(sizes: Sequence[Row]) -> dict[int, Number]:
    return {row["cohort"]: row["n"] for row in sizes}


def _counts(seen: nw.LazyFrame, mode: str) -> nw.LazyFrame:
    """Customers by cohort and period, or by cohort and the last period in which they are."""
    if mode == "on_or_after":
        seen = seen.group_by("customer_id", "cohort").agg(nw.col("period").max())
    return seen.group_by("cohort", "period").agg(n=nw.len().cast(nw.Int64))


def _followed(cells: Cells, mode: str, count: int) -> Cells:
    """Counts by last period become counts of those still there in each period."""
    if mode == "on":
        return cells
    found: Cells = {}
    for cohort in {cohort for cohort, _ in cells}:
        still = 0
        for period in range(count - 1, cohort - 1, -1):
            still += cells.get((cohort, period), 0)
            found[cohort, period] = still
    return found


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Cohorts,
    by_period=True,
    sources=(
        "Google Analytics Data API, CohortSpec (cohortActiveUsers / cohortTotalUsers)",
        "own definition: a period that is not over has no share, and in the rows of all a large "
        "cohort weighs more, so that no cohort looks worse for being young or small",
    ),
)
