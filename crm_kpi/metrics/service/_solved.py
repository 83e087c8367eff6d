"""The tickets solved in a period, and what is needed to judge them."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Frame, frame
from crm_kpi.tables import day

REPLIES, REOPENS = nw.col("agent_replies"), nw.col("reopens")


def solved() -> Frame:
    """The rows of the tickets table by the day they were last solved."""
    return frame("rows", table="tickets", at=day("solved_at"))
