"""What is forecast, once more from its docstrings: two theta lines, weights written out, sums of
fractions, and every band by looking at all errors."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from statistics import NormalDist, fmean, linear_regression
from typing import Any

from tests.oracle.periods import Period, containing

from .oracle import Table

SEASONS = {"day": 7, "week": 52, "month": 12, "quarter": 4}
Series = tuple[float, ...]


def last_season(values: Series, m: int, h: int) -> float:
    """The latest known value that lies whole seasons before the h-th period ahead."""
    return values[max(at for at in range(len(values)) if (len(values) - 1 + h - at) % m == 0)]


def with_growth(values: Series, m: int, h: int) -> float:
    now, then = math.fsum(values[-m:]), math.fsum(values[-2 * m : -m])
    ratio = now / then if now > 0 and then > 0 else 1.0
    return last_season(values, m, h) * math.sqrt(sorted((0.5, ratio, 2.0))[1])


@cache
def has_season(values: Series, m: int) -> bool:
    n, middle = len(values), fmean(values)
    if n <= 2 * m or len(set(values)) == 1:
        return False
    total = math.fsum((value - middle) ** 2 for value in values)

    def r(lag: int) -> float:
        pairs = ((values[t] - middle) * (values[t - lag] - middle) for t in range(lag, n))
        return math.fsum(pairs) / total

    noise = math.sqrt((1 + 2 * math.fsum(r(lag) ** 2 for lag in range(1, m))) / n)
    return abs(r(m)) > 1.645 * noise


@cache
def seasons_of(values: Series, m: int) -> list[float]:
    """By place: the distances from an average that reaches half a season to either side."""
    weights = dict.fromkeys(range(-(m // 2), m // 2 + 1), 1.0)
    if m % 2 == 0:
        weights[m // 2] = weights[-(m // 2)] = 0.5
    places: dict[int, list[float]] = {place: [] for place in range(m)}
    for t in range(m // 2, len(values) - m // 2):
        around = math.fsum(weight * values[t + offset] for offset, weight in weights.items()) / m
        places[t % m].append(values[t] - around)
    means = [fmean(places[place]) for place in range(m)]
    return [one - fmean(means) for one in means]


def level(values: Series, alpha: float) -> float:
    """Exponential smoothing as a sum of weights."""
    n = len(values)
    newer = (alpha * (1 - alpha) ** k * values[n - 1 - k] for k in range(n - 1))
    return math.fsum(newer) + (1 - alpha) ** (n - 1) * values[0]


@cache
def best_alpha(values: Series) -> float:
    def errors(alpha: float) -> float:
        at, squares = values[0], []
        for value in values[1:]:
            squares.append((value - at) ** 2)
            at = alpha * value + (1 - alpha) * at
        return math.fsum(squares)

    return min((round(0.05 * step, 2) for step in range(1, 20)), key=errors)


def theta(values: Series, m: int, h: int) -> float:
    """Half of a straight line, half of a series bent twice as much, smoothed."""
    if all(value > 0 for value in values):
        return math.exp(_theta(tuple(map(math.log, values)), m, h))
    return _theta(values, m, h)


def _theta(values: Series, m: int, h: int) -> float:
    n = len(values)
    season = seasons_of(values, m) if has_season(values, m) else [0.0] * m
    rest = tuple(value - season[t % m] for t, value in enumerate(values))
    line = linear_regression(range(n), rest)
    trend = [line.intercept + line.slope * t for t in range(n + h)]
    bent = tuple(2 * value - trend[t] for t, value in enumerate(rest))
    alpha = best_alpha(rest)
    return (trend[n - 1 + h] + level(bent, alpha)) / 2 + season[(n - 1 + h) % m]


def mix(values: Series, m: int, h: int) -> float:
    one, other = with_growth(values, m, h), theta(values, m, h)
    return math.sqrt(one * other) if min(values) > 0 else (one + other) / 2


METHODS: dict[str, Callable[[Series, int, int], float]] = {
    "mean": lambda values, m, h: fmean(values),
    "seasonal_naive": last_season,
    "seasonal_growth": with_growth,
    "theta": theta,
    "mix": mix,
}


def chosen(method: str, count: int, m: int) -> str:
    if method != "auto":
        return method
    return ["mean", "seasonal_naive", "seasonal_growth", "mix"][min(3, count // m)]


@cache
def ahead(values: Series, m: int, h: int, method: str) -> float:
    return METHODS[chosen(method, len(values), m)](values, m, h)


@cache
def errors(values: Series, m: int, method: str) -> tuple[float, ...]:
    """Those that could be known with these values, the smallest first."""
    positive, n, scores = min(values) > 0, len(values), []
    first = m if method == "auto" else m * {"seasonal_growth": 2, "mix": 2}.get(method, 1)
    for origin in range(max(first, n - 36), n):
        for step in range(1, min(m, n - origin) + 1):
            forecast, actual = ahead(values[:origin], m, step, method), values[origin + step - 1]
            error = math.log(actual) - math.log(forecast) if positive else actual - forecast
            scores.append(abs(error) / step**0.25)
    return tuple(sorted(scores))


def band(
    values: Series, m: int, h: int, method: str, level: Fraction
) -> tuple[float, float] | None:
    scores = errors(values, m, method)
    if len(scores) < 20:
        return None
    shares = [Fraction(rank, len(scores) + 1) for rank in range(1, len(scores) + 1)]
    width = scores[bisect_left(shares, level)] * h**0.25
    middle = ahead(values, m, h, method)
    if min(values) > 0:
        return middle / math.exp(width), middle * math.exp(width)
    return middle - width, middle + width


def tried(values: Series, m: int, method: str) -> list[tuple[float, float, int, int]]:
    """Actual value, forecast, origin and step of the last twelve origins."""
    n = len(values)
    origins = [o for o in range(n) if o >= 2 * m and o + m <= n][-12:]
    return [
        (values[o + h - 1], ahead(values[:o], m, h, method), o, h)
        for o in origins
        for h in range(1, m + 1)
    ]


def mae(values: Series, m: int, method: str) -> float | None:
    pairs = tried(values, m, method)
    return fmean(abs(actual - forecast) for actual, forecast, *_ in pairs) if pairs else None


def coverage(values: Series, m: int, method: str, level: Fraction) -> float | None:
    """By bands around what was forecast, as they were known then."""
    inside = []
    for actual, _, origin, step in tried(values, m, method):
        ends = band(values[:origin], m, step, method, level)
        if ends is not None:
            inside.append(ends[0] <= actual <= ends[1])
    return 100 * fmean(inside) if inside else None


def rows(
    metric: str, values: Series, last: Period, horizon: int, method: str, *, is_count: bool = False
) -> Table:
    """The forecast of values, the last of which is that of the period `last`."""
    m = SEASONS[last.every]
    ours, naive = mae(values, m, method), mae(values, m, "seasonal_naive")
    if method == "auto" and ours is not None and naive is not None and ours > naive:
        method = "seasonal_naive"
    table, period = [], last
    for h in range(1, horizon + 1):
        period = containing(period.end, last.every)
        wide = band(values, m, h, method, Fraction(95, 100)) or (None, None)
        narrow = band(values, m, h, method, Fraction(80, 100)) or (None, None)
        numbers: list[float | None] = [ahead(values, m, h, method), *wide, *narrow]
        if is_count:
            numbers = [one if one is None else max(0.0, one) for one in numbers]
        table.append(
            {
                "metric": metric,
                "period": period.label,
                "start": period.start,
                "end": period.end,
                **dict(zip(("value", "low", "high", "low_80", "high_80"), numbers, strict=True)),
                "method": chosen(method, len(values), m),
            }
        )
    return table


def backtest(metric: str, values: Series, m: int, method: str) -> Table:
    table = []
    for name in (method, "seasonal_naive"):
        pairs, ours, naive = (
            tried(values, m, name),
            mae(values, m, name),
            mae(values, m, "seasonal_naive"),
        )
        table.append(
            {
                "metric": metric,
                "method": name,
                "origins": len({origin for *_, origin, _ in pairs}),
                "mae": ours,
                "ratio": ours / naive if ours is not None and naive else None,
                "coverage_80": coverage(values, m, name, Fraction(80, 100)),
                "coverage_95": coverage(values, m, name, Fraction(95, 100)),
            }
        )
    return table


def pipeline(deals: Table, until: date, every: str, horizon: date, method: str) -> Table:
    """Open deals by when they are expected, of those with an amount and odds."""
    groups: dict[tuple[Any, ...], list[tuple[Fraction, Fraction]]] = {}
    for deal in deals:
        if deal["weighted"] is None:
            continue
        expected = deal["expected_close"]
        key: tuple[Any, ...]
        if expected is None:
            key = (3, "undated", None, None)
        elif expected < until:
            key = (1, "overdue", None, until)
        elif expected >= horizon:
            key = (2, "later", horizon, None)
        else:
            period = containing(expected, every)
            key = (0, period.label, period.start, period.end)
        groups.setdefault(key, []).append((Fraction(deal["amount"]), deal["weighted"]))
    table = []
    for key in sorted(groups, key=lambda key: (key[0], key[2] or date.min)):
        some = groups[key]
        variance = sum(
            amount**2 * (p := part / amount) * (1 - p) for amount, part in some if amount
        )
        worth, most = sum(part for _, part in some), sum(amount for amount, _ in some)
        ends = {}
        for name, share in (("", 0.975), ("_80", 0.9)):
            half = NormalDist().inv_cdf(share) * math.sqrt(variance)
            ends[f"low{name}"] = max(0.0, float(worth) - half)
            ends[f"high{name}"] = min(float(most), float(worth) + half)
        table.append(
            {
                "metric": "weighted_pipeline",
                "period": key[1],
                "start": key[2],
                "end": key[3],
                "value": float(worth),
                "low": ends["low"],
                "high": ends["high"],
                "low_80": ends["low_80"],
                "high_80": ends["high_80"],
                "method": method,
            }
        )
    return table


def whole(every: str, first: date, as_of: date) -> list[Period]:
    """The periods that begin with the first row or after it, and are over."""
    period = containing(first, every)
    if period.start < first:
        period = containing(period.end, every)
    periods = []
    while period.end <= as_of + timedelta(days=1):
        periods.append(period)
        period = containing(period.end, every)
    return periods
