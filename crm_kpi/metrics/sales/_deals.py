"""Deals: shared by the metrics that read opportunities."""

from __future__ import annotations

from crm_kpi.conditions import compare, flag, is_null
from crm_kpi.frames import pipeline
from crm_kpi.metrics._algebra import Aggregation, Count, Ordered, Sum, frame

WON = flag("won")


def closed() -> Aggregation:
    """State, by close date: won, lost, their amounts, and how many have one."""
    unpriced = is_null("amount")
    return Aggregation(
        frame(pipeline.closed_deals),
        {
            "won": Count(WON),
            "lost": Count(~WON),
            "won_amount": Sum("amount", WON),
            "lost_amount": Sum("amount", ~WON),
            "won_unpriced": Count(WON & unpriced),
            "lost_unpriced": Count(~WON & unpriced),
            "lost_for_nothing": Count(~WON & compare("amount", "==", 0)),
        },
    )


def cycle() -> Aggregation:
    """State: order statistics of the seconds from creation to winning; won."""
    return Aggregation(
        frame(pipeline.closed_deals), {"seconds": Ordered("seconds"), "won": Count(WON)}
    )


def open_at_end() -> Aggregation:
    """State: deals_end, amount_end, unpriced_end and dated_end of the open deals."""
    stock = {name: Sum(name) for name in ("deals", "amount", "unpriced", "dated")}
    return Aggregation(frame(pipeline.open_deal_changes, overdue=False), stock, running_total=True)


def overdue_at_end() -> Aggregation:
    """State: overdue_end, the amount of the open deals whose expected close has passed."""
    rows = frame(pipeline.open_deal_changes, overdue=True)
    return Aggregation(rows, {"overdue": Sum("amount")}, running_total=True)
