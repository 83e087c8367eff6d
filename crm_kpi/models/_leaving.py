"""Who will leave: the definition that all share who tell of it, and what customers say.

Two bases. By activity a customer is lost who buys nothing within the horizon; by contract one
whose contract ends within it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import fsum
from typing import Any, Literal, Self

import narwhals.stable.v2 as nw
from pydantic import Field, field_validator, model_validator

from crm_kpi.durations import Duration
from crm_kpi.frames.contract_lives import (
    DERIVED,
    SCORE,
    TICKETS,
    Contracts,
    contract_lives,
    contract_steps,
)
from crm_kpi.kpi import Needs
from crm_kpi.messages import Message, should_be, text
from crm_kpi.metrics._algebra import Aggregation, Count, frame
from crm_kpi.metrics.retention import _buying
from crm_kpi.models._buyers import FromPurchases, buyers_parts
from crm_kpi.prediction.accuracy import ChanceOutcome, skill
from crm_kpi.prediction.hazard import BANDS, STEP, Hazard, Levels, band_of, fit_hazard
from crm_kpi.prediction.horizon import steps

FEWEST_LOST = 30
MOST_PATTERNS = 2000
MOST_LEVELS = 100
"""Of all columns together: what is solved for them grows by the third power."""
LEAST_SKILL = 0.01
CUTS = 3
BY_ACTIVITY = ("model", "prior", "free_orders")
BY_CONTRACT = ("contracts", "columns", "ridge")
_LEAK = re.compile(
    r"churn|cancel|status|^ended?[ _-]|end[ _]?date|updated|left[ _]|reason"
    r"|rời bỏ|hủy|huỷ|trạng thái|tình trạng|kết thúc|lý do",
    re.IGNORECASE,
)
"""Words of columns that change when somebody leaves: they know what is to be predicted."""

Lives = nw.DataFrame[Any]
"""How many stays there are (count) by tenure, gone and the level of each column."""


class Leaving(FromPurchases):
    basis: Literal["activity", "contract"] | None = Field(
        None,
        description="activity: no purchase within the horizon; contract: leaving within it; "
        "default activity where there are transactions, else contract",
    )
    horizon: Duration = Field(
        Duration(days=90), description="how far is looked ahead, in days, weeks or months"
    )
    contracts: Contracts | None = Field(
        None,
        description="with basis contract: customers (signup and churn dates) or subscriptions "
        "(from the first start to the last end); default customers where there are some",
    )
    columns: tuple[str, ...] = Field(
        (),
        max_length=20,
        description="with basis contract: columns of the customers table by which people leave "
        "more or less often; what changes when somebody leaves is none; tickets_90d "
        "and last_score are counted as of each step of 30 days",
    )
    ridge: Decimal = Field(
        Decimal(1),
        ge=0,
        le=1_000_000,
        description="with basis contract: how strongly bands of tenure and columns are held at "
        "no difference where few customers say little of them; 0 for not at all",
    )

    @field_validator("columns")
    @classmethod
    def _known_before(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        for name in columns:
            if _LEAK.search(name):
                raise ValueError(should_be(text("models.column_leaks", column=name)))
        return tuple(dict.fromkeys(columns))

    @model_validator(mode="after")
    def _fits_its_basis(self) -> Self:
        others = {"activity": BY_CONTRACT, "contract": BY_ACTIVITY}
        for name in others[self.basis] if self.basis else ():
            if name in self.model_fields_set:
                raise ValueError(text("models.other_basis", key=name, basis=self.basis))
        return self

    def settled(self, tables: Collection[str]) -> Self:
        """The same with what it leaves to the tables that there are."""
        of_contracts = bool(self.model_fields_set.intersection(BY_CONTRACT))
        active = (not tables or "transactions" in tables) and not of_contracts
        contracts: Contracts = "customers"
        if "customers" not in tables and "subscriptions" in tables:
            contracts = "subscriptions"
        return self.model_copy(
            update={
                "basis": self.basis or ("activity" if active else "contract"),
                "contracts": self.contracts or contracts,
            }
        )

    def days(self, as_of: date) -> int:
        """The length of the horizon after a day."""
        return steps(as_of, self.horizon, 0)[-1].days


def needs(definition: Leaving) -> Needs:
    if definition.basis == "activity":
        return _buying.needs(definition)
    found: dict[str, Sequence[str]] = {"customers": ("customer_id", "signup_date", "churn_date")}
    if definition.contracts == "subscriptions":
        found = {"subscriptions": ("customer_id", "start_date", "end_date")}
    if TICKETS in definition.columns:
        found["tickets"] = ("customer_id", "created_at")
    if SCORE in definition.columns:
        found["surveys"] = ("customer_id", "score", "answered_at", "survey")
    return found


def reads(definition: Leaving) -> Needs:
    """The columns that people leave by, which the files may have under names of their own."""
    plain = tuple(name for name in definition.columns if name not in DERIVED)
    return {"customers": plain} if plain else {}


def parts(definition: Leaving) -> Sequence[Aggregation]:
    """State: of buyers as `buyers_parts`; of contracts `lives`."""
    if definition.basis == "activity":
        return buyers_parts(definition)
    assert definition.contracts is not None
    lives = frame(frame_of(definition), contracts=definition.contracts, columns=definition.columns)
    keys = alike(definition)
    return [Aggregation(lives, {"count": Count()}, detail_keys=keys, name="lives", by_column=True)]


def frame_of(definition: Leaving) -> Callable[..., nw.LazyFrame[Any]]:
    """The frame of the stays, in steps where a column is counted as of each."""
    return contract_steps if set(DERIVED) & set(definition.columns) else contract_lives


def alike(definition: Leaving) -> tuple[str, ...]:
    """The columns that stays are counted by."""
    steps = ("step",) if set(DERIVED) & set(definition.columns) else ()
    return ("tenure", "gone", *steps, *map(level, definition.columns))


def level(column: str) -> str:
    """The column of a life's level of a column."""
    return f"level:{column}"


