"""Who leaves a contract, once more: each customer step by step, and one coefficient at a time.

Every step of thirty days that a customer was there is a row of its own; the coefficients are
found one after the other, each where its own slope crosses nothing, until none moves any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log1p
from typing import Any

from .common import Answer, Answers, Rows, customer_values, grid, inside
from .customers import spans_of
from .periods import Period


@dataclass(frozen=True)
class Stay:
    who: str
    begun: date
    ended: date | None
    levels: tuple[Any, ...]


def stays(customers: Rows, as_of: date, columns: Sequence[str] = ()) -> list[Stay]:
    values = [customer_values(customers, column) for column in columns]
    return [
        Stay(who, begun, ended, tuple(value[who] for value in values))
        for who, spans in spans_of(customers, as_of).items()
        for begun, ended in spans
    ]


def stays_of_subscriptions(subscriptions: Rows, until: date) -> list[Stay]:
    """From the first start to the last end, of what had begun."""
    begun: dict[str, list[Any]] = {}
    for row in subscriptions:
        if row["start_date"] < until:
            begun.setdefault(row["customer_id"], []).append(row)
    return [
        Stay(
            who,
            min(row["start_date"] for row in rows),
            None
            if any(row["end_date"] is None or row["end_date"] >= until for row in rows)
            else max(row["end_date"] for row in rows),
            (),
        )
        for who, rows in begun.items()
    ]


def band(step: int) -> str:
    for name, last in (("0", 0), ("1-2", 2), ("3-5", 5), ("6-11", 11), ("12-23", 23)):
        if step <= last:
            return name
    return "24+"


BANDS = ("0", "1-2", "3-5", "6-11", "12-23", "24+")


def steps(found: Sequence[Stay], until: date) -> list[tuple[str, tuple[Any, ...], bool]]:
    """Every step that was lived through, or ended by leaving: band, levels, whether it was."""
    made = []
    for stay in found:
        if stay.begun >= until:
            continue
        left = stay.ended is not None and stay.ended < until
        length = ((stay.ended if left and stay.ended else until) - stay.begun).days
        made += [(band(k), stay.levels, False) for k in range(length // 30)]
        if left:
            made.append((band(length // 30), stay.levels, True))
    return made


Coefficients = Mapping[Any, float]


def fitted(rows: Sequence[tuple[str, tuple[Any, ...], bool]], ridge: float) -> Coefficients:
    """Logits: `constant`, the bands, and (column, level); the first of each adds nothing."""
    bands = [each for each in BANDS if any(row[0] == each for row in rows)]
    names: list[Any] = [*bands[1:]]
    for at in range(len(rows[0][1])):
        levels = sorted({row[1][at] for row in rows}, key=lambda v: (v is None, v or ""))
        names += [(at, level) for level in levels[1:]]
    counts: Counter[tuple[tuple[Any, ...], bool]] = Counter(
        (("constant", each, *enumerate(levels)), left) for each, levels, left in rows
    )
    found = dict.fromkeys(["constant", *names], 0.0)

    def slope(name: Any) -> tuple[float, float]:
        total, bend = (-ridge * found[name], -ridge) if name != "constant" else (0.0, 0.0)
        for (active, left), n in counts.items():
            if name in active:
                logit = sum(found.get(each, 0.0) for each in active)
                chance = 1 / (1 + exp(-logit))
                total += n * (left - chance)
                bend -= n * chance * (1 - chance)
        return total, bend

    for _ in range(400):
        moved = 0.0
        for name in found:
            total, bend = slope(name)
            found[name] -= total / bend
            moved = max(moved, abs(total / bend))
        if moved < 1e-10:
            rounded = {name: float(f"{value:.5e}") for name, value in found.items()}
            return {bands[0]: 0.0, **rounded}
    raise AssertionError("no end")


def risk(found: Coefficients, stay: Stay, until: date, days: int) -> float:
    """Day by day: of each a thirtieth of its step's chance to stay."""
    stays_on = 0.0
    for day in range((until - stay.begun).days, (until - stay.begun).days + days):
        here = band(day // 30)
        while here not in found:  # nobody has reached it, so that the one before holds
            here = BANDS[BANDS.index(here) - 1]
        logit = found["constant"] + found[here]
        logit += sum(found.get(each, 0.0) for each in enumerate(stay.levels))
        stays_on += log1p(-1 / (1 + exp(-logit))) / 30
    return 1 - exp(stays_on)


def there(found: Sequence[Stay], until: date) -> list[Stay]:
    return [s for s in found if s.begun < until and (s.ended is None or s.ended >= until)]


def expected_churn(
    periods: Sequence[Period],
    as_of: date,
    customers: Rows,
    *,
    days: int = 90,
    ridge: float = 1,
    columns: Sequence[str] = (),
    by: Sequence[str] = (),
) -> Answers:
    """The mean risk of who is there, in percent; n counts them."""
    values = [customer_values(customers, column) for column in by]
    everybody = stays(customers, as_of, columns)
    answers: Answers = {}
    for period in periods:
        until = period.boundary(as_of)
        rows = steps(everybody, until)
        mine = there(everybody, until)
        place = {s.who: tuple(value.get(s.who) for value in values) for s in everybody}
        found = fitted(rows, ridge) if sum(row[2] for row in rows) >= 30 else None
        for segment in grid(place.values()):
            inner = [s for s in mine if inside(place[s.who], segment)]
            if found is None or not inner:
                answers[period, segment] = Answer(None, len(inner))
                continue
            lost = sum(risk(found, stay, until, days) for stay in inner)
            parts = {"expected_lost": lost}
            answers[period, segment] = Answer(100 * lost / len(inner), len(inner), parts)
    return answers
