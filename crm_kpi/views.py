"""Named views that everybody has: which KPIs and analyses belong to one question.

A config may give others beside them, or others of the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SHIPPED: Mapping[str, Sequence[str]] = {
    "before_sale": (
        "leads",
        "lead_conversion_rate",
        "touches_per_lead",
        "interactions",
        "pipeline_value",
        "weighted_pipeline",
        "win_rate",
        "sales_cycle",
        "sales_velocity",
        "cac",
        "funnel",
        "pipeline",
    ),
    "after_sale": (
        "customers",
        "retention_rate",
        "churn_rate",
        "repeat_purchase_rate",
        "revenue",
        "mrr",
        "renewal_rate",
        "nps",
        "csat",
        "ces",
        "first_response_time",
        "resolution_time",
        "fcr",
        "sla_attainment",
        "ticket_backlog",
        "cohorts",
        "issues",
    ),
}
"""View: its KPIs, in the order in which they are asked for."""


def name_of(word: str) -> str:
    """A view as the config calls it: `before-sale` is `before_sale`."""
    return word.replace("-", "_")
