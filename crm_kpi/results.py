"""The shape of an answer, declared once: what every renderer writes and every script reads.

Values here are finished and unrounded. Renderers arrange them; they never
compute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any

from crm_kpi.errors import IdentityError, Problem, ProblemKind, UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.readings import Reading
from crm_kpi.records import FieldMetadata, Internal, Schema, fixed

SCHEMA_VERSION = 1
MAX_PROBLEMS = 100
"""Problems kept per source; the counts in `SourceAudit.reasons` are always complete."""
SHORT = 26
"""So many cells are the widest short title."""

Number = int | float | Decimal


def exact(number: Number) -> Decimal:
    """The number as people wrote or read it: 0.1 is 0.1.

    Raises:
        IdentityError: NaN or infinity.
    """
    value = Decimal(float.__repr__(number)) if isinstance(number, float) else Decimal(number)
    if not value.is_finite():
        raise IdentityError(f"{value} is not a finite number")
    return value.copy_abs() if value.is_zero() else value


METRIC: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code."}


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


class UnusualSide(StrEnum):
    """Which way a value is unusual."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Neither direction is good in itself."""


class FindingLevel(StrEnum):
    """How much a finding matters, the worst first."""

    MISSED = "missed"
    WORSE = "worse"
    WARNING = "warning"
    CHANGED = "changed"
    BETTER = "better"


GRADES = ("A", "B", "C")
"""Measured by a named party with a stated method; of one vendor's clients; circulated, and where
it comes from is not known."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What others have, as somebody has published it."""

    metric: str
    industry: str
    value: Decimal
    unit: str
    period: str | None
    region: str | None
    year: str | None
    source: str
    n: str | None
    grade: str
    url: str | None
    note: str | None

    @property
    def beside(self) -> dict[str, Any]:
        """What a result is told of it."""
        names = ("value", "industry", "source", "year", "region", "grade")
        return {name: getattr(self, name) for name in names}


_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_BENCHMARK: Schema = {
    **fixed(
        value={"type": "number"},
        industry={"type": "string"},
        source={"type": "string"},
        year=_TEXT_OR_NULL,
        region=_TEXT_OR_NULL,
        grade={"enum": [*GRADES]},
    ),
    "type": ["object", "null"],
}


@dataclass(slots=True)
class Result:
    """One metric in one period and segment."""

    metric: Annotated[str, FieldMetadata(schema=METRIC)]
    period: Annotated[str, FieldMetadata("A label such as 2024-03, 2024-Q1, 2024 or all.")]
    start: date
    end: Annotated[date, FieldMetadata("The first day after the period.")]
    partial: Annotated[bool, FieldMetadata("The period is not whole.")]
    segment: Annotated[
        dict[str, str | None],
        FieldMetadata("Column: value, null for a blank; empty for the total."),
    ]
    value: Annotated[Number | None, FieldMetadata("Unrounded; percentages are 0 to 100.")]
    unit: Annotated[
        str,
        FieldMetadata(
            "The currency's code for money, or `money` where none is named.",
            schema={"anyOf": [{"enum": [unit.value for unit in Unit]}, CURRENCY]},
        ),
    ]
    n: Annotated[int | None, FieldMetadata("The denominator, or the number of observations.")]
    low: Annotated[Number | None, FieldMetadata("Lower end of the 95 % interval.")]
    high: Annotated[Number | None, FieldMetadata("Upper end of the 95 % interval.")]
    components: Annotated[
        dict[str, Number | None], FieldMetadata("What the value was computed from.")
    ]
    definition: Annotated[dict[str, Any], FieldMetadata("The variant in force.")]
    previous: Annotated[Number | None, FieldMetadata("The value of the period before.")] = None
    change: Annotated[Number | None, FieldMetadata("value - previous")] = None
    target: Number | None = None
    warning: Number | None = None
    rating: Rating | None = None
    status: Status = Status.OK
    reason: Annotated[str | None, FieldMetadata("Why there is no value, or what to mind.")] = None
    progress: Annotated[
        Number | None, FieldMetadata("Percent of the way from the goal's start to its target.")
    ] = None
    """Not clamped."""
    change_low: Annotated[
        Number | None, FieldMetadata("Lower end of the 95 % interval of the change.")
    ] = None
    change_high: Annotated[
        Number | None, FieldMetadata("Upper end of the 95 % interval of the change.")
    ] = None
    significant: Annotated[
        bool | None, FieldMetadata("The interval of the change does not hold 0; null without one.")
    ] = None
    usual_low: Annotated[
        Number | None,
        FieldMetadata("Lower end of what is usual, by at least 8 earlier whole periods."),
    ] = None
    usual_high: Annotated[
        Number | None,
        FieldMetadata("Upper end of what is usual, by at least 8 earlier whole periods."),
    ] = None
    unusual: Annotated[
        bool, FieldMetadata("It is the last whole period, and outside of what is usual.")
    ] = False
    unusual_side: Annotated[
        UnusualSide | None,
        FieldMetadata("Which way it is unusual; `changed` where neither direction is good."),
    ] = None
    benchmark: Annotated[
        dict[str, Any] | None,
        FieldMetadata(
            "What others have, of the industry that the config names; it rates nothing. Grade A: "
            "measured by a stated method; B: of one vendor's clients; C: origin unknown.",
            schema=_BENCHMARK,
        ),
    ] = None

    @property
    def within_error(self) -> bool:
        """Whether the interval of the value holds the target."""
        if self.low is None or self.high is None or self.target is None:
            return False
        return exact(self.low) <= exact(self.target) <= exact(self.high)


