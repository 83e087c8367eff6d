"""The tickets solved in a period, and what is needed to judge them."""

from __future__ import annotations

from crm_kpi.frames.context import rows_in_periods
from crm_kpi.metrics._algebra import Frame, frame
from crm_kpi.tables import day


def solved() -> Frame:
    """The rows of the tickets table by the day they were last solved."""
    return frame(rows_in_periods, table="tickets", at=day("solved_at"))
