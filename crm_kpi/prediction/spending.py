"""What a purchase is worth: the Gamma-Gamma model.

What a customer pays varies around a mean of their own; the means are spread over customers. Of
who has bought often, their own mean tells most; of who has not, that of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, fsum, lgamma, log, sqrt

from crm_kpi.prediction.newton import Matrix, Smooth, Vector, lowest, with_prior
from crm_kpi.prediction.special_functions import digamma, rounded, trigamma

Means = Mapping[tuple[int, float], int]
"""How many customers there are by their repeat purchases and what one of these was worth."""

MANY = 20_000
"""From so many customers on, those whose means are within a hundredth of each other are one."""
CELL = 0.01


@dataclass(frozen=True)
class GammaGamma:
    """Customers of a kind, by what their purchases are worth."""

    p: float
    q: float
    v: float

    def total(self, n: int, x: int, paid: float) -> float:
        """What the next purchases of n customers, one each, are worth; each has x repeat
        purchases, for which all have paid so much."""
        return self.p * (self.v * n + paid) / (self.p * x + self.q - 1)

    def log_likelihood(self, customers: Means) -> float:
        value, _, _ = _unlikelihood(customers, 1.0)([log(self.p), log(self.q - 1), log(self.v)])
        return -value


@dataclass(frozen=True)
class EqualSpending:
    """Customers whose purchases are all worth the same."""

    value: float

    def total(self, n: int, x: int, paid: float) -> float:
        """As that of `GammaGamma`."""
        return n * self.value


@dataclass(frozen=True)
class FittedSpending:
    """What customers say of the parameters; see `FittedBuying`."""

    spending: GammaGamma | EqualSpending
    errors: tuple[float, ...] = ()
    furthest: float = 0.0


def fit_spending(customers: Means, prior: float) -> FittedSpending | None:
    """The parameters that make the means likeliest; None where there are none.

    Only customers with a repeat purchase that was worth something say anything.
    """
    paid: Means = {(x, z): n for (x, z), n in customers.items() if x > 0 and z > 0}
    values = {z for _, z in paid}
    if len(values) < 2:
        return FittedSpending(EqualSpending(max(values, default=0.0)))
    middle = _median(paid)
    if sum(paid.values()) > MANY:
        paid = _in_cells(paid, middle)
    found = lowest(with_prior(_unlikelihood(paid, middle), prior), (0.0, 0.0, 0.0))
    if found is None:
        return None
    p, above, v = map(exp, found.point)
    spending = GammaGamma(rounded(p), rounded(1 + above), rounded(v * middle))
    if not (spending.q > 1 and all(1e-300 < each < 1e300 for each in (p, v * middle))):
        return None
    return FittedSpending(
        spending, tuple(map(rounded, found.errors)), rounded(max(map(abs, found.point)))
    )


def correlation(customers: Means) -> float | None:
    """That of how often with how much, of who came back; None where either never differs."""
    rows = [(x, z, n) for (x, z), n in sorted(customers.items()) if x > 0 and z > 0]
    total = sum(n for _, _, n in rows)
    if not total:
        return None
    often = fsum(n * x for x, _, n in rows) / total
    much = fsum(n * z for _, z, n in rows) / total
    spread_often = fsum(n * (x - often) ** 2 for x, _, n in rows)
    spread_much = fsum(n * (z - much) ** 2 for _, z, n in rows)
    if not (spread_often and spread_much):
        return None
    both = fsum(n * (x - often) * (z - much) for x, z, n in rows)
    return both / sqrt(spread_often * spread_much)


def _median(customers: Means) -> float:
    total, seen, before = sum(customers.values()), 0, None
    counts: dict[float, int] = defaultdict(int)
    for (_, z), n in customers.items():
        counts[z] += n
    for z in sorted(counts):
        if before is not None:
            return (before + z) / 2
        seen += counts[z]
        if 2 * seen > total:
            return z
        if 2 * seen == total:
            before = z
    raise AssertionError


def _in_cells(customers: Means, middle: float) -> Means:
    """The same with one mean for all who are within a hundredth of each other."""
    cells: dict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    for (x, z), n in sorted(customers.items()):
        cells[x, floor(log(z / middle) / CELL)].append((z, n))
    found = {}
    for (x, _), rows in cells.items():
        count = sum(n for _, n in rows)
        found[x, fsum(z * n for z, n in rows) / count] = count
    return found


def _unlikelihood(customers: Means, unit: float) -> Smooth:
    """Minus the log likelihood of log p, log(q - 1) and log v, with money in `unit`.

    log L of a customer with x repeat purchases, worth z each:

        log G(p x + q) - log G(p x) - log G(q) + q log v
        + (p x - 1) log z + p x log x - (p x + q) log(v + x z)
    """
    by_x: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (x, z), n in sorted(customers.items()):
        by_x[x].append((n, z / unit))
    logs_of_z = {x: fsum(n * log(z) for n, z in rows) for x, rows in by_x.items()}
    everybody = sum(n for rows in by_x.values() for n, _ in rows)

    def function(logs: Sequence[float]) -> tuple[float, Vector, Matrix]:
        p, above, v = map(exp, logs)
        q = 1 + above
        value = [everybody * (q * log(v) - lgamma(q))]
        dp: list[float] = []
        dq, dv = [everybody * (log(v) - digamma(q))], [everybody * q / v]
        pp: list[float] = []
        pq: list[float] = []
        pv: list[float] = []
        qq, qv = [-everybody * trigamma(q)], [everybody / v]
        vv = [-everybody * q / v**2]
        for x, rows in by_x.items():
            n = sum(row[0] for row in rows)
            sums = [(m, v + x * z) for m, z in rows]
            logarithm = fsum(m * log(each) for m, each in sums)
            inverse = fsum(m / each for m, each in sums)
            squares = fsum(m / each**2 for m, each in sums)
            shape = p * x + q
            value += [
                n * (lgamma(shape) - lgamma(p * x) + p * x * log(x)),
                (p * x - 1) * logs_of_z[x],
                -shape * logarithm,
            ]
            of_x = digamma(shape) - digamma(p * x) + log(x)
            dp.append(x * (n * of_x + logs_of_z[x] - logarithm))
            dq.append(n * digamma(shape) - logarithm)
            dv.append(-shape * inverse)
            both = n * trigamma(shape)
            pp.append(x * x * (both - n * trigamma(p * x)))
            pq.append(x * both)
            pv.append(-x * inverse)
            qq.append(both)
            qv.append(-inverse)
            vv.append(shape * squares)
        scales = p, above, v
        gradient = [-each * fsum(d) for each, d in zip(scales, (dp, dq, dv), strict=True)]
        second = ((pp, pq, pv), (pq, qq, qv), (pv, qv, vv))
        curvature = [
            [
                -scales[i] * scales[j] * fsum(second[i][j]) + (gradient[i] if i == j else 0.0)
                for j in range(3)
            ]
            for i in range(3)
        ]
        return -fsum(value), gradient, curvature

    return function
