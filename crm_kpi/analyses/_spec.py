"""What an analysis declares: definition, needs, rows.

needs(definition, there)   per table the columns without which it cannot be; `there` are
                           the tables with a source, for analyses that can do with several
rows(scope, definition)    the finished rows: heavy work in narwhals, on what comes home
                           plain exact Python
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from crm_kpi.frames.context import FrameContext
from crm_kpi.kpi import Definition, Kpi, Need, Needs
from crm_kpi.messages import Message, text
from crm_kpi.metrics._drivers import FactorEffect, Quotient
from crm_kpi.metrics._spec import MetricValue
from crm_kpi.periods import Period, Rhythm
from crm_kpi.results import Aside, Result

Row = dict[str, Any]


class Measure(Protocol):
    """Metrics of the catalogue, as the config defines them, by the values of a column."""

    def __call__(
        self, metrics: Sequence[str], columns: Mapping[str, str]
    ) -> Mapping[str | None, Mapping[str, MetricValue]]:
        """Per value and metric the answer; a metric that lacks a table or column is left out.

        columns: table: its column. Equal values of several tables are one.
        """


class PastOf(Protocol):
    """A KPI that the analysis is made of, period by period."""

    def __call__(self, name: str) -> Sequence[Result]:
        """Its values in all whole periods of the rhythm, as its own command tells them: from
        `periods.from` on, or from the first period that begins with the first row of its main
        table or after it; up to `periods.to` or as_of, whatever `periods.last` says."""


@dataclass(frozen=True)
class PeriodValue:
    """A metric in a period and segment, and what the value is made of."""

    value: MetricValue
    quotient: Quotient


@dataclass(frozen=True)
class Comparison:
    """A metric in two periods.

    whole: of all, before and after.
    segments: column: its values: before and after.
    factors: what else than segments has changed it.
    """

    metric: str
    before: Period
    after: Period
    whole: tuple[PeriodValue, PeriodValue]
    segments: Mapping[str, Mapping[str | None, tuple[PeriodValue, PeriodValue]]]
    factors: Sequence[FactorEffect]


class ComparePeriods(Protocol):
    """A metric of the catalogue, as the config defines it, in two periods."""

    def __call__(
        self, metric: str, columns: Sequence[str], before: str | None, after: str | None
    ) -> Comparison | None:
        """Split by each of the columns, and by those of --by, by itself; None without two periods.

        before, after: labels of periods; by default those of the last two whole ones.
        """


@dataclass(frozen=True)
class Scope:
    """What an analysis looks at, and what the engine does for it.

    context: tables and frames. Its calendar is the range that is asked for as a single
        period, or the periods themselves for an analysis that is `by_period`.
    in_force: the definition of a metric that the config sets, or its default.
    with_goals: the values of a column for which a threshold of the config names a goal each.
    past: the KPIs that it is made of over time.
    rhythm: that of the calendar that is asked for; None where all time is one.
    aside: where it puts what is told and drawn beside its rows.
    segment: the values of the columns of --by that it is made for; empty for the whole.
    """

    context: FrameContext
    measure: Measure
    compare: ComparePeriods
    in_force: Callable[[str], Definition]
    with_goals: Callable[[str], Collection[str]]
    past: PastOf
    rhythm: Rhythm | None
    aside: Aside
    segment: Mapping[str, str | None]

    @property
    def periods(self) -> Sequence[Period]:
        return self.context.timeline.calendar.answer

    def mind(self, note: Message | None) -> None:
        """What a reader of the whole table should know, said once."""
        if note is not None and not self.segment and note not in self.aside.notes:
            self.aside.notes.append(note)

    def rows(self, frame: nw.LazyFrame) -> list[Row]:
        """The rows of a small frame."""
        (found,) = self.context.backend.fetch([frame])
        return found


@dataclass(frozen=True, kw_only=True)
class Analysis(Kpi):
    """An answer that is a table; `needs` and `rows` as above.

    Where each row is something left to do, fewer are better, and a threshold may say how many
    are tolerated.
    """

    counts_rows = True
    has_variants = False

    needs: Callable[[Any, Collection[str]], Needs]
    rows: Callable[[Scope, Any], Sequence[Row]]
    higher_is_better: bool | None = None
    optional: Callable[[Any], Needs] = lambda definition: {}
    """Tables that are read when there is a source for them, and text columns when the file
    has them."""
    by_period: bool = False
    """The rhythm of the calendar matters, not only its first and last day."""
    told_by: Callable[[Any], Sequence[str]] | None = None
    """The columns for each of which by itself it gives an account, beside those of --by."""
    compared: bool = False
    """The calendar has one more period, which is not answered for: the range before."""
    of_kpis: Callable[[Any, Collection[str]], Sequence[str]] = lambda definition, there: ()
    """Other KPIs, by name, that it is made of: `Scope.past` tells them."""
    refuses_kpi: Callable[[Kpi, Any], Message | None] = lambda kpi, definition: None
    """Why it cannot be made of a KPI with this definition."""

    def needed(self, definition: Any, tables: Collection[str]) -> Needs:
        return self.needs(definition, tables)

    def used_if_there(self, definition: Any) -> Needs:
        return self.optional(definition)

    def made_of(self, definition: Any, tables: Collection[str]) -> Sequence[str]:
        return self.of_kpis(definition, tables)

    def refuses(self, kpi: Kpi, definition: Any) -> Message | None:
        return self.refuses_kpi(kpi, definition)

    def accounts(self, definition: Any) -> Sequence[str] | None:
        return None if self.told_by is None else self.told_by(definition)

    def formula_of(self, definition: Any) -> str:
        return text("formulas.list")


def always(**tables: Sequence[Need]) -> Callable[..., Needs]:
    """Needs that are the same whatever the definition and the sources."""
    return lambda *_: tables


def count_if(condition: nw.Expr) -> nw.Expr:
    """How many rows meet the condition; a null does not. Cast, as engines sum truths otherwise."""
    return condition.cast(nw.Int64).sum()