GOALS = "goals"
"""The domain of goals that are no KPI's."""


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What a KPI of the answer is, whatever its values."""

    title: str
    short_title: Annotated[
        str, FieldMetadata(f"At most {SHORT} characters wide, but for names from the config.")
    ]
    domain: Annotated[str, FieldMetadata("A domain of the catalogue, or `goals`.")]
    unit: Annotated[
        str | None, FieldMetadata("As in its results; null where it has none, being a table.")
    ]
    higher_is_better: Annotated[
        bool | None, FieldMetadata("Null where neither direction is good in itself.")
    ]
    formula: str


@dataclass(frozen=True, slots=True)
class KpiFinding:
    """Something that a reader should know, of the last whole period of a KPI and segment."""

    level: FindingLevel
    metric: Annotated[str, FieldMetadata(schema=METRIC)]
    segment: Annotated[
        dict[str, str | None],
        FieldMetadata("Column: value, null for a blank; empty for the total."),
    ]
    period: str
    text_key: Annotated[str, FieldMetadata("What there is to say, as a key of the texts.")] = field(
        init=False
    )
    value: Number
    previous: Number | None
    change: Number | None
    target: Number | None
    gap: Annotated[
        Number | None, FieldMetadata("How far it is from the target; null without a goal.")
    ]
    within_error: Annotated[bool, FieldMetadata("The 95 % interval of the value holds the target.")]
    usual_low: Number | None
    usual_high: Number | None
    text: Annotated[Message, Internal]
    """Its values are unrounded numbers, see `in_words`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text_key", self.text.key)

    def in_words(self, spoken: Callable[[str, Number], str]) -> Message:
        """The text with its numbers as a reader wants them.

        Args:
            spoken: a number by its name, `value`, `target`, `gap`, `low` or `high`, in words; a
                gap is a difference, the others are values.
        """
        values = {name: spoken(name, number) for name, number in self.text.values.items()}
        return Message(self.text.key, values)


