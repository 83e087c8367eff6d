"""`definitions:` and `thresholds:` of analyses, which are tables and not numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from crm_kpi.analyses.cohorts import Cohorts
from crm_kpi.analyses.unresolved import Unresolved
from crm_kpi.config.model import Config
from crm_kpi.durations import Duration
from crm_kpi.errors import Problem

Read = Callable[..., Config]
Faults = Callable[..., list[Problem]]


def test_definitions_are_typed(read: Read) -> None:
    config = read("""
definitions:
  cohorts: {of: customers, mode: on_or_after, order: day}
  unresolved: {limit: 2d}
thresholds:
  unresolved: {target: 0, warning: 3}
""")
    assert config.definitions["cohorts"].definition == Cohorts(mode="on_or_after", order="day")
    assert config.definitions["unresolved"].definition == Unresolved(limit=Duration(days=2))
    (threshold,) = config.thresholds["unresolved"]
    assert threshold.goals("2024-12-31") == (Decimal(0), Decimal(3))


def test_set_reaches_them(read: Read) -> None:
    config = read("", "definitions.rfm.per=segment")
    assert config.definitions["rfm"].definition.model_dump()["per"] == "segment"


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("definitions: {cohorts: {mode: off}}", "definitions.cohorts.mode", "on_or_after"),
        ("definitions: {cohorts: {per: day}}", "definitions.cohorts.per", "unknown key"),
        (
            "definitions: {cohorts: {of: revenue, mode: on_or_after}}",
            "definitions.cohorts",
            "of: revenue goes with mode: on",
        ),
        ("definitions: {unresolved: {limit: 1 month}}", "definitions.unresolved.limit", "days"),
        ("definitions: {follow_up: {after: 7h}}", "definitions.follow_up.after", "weeks"),
        (
            "definitions: {follow_up: {after: 7d, within: 5d}}",
            "definitions.follow_up",
            "within should not be shorter",
        ),
        ("definitions: {funnel: {stages: [A, A]}}", "definitions.funnel.stages", "none twice"),
        (
            "definitions: {mine: {metric: cohorts}}",
            "definitions.mine.metric",
            "which has one definition",
        ),
        (
            "definitions: {rfm: {metric: cohorts}}",
            "definitions.rfm.metric",
            "a metric of its own",
        ),
        ("thresholds: {cohorts: {target: 3}}", "thresholds.cohorts", "cannot have a threshold"),
        (
            "thresholds: {unresolved: {target: 0, by: agent}}",
            "thresholds.unresolved",
            "of which all rows are counted",
        ),
        (
            "thresholds: {unresolved: {target: {2024-Q1: 0}}}",
            "thresholds.unresolved",
            "of which all rows are counted",
        ),
        (
            "thresholds: {unresolved: {target: 3, warning: 1}}",
            "thresholds.unresolved.warning",
            "beyond the target",
        ),
    ],
)
def test_faults(faults: Faults, text: str, column: str, reason: str) -> None:
    (problem,) = faults(text)
    assert problem.column == column
    assert reason in problem.reason
