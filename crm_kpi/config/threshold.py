"""`thresholds:`, one block of it: what a metric should reach."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from crm_kpi.config.scalars import ExactNumber, Text
from crm_kpi.config.sections import Section
from crm_kpi.config.text_formats import shape

GoalRhythm = Literal["day", "week", "month", "quarter", "year", "all"]
Drawing = Literal["bar", "ring", "thermometer"]

REST = "*"
"""The key that stands for every label or segment without an entry of its own."""

Goal = Annotated[
    Annotated[ExactNumber, Tag("all")] | Annotated[dict[str, ExactNumber], Tag("each")],
    Discriminator(shape),
]


class Threshold(Section):
    """A goal. Whether higher or lower is better comes from the metric."""

    target: Goal = Field(
        description="The value to reach; or one per period label such as 2024-Q1, with `by` one "
        'per segment; "*" is the rest.'
    )
    warning: Goal | None = Field(
        default=None, description="The value from which on a missed target is only a warning."
    )
    by: Text | None = Field(
        default=None, description="Judge every segment of this column instead of the total."
    )
    start: ExactNumber | None = Field(
        default=None,
        description="Where progress is counted from. Default: 0 where higher is better, else "
        "there is no progress.",
    )
    every: GoalRhythm | None = Field(
        default=None,
        description="Length of the periods that it is judged in. Default: that of `periods`.",
    )
    show: Drawing = Field(default="bar", description="How a page draws it.")

    def goals(self, key: str | None) -> tuple[Decimal | None, Decimal | None]:
        """Target and warning for a period label or segment."""
        return _goal(self.target, key), _goal(self.warning, key)

    def fits(self, every: str) -> bool:
        """Whether periods of this length are those that it is judged in."""
        return self.every in (None, every)

    def segments(self) -> list[str]:
        """The values of `by` that have a goal of their own."""
        return [key for key in self.keys() if self.by and key != REST]

    def keys(self) -> Iterator[str]:
        """The labels or segments with an entry, each once."""
        blocks = (self.target, self.warning)
        yield from dict.fromkeys(key for b in blocks if isinstance(b, dict) for key in b)


def _goal(goal: Decimal | dict[str, Decimal] | None, key: str | None) -> Decimal | None:
    if not isinstance(goal, dict):
        return goal
    return goal.get(key or REST, goal.get(REST))
