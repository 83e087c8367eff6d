"""Survey scores: shared by the survey metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw

from crm_kpi.metrics._spec import Definition, Frame, frame
from crm_kpi.tables import day

SCORE = nw.col("score")
Scale = tuple[int, int]


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"surveys": ("survey", "score", "answered_at")}


def answers() -> Frame:
    """The rows of the surveys table by the day they were answered."""
    return frame("rows", table="surveys", at=day("answered_at"))


def of(survey: str) -> nw.Expr:
    """The rows of one survey that have a score; a blank is no answer."""
    return (nw.col("survey") == survey) & ~SCORE.is_null()
