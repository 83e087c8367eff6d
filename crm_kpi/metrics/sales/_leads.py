"""Leads and their conversion: shared by the metrics that count leads."""

from __future__ import annotations

from crm_kpi.frames import leads
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame


def cohort(window: str | None = None, *, aging: bool = False) -> Aggregation:
    """State: leads created in the period, and how many of them converted, pending, untold, told.

    With `aging`: how many are young, and slow, the same number for each of them.
    """
    names = ("converted", "pending", "untold", "told", *(("young", "slow") if aging else ()))
    rows = frame(leads.lead_cohorts, window=window, aging=aging)
    return Aggregation(rows, {"leads": Count(), **{name: Sum(name) for name in names}})
