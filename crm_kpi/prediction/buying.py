"""Buying and dropping out: the BG/NBD and MBG/NBD models of customers who come and go unannounced.

While a customer is there, purchases come at random, at a rate of their own; after each purchase
they may drop out for good, with a chance of their own. Rates are spread over customers as
Gamma(r, alpha), chances as Beta(a, b). Under BG nobody drops out before the first repeat purchase;
under MBG the first purchase may be the last.

A customer has bought x times after the first time, most recently t after it; the first time was
`age` ago. Parameters count time in weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1, fsum, lgamma, log, log1p, sqrt
from typing import Literal

from crm_kpi.prediction.newton import Matrix, Smooth, Vector, lowest, with_prior
from crm_kpi.prediction.special_functions import digamma, logistic, rounded, softplus, trigamma

BuyingModel = Literal["mbg", "bg"]
Counted = Mapping[tuple[int, int, int], int]
"""How many customers there are by x, and by t and age in days."""

WEEK = 7
MANY = 20_000
"""From so many different customers on, a first fit goes by weeks, and is where a second begins."""
FURTHEST = 30.0
"""A chance below e^-30 makes no difference any more, nor does one above 1 - e^-30."""
NEGLIGIBLE = 46.0


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

    def purchases_while_alive(self, x: int, age: float, weeks: Sequence[float]) -> list[float]:
        """How many purchases to expect by each of these weeks of who has not dropped out.

        The mean of (1 - (1 + p weeks / (alpha + age))^-(r + x)) / p over their chance p to drop
        out, by the trapezoid rule over log(p / (1 - p)). It is finite and exact whatever a and b
        are, where the textbook form divides by a - 1.
        """
        chances = self._chances_of(x)
        total = fsum(weight for _, weight in chances)
        rate = self.r + x
        found = []
        for each in weeks:
            ratio = each / (self.alpha + age)
            terms = [
                weight * (-expm1(-rate * log1p(p * ratio)) / p if p else rate * ratio)
                for p, weight in chances
            ]
            found.append(fsum(terms) / total)
        return found

    def log_likelihood(self, customers: Counted) -> float:
        """How likely these customers are under the parameters, with time in weeks."""
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
        """Chances to drop out of who has stayed so far, each with its weight."""
        if x not in self._chances:
            self._chances[x] = _beta(self.a, self._others(x))
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


def fit_buying(customers: Counted, model: BuyingModel, prior: float) -> FittedBuying | None:
    """The parameters that make the customers likeliest; None where there are none.

    prior: the weight of the squares of the logarithms, which holds those that the customers say
        nothing about near zero; 0 for none.
    """
    scale = max((age for _, _, age in customers), default=0) / 10
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


def _by_weeks(customers: Counted) -> Counted:
    found: dict[tuple[int, int, int], int] = defaultdict(int)
    for (x, t, age), n in customers.items():
        found[x, t // WEEK * WEEK, age // WEEK * WEEK] += n
    return found


def _unlikelihood(customers: Counted, model: BuyingModel, scale: float) -> Smooth:
    """Minus the log likelihood of the logarithms of r, alpha, a and b, with time in `scale` days.

    log L of a customer, c = 1 for MBG and 0 for BG:

        log G(r + x) - log G(r) + r log alpha - (r + x) log(alpha + age)
        + log G(b + x + c) - log G(b) + log G(a + b) - log G(a + b + x + c)
        + log(1 + e^z),  z = log(a / (b + x + c - 1)) + (r + x) log((alpha + age) / (alpha + t))

    of which the last is nothing under BG where x = 0. All but z depends on x or age alone.
    """
    c = int(model == "mbg")
    times = sorted({time for _, t, age in customers for time in (t, age)})
    place = {time: i for i, time in enumerate(times)}
    scaled = [time / scale for time in times]
    by_x: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    by_age: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for (x, t, age), n in sorted(customers.items()):
        by_x[x].append((n, place[t], place[age]))
        by_age[place[age]][0] += n
        by_age[place[age]][1] += n * x
    everybody = sum(n for n, _ in by_age.values())

    def function(logs: Sequence[float]) -> tuple[float, Vector, Matrix]:
        r, alpha, a, b = map(exp, logs)
        logarithm = [log(alpha + time) for time in scaled]
        inverse = [1 / (alpha + time) for time in scaled]
        value = [everybody * (r * log(alpha) - lgamma(r) - lgamma(b) + lgamma(a + b))]
        slope: list[list[float]] = [
            [everybody * (log(alpha) - digamma(r))],
            [everybody * r / alpha],
            [everybody * digamma(a + b)],
            [everybody * (digamma(a + b) - digamma(b))],
        ]
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
        for age, (n, purchases) in by_age.items():
            weight = r * n + purchases
            value.append(-weight * logarithm[age])
            slope[0].append(-n * logarithm[age])
            slope[1].append(-weight * inverse[age])
            bend[0, 1].append(-n * inverse[age])
            bend[1, 1].append(weight * inverse[age] ** 2)
        for x, rows in by_x.items():
            n = sum(row[0] for row in rows)
            stayed = b + x + c
            value.append(n * (lgamma(r + x) + lgamma(stayed) - lgamma(a + stayed)))
            slope[0].append(n * digamma(r + x))
            bend[0, 0].append(n * trigamma(r + x))
            slope[2].append(-n * digamma(a + stayed))
            slope[3].append(n * (digamma(stayed) - digamma(a + stayed)))
            left = -n * trigamma(a + stayed)
            bend[2, 2].append(left)
            bend[2, 3].append(left)
            bend[3, 3].append(n * trigamma(stayed) + left)
            if x or c:
                _add_left(rows, r + x, a, stayed - 1, logarithm, inverse, value, slope, bend)
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
    rows: Iterable[tuple[int, int, int]],
    rate: float,
    a: float,
    others: float,
    logarithm: Sequence[float],
    inverse: Sequence[float],
    value: list[float],
    slope: Sequence[list[float]],
    bend: Mapping[tuple[int, int], list[float]],
) -> None:
    """The part log(1 + e^z) of customers with equally many purchases: that they may have left."""
    start = log(a / others)
    likely, gone, torn = [], [], []
    later: tuple[list[float], ...] = ([], [], [], [], [], [], [], [])
    for n, t, age in rows:
        longer = logarithm[age] - logarithm[t]
        z = start + rate * longer
        if z > 0:
            power = exp(-z)
            s = 1 / (1 + power)
            likely.append(n * (z + log1p(power)))
        else:
            power = exp(z)
            s = power / (1 + power)
            likely.append(n * log1p(power))
        ns, i, j = n * s, inverse[age], inverse[t]
        nq, u = ns * (1 - s), i - j
        gone.append(ns)
        torn.append(nq)
        for terms, each in zip(
            later,
            (
                ns * longer,
                ns * u,
                ns * u * (i + j),
                nq * longer,
                nq * u,
                nq * longer * longer,
                nq * longer * u,
                nq * u * u,
            ),
            strict=True,
        ):
            terms.append(each)
    s0, q0 = fsum(gone), fsum(torn)
    s_longer, s_u, s_squares, q_longer, q_u, q_longer2, q_both, q_u2 = map(fsum, later)
    value.append(fsum(likely))
    slope[0].append(s_longer)
    slope[1].append(rate * s_u)
    slope[2].append(s0 / a)
    slope[3].append(-s0 / others)
    bend[0, 0].append(q_longer2)
    bend[0, 1].append(rate * q_both + s_u)
    bend[1, 1].append(rate * rate * q_u2 - rate * s_squares)
    bend[0, 2].append(q_longer / a)
    bend[0, 3].append(-q_longer / others)
    bend[1, 2].append(rate * q_u / a)
    bend[1, 3].append(-rate * q_u / others)
    bend[2, 2].append((q0 - s0) / (a * a))
    bend[2, 3].append(-q0 / (a * others))
    bend[3, 3].append((q0 + s0) / (others * others))
