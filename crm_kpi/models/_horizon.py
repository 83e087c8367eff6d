"""How far a prediction looks ahead."""

from __future__ import annotations

from crm_kpi.durations import Duration
from crm_kpi.messages import should_be, text

LONGEST_DAYS, LONGEST_MONTHS = 3653, 120


def near(horizon: Duration, example: str) -> Duration:
    """The horizon, which must be in days or months, and of ten years at most.

    Raises:
        ValueError: it is not; its message says what is.
    """
    days, months = horizon.days or 0, horizon.months or 0
    if not (0 < days <= LONGEST_DAYS or 0 < months <= LONGEST_MONTHS):
        raise ValueError(should_be(text("models.horizon", example=example)))
    return horizon