@dataclass(slots=True)
class SourceAudit:
    """Where every row of one source went.

    rows = used + rejected + duplicates + excluded + future, asserted on every run.
    """

    table: Annotated[str, Internal]
    paths: list[str] = field(default_factory=list)
    rows: int = 0
    used: int = 0
    rejected: int = 0
    problems: Annotated[list[Problem], FieldMetadata(more={"maxItems": MAX_PROBLEMS})] = field(
        default_factory=list
    )
    duplicates: Annotated[
        int,
        FieldMetadata(
            "Rows that repeat others, dropped: copies, older states, stays that were joined."
        ),
    ] = 0
    excluded: Annotated[
        int, FieldMetadata("Rows that the config or their own words leave out.")
    ] = 0
    """By `exclude:`, `where:` or `once:`, or by what a column means."""
    future: Annotated[int, FieldMetadata("Rows dated after as_of.")] = 0
    skipped: Annotated[
        int, FieldMetadata("Titles, footers, repeated headers and empty lines; not among the rows.")
    ] = 0
    unknown_customers: Annotated[
        int, FieldMetadata("Rows used whose customer is not in the customers table.")
    ] = 0
    reasons: Annotated[Counter[str], FieldMetadata("Rejected rows by reason, complete.")] = field(
        default_factory=Counter
    )
    columns: Annotated[dict[str, str], FieldMetadata("Our column: the file's header.")] = field(
        default_factory=dict
    )
    notes: Annotated[list[str], FieldMetadata("What was assumed or noticed.")] = field(
        default_factory=list
    )
    """One sentence each."""
    bytes: int = 0
    sha256: Annotated[
        list[str],
        FieldMetadata(
            "Of each file, in the order of paths.",
            schema={"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
        ),
    ] = field(default_factory=list)
    meaning: Annotated[
        list[Reading],
        FieldMetadata("What columns were taken to mean, where a number depends on it."),
    ] = field(default_factory=list)
    kinds: Annotated[list[ProblemKind], Internal] = field(default_factory=list)
    """The rejected rows by reason and column, the most first; each row once."""
    left_out: Annotated[list[Message], Internal] = field(default_factory=list)
    """The excluded rows by why, each with its number, in few words."""
    assumed: Annotated[list[str], Internal] = field(default_factory=list)
    """What of the notes everybody should know, in a few words each: for a line on stderr."""

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
class NoSource:
    """There is no source for these tables."""

    tables: tuple[str, ...]

    @property
    def reason(self) -> Message:
        return text("engine.no_source", tables=joined(self.tables, text("engine.and_no")))


@dataclass(frozen=True)
class NoColumn:
    """A table has none of these columns, of which one is needed."""

    table: str
    any_of: tuple[str, ...]

    @property
    def reason(self) -> Message:
        return text(
            "engine.no_column", table=self.table, columns=joined(self.any_of, text("general.or"))
        )


@dataclass(frozen=True)
class Refused:
    """It cannot be told of this question or these tables."""

    reason: str


Cause = NoSource | NoColumn | Refused


@dataclass(frozen=True)
class Skipped:
    """A KPI that could not be computed, and exactly what it lacks."""

    metric: Annotated[str, FieldMetadata(schema=METRIC)]
    causes: Annotated[tuple[Cause, ...], Internal]
    reason: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", joined(cause.reason for cause in self.causes))

    @property
    def has_its_tables(self) -> bool:
        """Whether the tables that it needs are there, so that something else lacks."""
        return not any(isinstance(cause, NoSource) for cause in self.causes)


@dataclass(frozen=True, slots=True)
class GoalShape:
    """How a goal is drawn: as a bar, a ring or a thermometer; and what it is made of.

    children: KPI or other goal: its weight.
    """

    show: str = "bar"
    children: tuple[tuple[str, Number], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the question matters to a report for people.

    names: the KPIs that were named, by themselves or by a view; none where all are meant.
    whole: all of them are shown, however many they are.
    custom: the labels of periods that lie outside the rhythm.
    tables: those that the answer rests on; None for all that were read.
    lists: rows and cells that tell of one customer, ticket or the like may be shown.
    goals: KPI or other goal: how it is drawn.
    where: column: the values that rows were kept for; None is blank.
    theme: light or dark, of a page or a picture; None: as the reader's system has it.
    """

    title: str | None = None
    headline: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    whole: bool = False
    custom: frozenset[str] = frozenset()
    tables: frozenset[str] | None = None
    lists: bool = False
    goals: Mapping[str, GoalShape] = field(default_factory=dict)
    where: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    theme: str | None = None


@dataclass(slots=True)
class Aside:
    """What is told and drawn beside the rows of an analysis; no row is made of it.

    past: the results on which a forecast rests, and which a figure draws before it.
    notes: sentences for who reads the table.
    """

    past: list[Result] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """Everything one run has to say."""

    version: str
    as_of: date
    timezone: str
    currency: str | None
    sources: dict[str, SourceAudit]
    results: list[Result]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know about the question itself; said on stderr."""
    newest: dict[str, date] = field(default_factory=dict)
    """The last day on which a row of each table that was read counts."""
    read_until: date = date.min
    """The last day that could be known when it was read: as_of, or today where the data say it."""
    metrics: dict[str, MetricInfo] = field(default_factory=dict)
    """What each KPI of results, tables and skipped is, and those that tables are made of, in the
    order of the catalogue."""
    findings: list[KpiFinding] = field(default_factory=list)
    """What a reader should know, the worst first."""
    backtests: dict[str, Message] = field(default_factory=dict)
    """How what is predicted has come out in the past, by KPI, where it was asked for."""
    asked: Asked = Asked()
    asides: dict[str, Aside] = field(default_factory=dict)
    """What stands beside a table, by its name; for people alone."""

    @property
    def sources_needed(self) -> dict[str, SourceAudit]:
        """The accounts of the tables that the answer rests on."""
        needed = self.sources if self.asked.tables is None else self.asked.tables
        return {name: audit for name, audit in self.sources.items() if name in needed}

    def rows_alone(self, format: str) -> list[dict[str, Any]] | None:
        """The rows that a line-by-line format writes instead of results.

        None where there are results, or nothing at all.

        Raises:
            UsageError: results and tables, or several tables; one stream of rows cannot hold them.
        """
        results = [text("render.results")] if self.results else []
        names = [*results, *self.tables]
        if len(names) > 1:
            raise UsageError(
                text(
                    "render.one_table", format=format, count=len(names), names=joined(names, ", ")
                ),
                hint=text("render.folder"),
            )
        return None if results else next(iter(self.tables.values()), None)

    def assert_finite(self) -> None:
        """Raises IdentityError where NaN or infinity is among the numbers."""
        for result in self.results:
            numbers = (result.value, result.low, result.high, result.previous, result.change)
            goals = (result.target, result.warning, result.progress)
            ranges = (result.change_low, result.change_high, result.usual_low, result.usual_high)
            for number in (*numbers, *goals, *ranges, *result.components.values()):
                if number is not None and not isfinite(number):
                    raise IdentityError(f"{result.metric}, {result.period}: {number} is not finite")
