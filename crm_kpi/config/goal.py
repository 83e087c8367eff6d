"""`thresholds:` that are no KPI's: something to be done, and goals made of others."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, field_validator

from crm_kpi.config.scalars import ExactNumber, Text, Words, wrong
from crm_kpi.config.sections import Section
from crm_kpi.config.threshold import Drawing
from crm_kpi.messages import text


class Tasks(Section):
    """A file with a task a row."""

    path: Text = Field(description="The file, relative to the config file.")
    column: Text = Field(description="Its column that tells how far a task is.")
    done: Words = Field(description="The words of tasks that are done, whatever their case.")


class Milestone(Section):
    """Something that is done or not, or whose tasks are."""

    done: bool = Field(
        default=True, description="Whether it is done; with `of`, true: all its tasks should be."
    )
    of: Tasks | None = Field(default=None, description="The tasks that it is made of.")
    show: Drawing = Field(default="bar", description="How a page draws it.")


class Plan(Section):
    """A goal that is as far as its children are, by their weights."""

    children: dict[Text, ExactNumber] = Field(
        description="KPI with a threshold, or other goal: its weight."
    )
    show: Drawing = Field(default="bar", description="How a page draws it.")

    @field_validator("children")
    @classmethod
    def _positive(cls, children: dict[str, Decimal]) -> dict[str, Decimal]:
        if not children:
            raise wrong(text("config.no_children"))
        for name, weight in children.items():
            if weight <= 0:
                raise wrong(text("config.weight_not_positive", name=name))
        return children


OwnGoal = Milestone | Plan