@dataclass(frozen=True)
class LearntContracts:
    """How customers of a period leave their contracts, or why that cannot be told.

    events, exposure: how many left, within how many steps of 30 days.
    dropped: the columns that told nothing, and why.
    """

    events: int = 0
    exposure: int = 0
    refusal: Message | None = None
    hazard: Hazard | None = None
    columns: tuple[str, ...] = ()
    dropped: Message | None = None
    _risks: dict[Any, float] = field(default_factory=dict)

    @property
    def reason(self) -> Message | None:
        return self.refusal or self.dropped

    def risk(self, tenure: int, days: int, levels: Sequence[str | None]) -> float:
        """Of a customer with these levels of the columns that are used."""
        assert self.hazard is not None
        key = tenure, days, tuple(levels)
        if key not in self._risks:
            self._risks[key] = self.hazard.risk(tenure, days, key[2])
        return self._risks[key]


def learn_contracts(lives: Lives | None, days: int, definition: Leaving) -> LearntContracts:
    """What the stays of a period say of how customers leave; with columns where these are worth
    it, by how well the past was predicted with them."""
    found = _learnt(lives, 0, definition.columns, definition)
    if found.refusal or not definition.columns:
        return found
    worth = [
        skill(outcomes)
        for outcomes, _ in backtested(lives, days, definition, definition.columns)
        if outcomes
    ]
    skills = [each for each in worth if each is not None]
    if skills and fsum(skills) / len(skills) < LEAST_SKILL:
        without = _learnt(lives, 0, (), definition)
        named = ", ".join(definition.columns)
        skilled = f"{fsum(skills) / len(skills):.3f}"
        why = text("models.columns_dropped", columns=named, skill=skilled)
        return LearntContracts(
            without.events, without.exposure, without.refusal, without.hazard, (), why
        )
    return found


