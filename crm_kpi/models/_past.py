"""How well the past was predicted: who bought or left after a cut, by what was known before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import fsum, sqrt
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.frames.buying_history import buying_outcomes
from crm_kpi.frames.context import FrameContext
from crm_kpi.messages import Message, as_number, text
from crm_kpi.models import _leaving
from crm_kpi.models._buyers import FromPurchases, buyers_of, learn_buying
from crm_kpi.models._leaving import CUTS, Leaving, learn_contracts
from crm_kpi.periods import DAY, Calendar, Period
from crm_kpi.prediction.accuracy import ChanceOutcome, auc, brier, expected, observed, skill
from crm_kpi.prediction.buying import WEEK, Buying

DAYS = 90
"""How far is looked ahead of each cut where nobody says it."""


@dataclass(frozen=True)
class PastPrediction:
    """What one way of predicting said of the customers at a cut, and what they did.

    outcomes: whether they bought (or left), and how likely that was said to be; where it is said
        by a score, that.
    purchases: expected, actual and how many are alike; none where nothing is said of them.
    """

    model: str
    outcomes: Sequence[ChanceOutcome] = ()
    is_chance: bool = True
    purchases: Sequence[tuple[float, int, int]] = ()

    @property
    def rmse(self) -> float | None:
        n = sum(n for _, _, n in self.purchases)
        squares = fsum(n * (said - did) ** 2 for said, did, n in self.purchases)
        return sqrt(squares / n) if n else None

    @property
    def sums(self) -> tuple[float, int]:
        """Purchases that were expected, and those that there were."""
        return (
            fsum(n * said for said, _, n in self.purchases),
            sum(n * did for _, did, n in self.purchases),
        )

    @property
    def bias(self) -> float | None:
        said, did = self.sums
        return said / did - 1 if did else None

    def row(self, cut: date) -> dict[str, Any]:
        """A row of the analysis backtest."""
        said = self.outcomes if self.is_chance else ()
        return {
            "model": self.model,
            "cut": cut,
            "customers": sum(n for _, _, n in self.purchases)
            or sum(each.n for each in self.outcomes),
            "observed": observed(self.outcomes),
            "mean_p": expected(said),
            "auc": auc(self.outcomes) if self.outcomes else None,
            "brier": brier(said),
            "skill": skill(said),
            "rmse": self.rmse,
            "bias": self.bias,
        }


@dataclass(frozen=True)
class PastCut:
    """A day of the past, and what was predicted on it; nothing where too little was known."""

    day: date
    predictions: Sequence[PastPrediction] = ()


def cuts_of_buying(
    context: FrameContext, until: date, definition: FromPurchases, days: int, cuts: int = CUTS
) -> Iterator[PastCut]:
    """Cuts every `days` days back from the day before `until`, the latest first.

    model: the chance to buy, and purchases, as `definition` predicts them.
    recency: customers ranked by their last purchase alone.
    rate: purchases as often as before, x / T, T at least a week.
    """
    there = _at_cuts(context, until, days, cuts)
    rows = there.backend.fetch_table(
        there.frame(buying_outcomes, free=definition.free)
        .group_by("period", "repeats", "recency", "age", "later")
        .agg(count=nw.len())
    )
    for period, cut in enumerate(there.timeline.calendar.periods):
        customers = buyers_of(rows.filter(nw.col("period") == period)).sort(
            "x", "t", "age", "later"
        )
        day = cut.until - DAY
        learnt = learn_buying(
            customers.group_by("x", "t", "age").agg(nw.col("n").sum()), definition
        )
        if learnt.buying is None:
            yield PastCut(day)
        else:
            yield PastCut(day, [*_predictions(learnt.buying, customers, days)])


def _predictions(
    buying: Buying, customers: nw.DataFrame[Any], days: int
) -> Iterator[PastPrediction]:
    found = customers.with_columns(*buying.chances(days / WEEK))
    names = ("x", "t", "age", "n", "later", "alive", "active")
    rows = found.select(*names).rows()
    ages: dict[int, list[int]] = {}
    for x, age in sorted({(row[0], row[2]) for row in rows}):
        ages.setdefault(x, []).append(age)
    bought = {
        (x, age): by_then
        for x, mine in ages.items()
        for age, (by_then,) in zip(
            mine,
            buying.purchases_by_age(x, [age / WEEK for age in mine], [days / WEEK]),
            strict=True,
        )
    }
    yield PastPrediction(
        "model",
        [ChanceOutcome(active, int(later > 0), n) for _, _, _, n, later, _, active in rows],
        purchases=[(alive * bought[x, age], later, n) for x, _, age, n, later, alive, _ in rows],
    )
    yield PastPrediction(
        "recency",
        [ChanceOutcome(t - age, int(later > 0), n) for _, t, age, n, later, _, _ in rows],
        is_chance=False,
    )
    yield PastPrediction(
        "rate",
        purchases=[(x / max(age, WEEK) * days, later, n) for x, _, age, n, later, _, _ in rows],
    )


def cuts_of_contracts(
    context: FrameContext, until: date, definition: Leaving, days: int, cuts: int = CUTS
) -> Iterator[PastCut]:
    """The same of those with a contract, and of whether they left: each stay as it was known at the
    cut, and at the end of the horizon after it."""
    assert definition.contracts is not None
    there = _at_cuts(context, until, days, cuts, first=0)
    frame = there.frame(
        _leaving.frame_of(definition), contracts=definition.contracts, columns=definition.columns
    )
    stays = there.backend.fetch_table(frame)
    alike = _leaving.alike(definition)
    known = [
        stays.filter(nw.col("period") == period)
        for period in range(len(there.timeline.calendar.periods))
    ]
    last = known[0].group_by(*alike).agg(count=nw.len())
    columns = learn_contracts(last, days, definition).columns
    for at, cut in enumerate(there.timeline.calendar.periods[1:], 1):
        counted = known[at].group_by(*alike).agg(count=nw.len())
        learnt = _leaving.learnt_at_once(counted, columns, definition)
        later = known[at - 1].select("customer_id", "began", left="gone").unique()
        here = known[at].join(later, on=["customer_id", "began"], how="inner")
        here = here.with_columns(left=(nw.col("left") > 0).cast(nw.Int64))
        outcomes = []
        for (left,), mine in here.group_by("left") if learnt.hazard is not None else ():
            rows = mine.group_by(*alike).agg(count=nw.len())
            for life in _leaving.rows_of(rows, columns):
                if life.is_there():
                    risk = learnt.risk(life.age(), days, life.levels)
                    outcomes.append(ChanceOutcome(risk, int(left), life.count))
        yield PastCut(cut.until - DAY, [PastPrediction("model", outcomes)] if outcomes else ())


def line_of_buying(
    context: FrameContext, until: date, definition: FromPurchases, days: int
) -> Message:
    """How it came out, in a line."""
    past = [*_by_model(cuts_of_buying(context, until, definition, days))]
    if not past:
        return text("models.no_backtest")
    said, did = (sum(each) for each in zip(*(one.sums for one in past), strict=True))
    return text(
        "models.backtest_buying",
        cuts=len(past),
        days=days,
        expected=_percent(expected(_outcomes(past))),
        observed=_percent(observed(_outcomes(past))),
        bias=as_number(f"{round(100 * (said / did - 1)):+d}" if did else "-"),
    )


def line_of_contracts(
    context: FrameContext, until: date, definition: Leaving, days: int
) -> Message:
    """The same of contracts."""
    past = [*_by_model(cuts_of_contracts(context, until, definition, days))]
    if not past:
        return text("models.no_backtest")
    return text(
        "models.backtest_leaving",
        cuts=len(past),
        days=days,
        expected=_percent(expected(_outcomes(past))),
        observed=_percent(observed(_outcomes(past))),
    )


def _by_model(cuts: Iterable[PastCut]) -> Iterator[PastPrediction]:
    return (each for cut in cuts for each in cut.predictions if each.model == "model")


def _outcomes(past: Iterable[PastPrediction]) -> list[ChanceOutcome]:
    return [each for one in past for each in one.outcomes]


def _percent(share: float | None) -> Message:
    return as_number(f"{100 * (share or 0):.1f}")


def _at_cuts(
    context: FrameContext, until: date, days: int, cuts: int, first: int = 1
) -> FrameContext:
    """The same rows in time that ends at each of the cuts, from the first on; 0 is the end."""
    ends = [until - timedelta(days=k * days) for k in range(first, cuts + 1)]
    calendar = _calendar([_period(context, end) for end in ends])
    timeline = replace(
        context.timeline, calendar=calendar, bounds=tuple(sorted({*calendar.bounds, until}))
    )
    return FrameContext(context.tables, timeline, context.backend)


def _calendar(periods: Sequence[Period]) -> Calendar:
    return Calendar(tuple(periods), len(periods), {})


def _period(context: FrameContext, until: date) -> Period:
    """All time up to a day, or that day's last where nothing is as old."""
    start = min(context.timeline.first_day, until - DAY)
    return Period(str(until - DAY), start, until, until, start, partial=False)
