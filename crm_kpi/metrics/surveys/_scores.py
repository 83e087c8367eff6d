"""Survey scores: shared by the survey metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator

from crm_kpi.conditions import Condition, compare, is_null
from crm_kpi.frames import surveys
from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Frame, frame

SCORED = ~is_null("score")


def _upward(scale: tuple[int, int]) -> tuple[int, int]:
    if scale[0] >= scale[1]:
        raise ValueError(text("metrics.scale_needs_two"))
    return scale


Scale = Annotated[tuple[int, int], AfterValidator(_upward)]
"""The lowest and the highest score."""


class Scored(Definition):
    """Scores of a survey, and which of them are low; each survey's metric derives from it."""

    @property
    def low(self) -> Condition:
        """The scores of those who are not content."""
        raise NotImplementedError


def needs(definition: Definition) -> Mapping[str, Sequence[str]]:
    return {"surveys": ("survey", "score", "answered_at")}


def answers() -> Frame:
    """The rows of the surveys table by the day they were answered."""
    return frame(surveys.survey_answers)


def of(survey: str) -> Condition:
    """The rows of one survey that have a score; a blank is no answer."""
    return compare("survey", "==", survey) & SCORED
