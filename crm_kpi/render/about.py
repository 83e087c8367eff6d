"""What a reader must be told of a metric beside its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """One metric as reports introduce it."""

    title: str
    formula: str
    domain: str
    """The heading that the metric stands under."""
    higher_is_better: bool | None
    """None where neither direction is good in itself."""
