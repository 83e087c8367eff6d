"""Deals: shared by the metrics that read opportunities."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Part, frame
from crm_kpi.metrics._state import count_if, order_statistics, sum_if

WON, AMOUNT = nw.col("won"), nw.col("amount")


def closed() -> Part:
    """State, by close date: won, lost, their amounts, and how many have one."""
    no_amount = AMOUNT.is_null()
    return Part(
        frame("closed_deals"),
        {
            "won": count_if(WON),
            "lost": count_if(~WON),
            "won_amount": sum_if(WON, AMOUNT),
            "lost_amount": sum_if(~WON, AMOUNT),
            "won_unpriced": count_if(WON & no_amount),
            "lost_unpriced": count_if(~WON & no_amount),
            "lost_for_nothing": count_if(~WON & (AMOUNT == 0)),
        },
    )


def cycle() -> Part:
    """State: order statistics of the seconds from creation to winning; won."""
    state = order_statistics("seconds") | {"won": count_if(WON)}
    return Part(frame("closed_deals"), state, ranked=("seconds",))


def open_at_end() -> Part:
    """State: deals_end, amount_end, unpriced_end and dated_end of the open deals."""
    stock = {name: nw.col(name).sum() for name in ("deals", "amount", "unpriced", "dated")}
    return Part(frame("pipeline", overdue=False), stock, stock=True)
