"""Buying and dropping out: the BG/NBD and MBG/NBD models of customers who come and go unannounced.

While a customer is there, purchases come at random, at a rate of their own; after each purchase
they may drop out for good, with a chance of their own. Rates are spread over customers as
Gamma(r, alpha), chances as Beta(a, b). Under BG nobody drops out before the first repeat purchase;
under MBG the first purchase may be the last.

A customer has bought x times after the first time, most recently t after it; the first time was
`age` ago. Parameters count time in weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1, fsum, lgamma, log, log1p, pi, sqrt
from typing import Any, Literal

import narwhals.stable.v2 as nw

from crm_kpi.prediction.chebyshev import along
from crm_kpi.prediction.in_memory import table
from crm_kpi.prediction.newton import Matrix, Smooth, Vector, lowest, with_prior
from crm_kpi.prediction.special_functions import digamma, logistic, rounded, softplus, trigamma

BuyingModel = Literal["mbg", "bg"]

WEEK = 7
MANY = 20_000
"""From so many different customers on, a first fit goes by weeks, and is where a second begins."""
FURTHEST = 30.0
"""A chance below e^-30 makes no difference any more, nor does one above 1 - e^-30."""
NEGLIGIBLE = 36.0


def counted(customers: Mapping[tuple[int, int, int], int]) -> nw.DataFrame[Any]:
    """How many customers there are (n) by x, and by t and age in days."""
    rows = [(*alike, n) for alike, n in sorted(customers.items())]
    return table(
        x=[r[0] for r in rows],
        t=[r[1] for r in rows],
        age=[r[2] for r in rows],
        n=[r[3] for r in rows],
    )


@dataclass(frozen=True)
class Buying:
    """Customers of a kind, by the parameters of their rates and chances."""

    model: BuyingModel
    r: float
    alpha: float
    a: float
    b: float

    def alive(self, x: int, t: float, age: float) -> float:
        """The chance that the customer has not dropped out."""
        if not x and self.model == "bg":
            return 1.0
        odds = log(self.a / self._others(x, -1))
        return 1 - logistic(odds + (self.r + x) * log1p((age - t) / (self.alpha + t)))

    def buys(self, x: int, t: float, age: float, weeks: float) -> float:
        """The chance of a purchase in the coming weeks."""
        return self.alive(x, t, age) * -expm1(-(self.r + x) * log1p(weeks / (self.alpha + age)))

    def chances(self, weeks: float | None = None) -> list[nw.Expr]:
        """`alive`, and with `weeks` what `buys` says (active), of columns x, and t and age in
        days."""
        x, t, age = nw.col("x"), nw.col("t") / WEEK, nw.col("age") / WEEK
        gone = (self.alpha + age) / (self.alpha + t)
        others = x + (self.b + (self.model == "mbg") - 1)
        odds = (self.a / others).log() + (x + self.r) * gone.log()
        alive = 1 / (odds.exp() + 1)
        if self.model == "bg":
            alive = nw.when(x > 0).then(alive).otherwise(1.0)
        if weeks is None:
            return [alive.alias("alive")]
        quiet = ((weeks / (age + self.alpha) + 1).log() * (x + self.r) * -1).exp()
        return [alive.alias("alive"), (alive * (1 - quiet)).alias("active")]

    def purchases_while_alive(self, x: int, age: float, weeks: Sequence[float]) -> list[float]:
        """How many purchases to expect by each of these weeks of who has not dropped out.

        The mean of (1 - (1 + p weeks / (alpha + age))^-(r + x)) / p over their chance p to drop
        out, by the trapezoid rule over log(p / (1 - p)). It is finite and exact whatever a and b
        are, where the textbook form divides by a - 1.
        """
        return [self._purchases(x, each / (self.alpha + age)) for each in weeks]

    def purchases_by_age(
        self, x: int, ages: Sequence[float], weeks: Sequence[float]
    ) -> list[list[float]]:
        """The same for customers of each age. They depend on weeks / (alpha + age) alone, are
        smooth in its logarithm, and bounded a quarter turn off the line of real numbers."""
        places = [log(each / (self.alpha + age)) for age in ages for each in weeks]
        found = along(lambda place: self._purchases(x, exp(place)), places, pi / 2)
        return [found[i : i + len(weeks)] for i in range(0, len(found), len(weeks))]

    def _purchases(self, x: int, ratio: float) -> float:
        chances, rate = self._chances_of(x), self.r + x
        terms = [
            weight * (-expm1(-rate * log1p(p * ratio)) / p if p else rate * ratio)
            for p, weight in chances
        ]
        return fsum(terms)

    def log_likelihood(self, customers: nw.DataFrame[Any]) -> float:
        """How likely these customers, `counted`, are under the parameters, with time in weeks."""
        logs = [log(each) for each in (self.r, self.alpha, self.a, self.b)]
        value, _, _ = _unlikelihood(customers, self.model, WEEK)(logs)
        return -value

    def _others(self, x: int, change: int = 0) -> float:
        """The second parameter of the chances of who has stayed so far."""
        return self.b + x + (self.model == "mbg") + change

    @cached_property
    def _chances(self) -> dict[int, list[tuple[float, float]]]:
        return {}

    def _chances_of(self, x: int) -> list[tuple[float, float]]:
        """Chances to drop out of who has stayed so far, each with its share."""
        if x not in self._chances:
            chances = _beta(self.a, self._others(x))
            total = fsum(weight for _, weight in chances)
            self._chances[x] = [(p, weight / total) for p, weight in chances]
        return self._chances[x]


def _beta(a: float, b: float) -> list[tuple[float, float]]:
    """Chances that are spread as Beta(a, b), with their weights.

    They lie evenly in u = log(p / (1 - p)). What lies beyond e^-30 on either side is a geometric
    series, as the density there is a power: it is added up at 0 and at 1.
    """
    step = min(0.5, 0.45 * sqrt(1 / a + 1 / b))
    centre = log(a / b)
    highest = -a * softplus(-centre) - b * softplus(centre)

    def height(u: float) -> float:
        return -a * softplus(-u) - b * softplus(u) - highest

    found = [(logistic(centre), 1.0)] if abs(centre) <= FURTHEST else []
    for side, power in ((-1, a), (1, b)):
        k = 1
        while True:
            u = centre + side * k * step
            weight = height(u)
            if weight < -NEGLIGIBLE:
                break
            if side * u > FURTHEST:
                found.append((float(side > 0), exp(weight) / -expm1(-power * step)))
                break
            if abs(u) <= FURTHEST:
                found.append((logistic(u), exp(weight)))
            k += 1
    return found


@dataclass(frozen=True)
class FittedBuying:
    """What customers say of the parameters.

    errors: the standard errors of the logarithms of r, alpha, a and b.
    furthest: the largest of these logarithms, without its sign and with time in tenths of the
        longest age: how far from anything plausible the fit lies.
    """

    buying: Buying
    errors: tuple[float, ...]
    furthest: float


def fit_buying(
    customers: nw.DataFrame[Any], model: BuyingModel, prior: float
) -> FittedBuying | None:
    """The parameters that make the customers, `counted`, likeliest; None where there are none.

    prior: the weight of the squares of the logarithms, which holds those that the customers say
        nothing about near zero; 0 for none.
    """
    scale = max(customers["age"].to_list(), default=0) / 10
    if not scale:
        return None
    start: Sequence[float] = (0.0, 0.0, 0.0, 0.0)
    if len(customers) > MANY:
        near = lowest(with_prior(_unlikelihood(_by_weeks(customers), model, scale), prior), start)
        start = start if near is None else near.point
    found = lowest(with_prior(_unlikelihood(customers, model, scale), prior), start)
    if found is None:
        return None
    r, alpha, a, b = map(exp, found.point)
    alpha *= scale / WEEK
    if not all(1e-300 < each < 1e300 for each in (r, alpha, a, b)):
        return None
    return FittedBuying(
        Buying(model, *map(rounded, (r, alpha, a, b))),
        tuple(map(rounded, found.errors)),
        rounded(max(map(abs, found.point))),
    )


def _by_weeks(customers: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    weeks = ((nw.col(name) // WEEK * WEEK).alias(name) for name in ("t", "age"))
    alike = ("x", "t", "age")
    return customers.with_columns(*weeks).group_by(*alike).agg(nw.col("n").sum()).sort(*alike)


def _unlikelihood(customers: nw.DataFrame[Any], model: BuyingModel, scale: float) -> Smooth:
    """Minus the log likelihood of the logarithms of r, alpha, a and b, with time in `scale` days.

    log L of a customer, c = 1 for MBG and 0 for BG:

        log G(r + x) - log G(r) + r log alpha - (r + x) log(alpha + age)
        + log G(b + x + c) - log G(b) + log G(a + b) - log G(a + b + x + c)
        + log(1 + e^z),  z = log(a / (b + x + c - 1)) + (r + x) log((alpha + age) / (alpha + t))

    of which the last is nothing under BG where x = 0. All but z depends on x or age alone.
    """
    c = int(model == "mbg")
    n = nw.col("n")
    rows = customers.sort("x", "t", "age")
    by_x = rows.group_by("x").agg(n.sum()).sort("x").rows()
    by_age = [
        (age / scale, m, purchases)
        for age, m, purchases in rows.group_by("age")
        .agg(n.sum(), purchases=(n * nw.col("x")).sum())
        .sort("age")
        .rows()
    ]
    who_may_have_left = rows if c else rows.filter(nw.col("x") > 0)
    left = who_may_have_left.select(
        "x", "n", **{name: nw.col(name) / scale for name in ("t", "age")}
    )
    everybody = sum(m for _, m in by_x)

    def function(logs: Sequence[float]) -> tuple[float, Vector, Matrix]:
        r, alpha, a, b = map(exp, logs)
        value = [everybody * (r * log(alpha) - lgamma(r) - lgamma(b) + lgamma(a + b))]
        slope: tuple[list[float], ...] = (
            [everybody * (log(alpha) - digamma(r))],
            [everybody * r / alpha],
            [everybody * digamma(a + b)],
            [everybody * (digamma(a + b) - digamma(b))],
        )
        bend: dict[tuple[int, int], list[float]] = {
            (0, 0): [-everybody * trigamma(r)],
            (0, 1): [everybody / alpha],
            (1, 1): [-everybody * r / alpha**2],
            (2, 2): [everybody * trigamma(a + b)],
            (2, 3): [everybody * trigamma(a + b)],
            (3, 3): [everybody * (trigamma(a + b) - trigamma(b))],
            (0, 2): [],
            (0, 3): [],
            (1, 2): [],
            (1, 3): [],
        }
        for age, m, purchases in by_age:
            weight, logarithm, inverse = r * m + purchases, log(alpha + age), 1 / (alpha + age)
            value.append(-weight * logarithm)
            slope[0].append(-m * logarithm)
            slope[1].append(-weight * inverse)
            bend[0, 1].append(-m * inverse)
            bend[1, 1].append(weight * inverse**2)
        for x, m in by_x:
            stayed = b + x + c
            value.append(m * (lgamma(r + x) + lgamma(stayed) - lgamma(a + stayed)))
            slope[0].append(m * digamma(r + x))
            bend[0, 0].append(m * trigamma(r + x))
            slope[2].append(-m * digamma(a + stayed))
            slope[3].append(m * (digamma(stayed) - digamma(a + stayed)))
            both = -m * trigamma(a + stayed)
            bend[2, 2].append(both)
            bend[2, 3].append(both)
            bend[3, 3].append(m * trigamma(stayed) + both)
        _add_left(left, (r, alpha, a, b), c, value, slope, bend)
        gradient = [
            -each * fsum(terms) for each, terms in zip((r, alpha, a, b), slope, strict=True)
        ]
        curvature = [[0.0] * 4 for _ in range(4)]
        parameters = r, alpha, a, b
        for (i, j), terms in bend.items():
            mixed = -parameters[i] * parameters[j] * fsum(terms)
            curvature[i][j] = curvature[j][i] = mixed + (gradient[i] if i == j else 0.0)
        return -fsum(value), gradient, curvature

    return function


def _add_left(
    rows: nw.DataFrame[Any],
    parameters: tuple[float, float, float, float],
    c: int,
    value: list[float],
    slope: Sequence[list[float]],
    bend: Mapping[tuple[int, int], list[float]],
) -> None:
    """The part log(1 + e^z) of all who may have left."""
    r, alpha, a, b = parameters
    n, rate, others = rows["n"], rows["x"] + r, rows["x"] + (b + c - 1)
    later, sooner = 1 / (rows["age"] + alpha), 1 / (rows["t"] + alpha)
    longer, u = (sooner / later).log(), later - sooner
    z = (a / others).log() + rate * longer
    share = 1 / ((-z).exp() + 1)
    ns = n * share
    nq = ns * (1 - share)
    ns_u, nq_longer, nq_u = ns * u * rate, nq * longer, nq * u * rate
    ns_others, nq_others = ns / others, nq / others
    value.append((n * (z.clip(lower_bound=0.0) + ((-z.abs()).exp() + 1).log())).sum())
    slope[0].append((ns * longer).sum())
    slope[1].append(ns_u.sum())
    slope[2].append(ns.sum() / a)
    slope[3].append(-ns_others.sum())
    bend[0, 0].append((nq_longer * longer).sum())
    bend[0, 1].append((nq_u * longer + ns * u).sum())
    bend[1, 1].append((nq_u * u * rate - ns_u * (later + sooner)).sum())
    bend[0, 2].append(nq_longer.sum() / a)
    bend[0, 3].append(-(nq_longer / others).sum())
    bend[1, 2].append(nq_u.sum() / a)
    bend[1, 3].append(-(nq_u / others).sum())
    bend[2, 2].append((nq - ns).sum() / (a * a))
    bend[2, 3].append(-nq_others.sum() / a)
    bend[3, 3].append(((nq_others + ns_others) / others).sum())
