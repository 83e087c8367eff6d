"""What a purchase is worth: the Gamma-Gamma model.

What a customer pays varies around a mean of their own; the means are spread over customers. Of
who has bought often, their own mean tells most; of who has not, that of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, fsum, lgamma, log, sqrt
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.prediction.in_memory import table
from crm_kpi.prediction.newton import Matrix, Smooth, Vector, lowest, with_prior
from crm_kpi.prediction.special_functions import digamma, rounded, trigamma

MANY = 20_000
"""Above so many customers those whose means are within a hundredth of each other can be one."""
CELL = 0.01
ALIKE = 1e-9


def counted(customers: Mapping[tuple[int, float], int]) -> nw.DataFrame[Any]:
    """How many customers there are (n) by x, their repeat purchases, and z, what one of these was
    worth to them."""
    rows = [(*alike, n) for alike, n in sorted(customers.items())]
    return table(x=[r[0] for r in rows], z=[r[1] for r in rows], n=[r[2] for r in rows])


@dataclass(frozen=True)
class GammaGamma:
    """Customers of a kind, by what their purchases are worth."""

    p: float
    q: float
    v: float

    def worth(self, n: Any, x: Any, paid: Any) -> Any:
        """What the next purchases of n customers, one each, are worth; each has x repeat
        purchases, for which all have paid so much. Of numbers, or of columns."""
        return self.p * (self.v * n + paid) / (self.p * x + (self.q - 1))

    def log_likelihood(self, customers: nw.DataFrame[Any]) -> float:
        value, _, _ = _unlikelihood(customers, 1.0)([log(self.p), log(self.q - 1), log(self.v)])
        return -value


@dataclass(frozen=True)
class EqualSpending:
    """Customers whose purchases are all worth the same."""

    value: float

    def worth(self, n: Any, x: Any, paid: Any) -> Any:
        """As that of `GammaGamma`."""
        return n * self.value


@dataclass(frozen=True)
class FittedSpending:
    """What customers say of the parameters; see `FittedBuying`."""

    spending: GammaGamma | EqualSpending
    errors: tuple[float, ...] = ()
    furthest: float = 0.0


def fit_spending(customers: nw.DataFrame[Any], prior: float) -> FittedSpending | None:
    """The parameters that make the means of customers, `counted`, likeliest; None where there are
    none.

    Only customers with a repeat purchase that was worth something say anything.
    """
    paid = customers.filter(nw.col("x") > 0, nw.col("z") > 0).sort("x", "z", "n")
    values = paid["z"].to_list()
    highest = max(values, default=0.0)
    if highest - min(values, default=0.0) <= ALIKE * highest:
        return FittedSpending(EqualSpending(highest))
    middle = _median(paid)
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


def correlation(customers: nw.DataFrame[Any]) -> float | None:
    """That of how often with how much, of who came back; None where either never differs."""
    paid = customers.filter(nw.col("x") > 0, nw.col("z") > 0).sort("x", "z", "n")
    rows = paid.select("x", "z", "n").rows()
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


def _median(customers: nw.DataFrame[Any]) -> float:
    """The middle one of the means; between two of them, halfway."""
    counts = customers.group_by("z").agg(nw.col("n").sum()).sort("z").rows()
    total, seen = sum(n for _, n in counts), 0
    for (z, n), (following, _) in pairwise([*counts, counts[-1]]):
        seen += n
        if 2 * seen > total:
            return float(z)
        if 2 * seen == total:
            return float(z + following) / 2
    raise AssertionError


def _unlikelihood(customers: nw.DataFrame[Any], unit: float) -> Smooth:
    """Minus the log likelihood of log p, log(q - 1) and log v, with money in `unit`.

    log L of a customer with x repeat purchases, worth z each:

        log G(p x + q) - log G(p x) - log G(q) + q log v
        + (p x - 1) log z + p x log x - (p x + q) log(v + x z)
    """
    x, n, worth = nw.col("x"), nw.col("n"), nw.col("z") / unit
    rows = customers.sort("x", "z").select("x", "n", total=x * worth, log_z=worth.log())
    log_z = n * nw.col("log_z")
    by_x = rows.group_by("x").agg(n.sum()).sort("x").rows()
    (logs_of_z, weighted) = rows.select(all=log_z.sum(), by_x=(x * log_z).sum()).row(0)
    everybody = sum(m for _, m in by_x)
    times, often, total = rows["x"], rows["n"], rows["total"]

    def function(logs: Sequence[float]) -> tuple[float, Vector, Matrix]:
        p, above, v = map(exp, logs)
        q = 1 + above
        shape, paid = times * p + q, total + v
        logarithm, inverse = paid.log() * often, often / paid
        value = [
            everybody * (q * log(v) - lgamma(q)),
            p * weighted - logs_of_z,
            -(shape * logarithm).sum(),
        ]
        dp = [weighted, -(times * logarithm).sum()]
        dq = [everybody * (log(v) - digamma(q)), -logarithm.sum()]
        dv = [everybody * q / v, -(shape * inverse).sum()]
        pp: list[float] = []
        pq: list[float] = []
        pv = [-(times * inverse).sum()]
        qq = [-everybody * trigamma(q)]
        qv = [everybody / v, -inverse.sum()]
        vv = [-everybody * q / v**2, (shape * inverse / paid).sum()]
        for x, m in by_x:
            mine, whole = p * x, p * x + q
            value.append(m * (lgamma(whole) - lgamma(mine) + mine * log(x)))
            dp.append(m * x * (digamma(whole) - digamma(mine) + log(x)))
            dq.append(m * digamma(whole))
            both = m * trigamma(whole)
            pp.append(x * x * (both - m * trigamma(mine)))
            pq.append(x * both)
            qq.append(both)
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
