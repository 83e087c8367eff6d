"""Definitions of shapes that no metric may have yet, through a metric made for the purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace
from typing import Literal
from uuid import UUID

import pytest
from pydantic import Field

from crm_kpi import catalogue
from crm_kpi.config.model import Config, Custom, Limits
from crm_kpi.durations import Duration
from crm_kpi.errors import Problem
from crm_kpi.kpi import Definition

Read = Callable[..., Config]
Faults = Callable[..., list[Problem]]


class Hours(Definition):
    opens: time
    holidays: tuple[date, ...] = ()


class Made(Definition):
    hours: Literal["calendar"] | Hours = "calendar"
    target: Duration | dict[str, Duration] = Duration(seconds=3600)
    discount: Decimal = Field(default=Decimal("0.1"), ge=0, lt=1)
    share: float = 0.5
    words: list[str] = Field(default_factory=list)
    code: str | None = None
    key: UUID | None = None


@pytest.fixture(autouse=True)
def only_made(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = SimpleNamespace(
        definition=Made,
        higher_is_better=None,
        has_variants=True,
        counts_rows=False,
        about=lambda definition: (),
    )
    monkeypatch.setattr(catalogue, "ids", lambda: ("made",))
    monkeypatch.setattr(catalogue, "load", {"made": metric}.__getitem__)


def test_every_type_is_read_from_its_text(read: Read) -> None:
    config = read("""
definitions:
  made:
    hours: {opens: 08:30, holidays: [2024-02-10]}
    target: {high: 4h, low: 2d}
    discount: 0.10
    share: 0.25
    words: [no, 007]
    code: 0123
  other: {metric: made, hours: calendar, target: 30m, code: null}
""")
    made, other = (config.definitions[name].definition for name in ("made", "other"))
    assert made == Made(
        hours=Hours(opens=time(8, 30), holidays=(date(2024, 2, 10),)),
        target={"high": Duration(seconds=4 * 3600), "low": Duration(days=2)},
        discount=Decimal("0.10"),
        share=0.25,
        words=["no", "007"],
        code="0123",
    )
    assert str(made.model_dump()["discount"]) == "0.10"
    assert other == Made(target=Duration(seconds=1800))


@pytest.mark.parametrize(
    ("text", "column", "reason", "hint"),
    [
        ("hours: business", "hours", "should be calendar or a block of keys", None),
        ("hours: {open: 08:30}", "hours.open", "unknown key", "did you mean 'opens'?"),
        ("hours: {opens: 8h}", "hours.opens", "should be a time such as 08:30", None),
        (
            "hours: {opens: 08:30, holidays: [Tet]}",
            "hours.holidays.0",
            "should be a date such as 2024-01-31",
            None,
        ),
        ("target: {high: soon}", "target.high", "should be a length of time such as 90d", None),
        (
            "target: soon",
            "target",
            "should be a length of time such as 90d, 2 weeks, 12 months, 48h or 30m "
            "or a block of keys",
            None,
        ),
        ("discount: ten", "discount", "should be a number such as 95 or 0.5", None),
        ("discount: 1", "discount", "should be below 1", None),
        ("discount: -1", "discount", "should be at least 0", None),
        ("share: half", "share", "should be a number such as 95 or 0.5", None),
        ("words: no", "words", "should be a list such as [a, b]", None),
        ("words: [[a]]", "words.0", "should be a text", None),
        ("key: x", "key", "Input should be a valid UUID", None),
    ],
)
def test_faults_are_in_plain_words(
    faults: Faults, text: str, column: str, reason: str, hint: str | None
) -> None:
    problems = {p.column: p for p in faults(f"definitions: {{made: {{{text}}}}}")}
    problem = problems[f"definitions.made.{column}"]
    assert reason in problem.reason
    assert problem.hint == hint


def test_the_member_of_a_union_that_was_meant_is_the_one_that_is_explained(faults: Faults) -> None:
    (problem,) = faults("definitions: {made: {hours: {holidays: []}}}")
    assert (problem.column, problem.reason) == ("definitions.made.hours.opens", "is missing")


def test_a_metric_without_a_better_side_has_no_threshold(faults: Faults) -> None:
    (problem,) = faults("thresholds: {made: {target: 3}}")
    assert problem.column == "thresholds.made"
    assert "neither better high nor low" in problem.reason


def test_python_values_are_taken_as_they_are() -> None:
    custom = Custom(name="a", start=date(2024, 1, 1), end=date(2024, 1, 2))
    assert (custom.start, custom.end) == (date(2024, 1, 1), date(2024, 1, 2))
    limits = Limits(rejected_rows=Decimal("0.02"), low_n=5)
    assert (limits.rejected_rows, limits.low_n) == (Decimal("0.02"), 5)
    assert Config(exchange_rates={"USD": 2}, currency="VND").exchange_rates == {"USD": Decimal(2)}