def backtested(
    lives: Lives | None,
    days: int,
    definition: Leaving,
    columns: Sequence[str],
    cuts: int = CUTS,
) -> Iterator[tuple[list[ChanceOutcome], int]]:
    """For each cut back in time: of customers who were there, how likely they were to leave by
    what was known then, and whether they did; and how many days back. Nothing of a cut by which
    too few had left."""
    for k in range(1, cuts + 1):
        back = k * days
        learnt = _learnt(lives, back, columns, definition)
        outcomes = []
        for life in rows_of(lives, columns) if learnt.hazard is not None else ():
            if life.is_there(back):
                risk = learnt.risk(life.age(back), days, life.levels)
                outcomes.append(ChanceOutcome(risk, int(life.gone > back - days), life.count))
        yield outcomes, back


def learnt_at_once(
    lives: Lives | None, columns: Sequence[str], definition: Leaving
) -> LearntContracts:
    """What stays say with these columns, whatever these are worth."""
    return _learnt(lives, 0, columns, definition)


@dataclass(frozen=True, slots=True)
class Life:
    """So many stays that are alike, or steps of such; `gone` is 0 of those that last."""

    tenure: int
    gone: int
    step: int | None
    count: int
    levels: Levels

    def age(self, back: int = 0) -> int:
        """How long they had lasted so many days back."""
        return self.tenure + self.gone - back

    def is_there(self, back: int = 0) -> bool:
        """Whether they lasted so many days back; of steps, whether they were in this one."""
        age = self.age(back)
        there = age > 0 and self.gone <= back
        return there and (self.step is None or self.step == age // STEP)


def rows_of(lives: Lives | None, columns: Sequence[str]) -> Iterator[Life]:
    """The stays with their levels of these columns."""
    if lives is None:
        return
    if "step" not in lives.columns:
        lives = lives.with_columns(step=nw.lit(None, nw.Int64))
    names = ["tenure", "gone", "step", "count", *map(level, columns)]
    for tenure, gone, step, count, *levels in lives.select(*names).rows():
        yield Life(tenure, gone, step, count, tuple(levels))


def _learnt(
    lives: Lives | None, back: int, columns: Sequence[str], definition: Leaving
) -> LearntContracts:
    """By what was known so many days before the end."""
    patterns: dict[tuple[int, Levels], list[int]] = defaultdict(lambda: [0, 0])
    for life in rows_of(lives, columns):
        left, count = life.gone > back, life.count
        length = life.tenure if left else life.age(back)
        if not left and length <= 0:
            continue  # not there yet
        passed = length // STEP + left
        if life.step is not None and life.step < passed:
            patterns[band_of(life.step), life.levels][0] += count
        for band, first in enumerate(BANDS if life.step is None else ()):
            next_one = BANDS[band + 1] if band + 1 < len(BANDS) else passed
            mine = min(passed, next_one) - first
            if mine > 0:
                patterns[band, life.levels][0] += mine * count
        if left and life.step in (None, length // STEP):
            patterns[band_of(length // STEP), life.levels][1] += count
    exposure, events = (sum(each[i] for each in patterns.values()) for i in (0, 1))
    refusal = None
    levels = {each for _, mine in patterns for each in enumerate(mine)}
    if events < FEWEST_LOST:
        refusal = text("models.few_lost", count=events, needed=FEWEST_LOST)
    elif len(patterns) > MOST_PATTERNS:
        refusal = text("models.many_patterns", count=len(patterns), most=MOST_PATTERNS)
    elif len(levels) > MOST_LEVELS:
        refusal = text("models.many_levels", count=len(levels), most=MOST_LEVELS)
    if refusal:
        return LearntContracts(events, exposure, refusal)
    counted = {alike: (steps, left) for alike, (steps, left) in patterns.items()}
    hazard = fit_hazard(counted, float(definition.ridge))
    if hazard is None:
        return LearntContracts(events, exposure, text("models.no_fit"))
    return LearntContracts(events, exposure, None, hazard, tuple(columns))
