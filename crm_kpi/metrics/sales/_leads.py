"""Leads and their conversion: shared by the metrics that count leads."""

from __future__ import annotations

from crm_kpi.frames import leads
from crm_kpi.metrics._algebra import Aggregation, Count, Sum, frame


def cohort(window: str | None = None) -> Aggregation:
    """State: leads created in the period, and how many of them converted, pending, untold, told."""
    flags = {name: Sum(name) for name in ("converted", "pending", "untold", "told")}
    return Aggregation(frame(leads.lead_cohorts, window=window), {"leads": Count(), **flags})
