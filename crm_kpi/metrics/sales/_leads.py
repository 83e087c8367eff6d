"""Leads and their conversion: shared by the metrics that count leads."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Part, frame


def cohort(window: str | None = None) -> Part:
    """State: leads created in the period, and how many of them converted, pending, untold, told."""
    flags = {name: nw.col(name).sum() for name in ("converted", "pending", "untold", "told")}
    return Part(frame("lead_cohorts", window=window), {"leads": nw.len()} | flags)
