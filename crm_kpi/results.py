"""The shape of an answer: what every renderer writes and every script reads.

Values here are finished and unrounded. Renderers arrange them; they never
compute.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from crm_kpi.errors import Problem

SCHEMA_VERSION = 1
MAX_PROBLEMS = 100
"""Problems kept per source; the counts in `Account.reasons` are always complete."""

Number = int | float | Decimal


class Unit(StrEnum):
    """What a value is measured in."""

    PERCENT = "percent"
    POINTS = "points"
    SCORE = "score"
    COUNT = "count"
    RATIO = "ratio"
    HOURS = "hours"
    DAYS = "days"
    MONEY = "money"
    """Replaced by the currency's code in results."""


class Status(StrEnum):
    OK = "ok"
    LOW_N = "low_n"
    """Fewer observations than `limits.low_n`; the value is still given."""
    NO_DATA = "no_data"
    """Zero denominator or no rows; `reason` says which."""
    PENDING = "pending"
    """The period has not matured for this metric."""


class Rating(StrEnum):
    MET = "met"
    WARNING = "warning"
    MISSED = "missed"


@dataclass(slots=True)
class Result:
    """One metric in one period and segment."""

    metric: str
    period: str
    start: date
    end: date
    """The first day after the period."""
    partial: bool
    segment: dict[str, str | None]
    value: Number | None
    unit: str
    n: int | None
    low: Number | None
    high: Number | None
    components: dict[str, Number | None]
    definition: dict[str, Any]
    previous: Number | None = None
    change: Number | None = None
    target: Number | None = None
    warning: Number | None = None
    progress: Number | None = None
    """Percent of the way from the goal's start to its target; not clamped."""
    rating: Rating | None = None
    status: Status = Status.OK
    reason: str | None = None


@dataclass(slots=True)
class Account:
    """Where every row of one source went.

    rows = used + rejected + duplicates + excluded + future, asserted on every run.
    """

    table: str
    paths: list[str] = field(default_factory=list)
    bytes: int = 0
    sha256: list[str] = field(default_factory=list)
    rows: int = 0
    used: int = 0
    rejected: int = 0
    duplicates: int = 0
    """Rows equal in every column, dropped."""
    excluded: int = 0
    """Rows that the config's `exclude:` or `where:` leaves out."""
    future: int = 0
    """Rows dated after `as_of`."""
    skipped: int = 0
    """Title and footer lines: neither rows nor rejected."""
    unknown_customers: int = 0
    """Rows used whose customer is not in the customers table."""
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    """Ours: theirs, as matched."""
    notes: list[str] = field(default_factory=list)
    """What was assumed or noticed, one sentence each."""
    assumed: list[str] = field(default_factory=list)
    """What of it everybody should know, in a few words each: for a line on stderr."""

    def reject(self, problem: Problem, count: int = 1) -> None:
        self.rejected += count
        self.reasons[problem.reason] += count
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    @property
    def balanced(self) -> bool:
        gone = self.rejected + self.duplicates + self.excluded + self.future
        return self.rows == self.used + gone


@dataclass(frozen=True)
class Skipped:
    """A metric that could not be computed, and exactly what it lacks."""

    metric: str
    reason: str


@dataclass(slots=True)
class Report:
    """Everything one run has to say."""

    version: str
    as_of: date
    timezone: str
    currency: str | None
    sources: dict[str, Account]
    results: list[Result]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know about the question itself; said on stderr."""
