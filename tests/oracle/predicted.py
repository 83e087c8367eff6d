"""What customers will be worth, once more: each customer by themselves, by the textbook's forms.

The likelihoods are written as their papers have them, customer by customer; the parameters are
found by slopes that are differences; purchases come from the hypergeometric function, which the
program avoids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from math import exp, inf, lgamma, log, log1p
from re import sub
from statistics import median
from typing import Any

from .common import Answer, Answers, Rows, customer_values, grid, inside, known
from .periods import DAY, Period


@dataclass(frozen=True)
class Buyer:
    x: int
    t: float
    T: float
    paid: Fraction
    historic: Fraction

    @property
    def z(self) -> float:
        return float(self.paid) / self.x if self.x else 0.0


def buyers(rows: Rows, until: date, free: bool) -> dict[str, Buyer]:
    days: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        if row["customer_id"] is not None and row["date"] < until:
            days[row["customer_id"]][row["date"]] += row["amount"]
    found = {}
    for who, amounts in days.items():
        bought = sorted(d for d, amount in amounts.items() if amount > 0 or (free and amount == 0))
        if bought:
            found[who] = Buyer(
                len(bought) - 1,
                (bought[-1] - bought[0]).days / 7,
                (until - DAY - bought[0]).days / 7,
                sum((Fraction(amounts[d]) for d in bought[1:]), Fraction(0)),
                sum(map(Fraction, amounts.values()), Fraction(0)),
            )
    return found


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def of_buying(model: str, p: Sequence[float], c: Buyer, unit: float) -> float:
    """Fader, Hardie and Lee 2005 (3); Batislam, Denizel and Filiztekin 2007, appendix."""
    r, alpha, a, b = p
    x, t, age = c.x, c.t / unit, c.T / unit
    both = lgamma(r + x) - lgamma(r) + r * log(alpha)
    stays = both + log_beta(a, b + x + (model == "mbg")) - log_beta(a, b)
    stays -= (r + x) * log(alpha + age)
    if model == "bg" and not x:
        return stays
    left = both + log_beta(a + 1, b + x - (model == "bg")) - log_beta(a, b)
    left -= (r + x) * log(alpha + t)
    top = max(stays, left)
    return top + log(exp(stays - top) + exp(left - top))


def of_spending(p: Sequence[float], x: int, z: float) -> float:
    """Fader and Hardie 2013 (1a)."""
    shape, q, v = p
    return (
        lgamma(shape * x + q) - lgamma(shape * x) - lgamma(q) + q * log(v)
        + (shape * x - 1) * log(z) + shape * x * log(x) - (shape * x + q) * log(v + x * z)
    )  # fmt: skip


def highest(function: Callable[[Sequence[float]], float], size: int) -> list[float]:
    """Where a function is highest: far off by simplex, then by differences of five points."""
    optimize, linear = import_module("scipy.optimize"), import_module("numpy.linalg")
    rough = optimize.minimize(
        lambda p: -function(p) if max(map(abs, p)) < 12 else inf,
        [0.0] * size,
        method="Nelder-Mead",
        options={"xatol": 1e-3, "fatol": 1e-5, "maxiter": 4000},
    )
    point = [float(each) for each in rough.x]
    h = 0.02

    def at(shift: dict[int, float]) -> float:
        return function([each + shift.get(i, 0) for i, each in enumerate(point)])

    for _ in range(6):
        slope = [
            (8 * (at({i: h}) - at({i: -h})) - at({i: 2 * h}) + at({i: -2 * h})) / (12 * h)
            for i in range(size)
        ]
        here = at({})
        bend = [
            [
                (at({i: h}) - 2 * here + at({i: -h})) / h**2
                if i == j
                else (at({i: h, j: h}) - at({i: h, j: -h}) - at({i: -h, j: h}) + at({i: -h, j: -h}))
                / (4 * h * h)
                for j in range(size)
            ]
            for i in range(size)
        ]
        point = [p - float(s) for p, s in zip(point, linear.solve(bend, slope), strict=True)]
    return point


def six_digits(value: float) -> float:
    return float(f"{value:.5e}")


def purchases(model: str, p: Sequence[float], c: Buyer, weeks: float) -> float:
    """Fader, Hardie and Lee 2005 (10), and the same for MBG; a must not be 1."""
    r, alpha, a, b = p
    b += model == "mbg"
    curve = import_module("scipy.special").hyp2f1(
        r + c.x, b + c.x, a + b + c.x - 1, weeks / (alpha + c.T + weeks)
    )
    shrunk = exp((r + c.x) * log((alpha + c.T) / (alpha + c.T + weeks)))
    return (a + b + c.x - 1) / (a - 1) * (1 - shrunk * float(curve)) * alive(model, p, c)


def alive(model: str, p: Sequence[float], c: Buyer) -> float:
    r, alpha, a, b = p
    if model == "bg" and not c.x:
        return 1.0
    others = b + c.x - (model == "bg")
    return 1 / (1 + a / others * exp((r + c.x) * log1p((c.T - c.t) / (alpha + c.t))))


def months_after(day: date, months: int) -> date:
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))


def clv_predicted(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    model: str = "mbg",
    months: int = 12,
    discount: float = 0.1,
    prior: float = 0.1,
    free: bool = False,
    by: Sequence[str] = (),
) -> Answers:
    """What a customer has brought, and will bring; n counts the customers with a purchase."""
    rows = known(transactions, "date", as_of)
    values = [customer_values(customers, column) for column in by]
    answers: Answers = {}
    for period in periods:
        until = period.boundary(as_of)
        found = buyers(rows, until, free)
        place = {who: tuple(value.get(who) for value in values) for who in found}
        future = _future([*found.values()], until - DAY, model, months, discount, prior)
        for segment in grid(place.values()):
            mine = [(c, c_id) for c_id, c in found.items() if inside(place[c_id], segment)]
            n = len(mine)
            components: dict[str, Any] = {
                "historic": sum((c.historic for c, _ in mine), Fraction(0)),
                "repeat_customers": sum(c.x > 0 for c, _ in mine),
            }
            value = None
            if future is not None and n:
                components["future"] = sum(future(c)[0] for c, _ in mine)
                components["expected_purchases"] = sum(future(c)[1] for c, _ in mine)
                value = float(components["historic"] / n) + components["future"] / n
            answers[period, segment] = Answer(value, n, components)
    return answers


def expected_churn(
    periods: Sequence[Period],
    as_of: date,
    transactions: Rows,
    customers: Rows = (),
    *,
    model: str = "mbg",
    days: int = 90,
    prior: float = 0.1,
    free: bool = False,
    by: Sequence[str] = (),
) -> Answers:
    """The mean chance to buy nothing, in percent: L(x, t, T + h) / L(x, t, T)."""
    rows = known(transactions, "date", as_of)
    values = [customer_values(customers, column) for column in by]
    answers: Answers = {}
    for period in periods:
        found = buyers(rows, period.boundary(as_of), free)
        place = {who: tuple(value.get(who) for value in values) for who in found}
        fitted = fitted_buying([*found.values()], model, prior)
        for segment in grid(place.values()):
            mine = [c for who, c in found.items() if inside(place[who], segment)]
            if fitted is None or not mine:
                answers[period, segment] = Answer(None, len(mine))
                continue
            lost = sum(risk(model, fitted, c, days) for c in mine)
            parts = {"expected_lost": lost}
            answers[period, segment] = Answer(100 * lost / len(mine), len(mine), parts)
    return answers


def risk(model: str, p: Sequence[float], c: Buyer, days: int) -> float:
    later = replace(c, T=c.T + days / 7)
    return exp(of_buying(model, p, later, 1) - of_buying(model, p, c, 1))


def churn_risk(rows: Rows, as_of: date) -> list[dict[str, Any]]:
    """Everybody, the likeliest to be lost first."""
    found = buyers(known(rows, "date", as_of), as_of + DAY, free=False)
    fitted = fitted_buying([*found.values()], "mbg", 0.1)
    assert fitted is not None
    made = []
    for who, c in found.items():
        lost, idle = risk("mbg", fitted, c, 90), round((c.T - c.t) * 7)
        said = f"bought once, {idle} days ago"
        if c.x:
            gap = round(c.t * 7 / c.x)
            said = f"last bought {idle} days ago, every {gap} days before that ({c.x} repeat "
            said += "purchases)"
        if c.x == 1:
            said = f"last bought {idle} days ago, {gap} days after the first time (1 repeat "
            said += "purchase)"
        said = sub(r"\b1 days", "1 day", said)
        made.append(
            {
                "customer_id": who,
                "risk": lost,
                "p_alive": alive("mbg", fitted, c),
                "p_active": 1 - lost,
                "frequency": c.x,
                "last_purchase_days": idle,
                "usual_gap": c.t * 7 / c.x if c.x else None,
                "reason": said,
            }
        )
    return sorted(made, key=lambda row: (-row["risk"], row["customer_id"]))


def customers_value(rows: Rows, as_of: date) -> list[dict[str, Any]]:
    """What each will bring, by their ids."""
    found = buyers(known(rows, "date", as_of), as_of + DAY, free=False)
    everybody = [*found.values()]
    fitted, worth = fitted_buying(everybody, "mbg", 0.1), fitted_spending(everybody, 0.1)
    future = _future(everybody, as_of, "mbg", 12, 0.1, 0.1)
    assert fitted is not None
    assert future is not None
    p, q, v = worth
    return [
        {
            "customer_id": who,
            "frequency": c.x,
            "recency": c.t,
            "T": c.T,
            "p_alive": alive("mbg", fitted, c),
            "expected_purchases": future(c)[1],
            "expected_value": p * (v + float(c.paid)) / (p * c.x + q - 1),
            "future": future(c)[0],
            "historic": c.historic,
        }
        for who, c in sorted(found.items())
    ]


def fitted_buying(everybody: Sequence[Buyer], model: str, prior: float) -> list[float] | None:
    """r, alpha in weeks, a and b; None where too few can say."""
    if len(everybody) < 100 or sum(c.x > 0 for c in everybody) < 30:
        return None
    unit = max(c.T for c in everybody) / 10
    logs = highest(
        lambda p: (
            sum(of_buying(model, [*map(exp, p)], c, unit) for c in everybody)
            - prior * sum(each * each for each in p)
        ),
        4,
    )
    r, alpha, a, b = map(exp, logs)
    return [*map(six_digits, (r, alpha * unit, a, b))]


def fitted_spending(everybody: Sequence[Buyer], prior: float) -> tuple[float, float, float]:
    """p, q and v."""
    back = [(c.x, c.z) for c in everybody if c.x and c.z > 0]
    middle = median(z for _, z in back)
    logs = highest(
        lambda p: (
            sum(of_spending([exp(p[0]), 1 + exp(p[1]), exp(p[2]) * middle], x, z) for x, z in back)
            - prior * sum(each * each for each in p)
        ),
        3,
    )
    p, q, v = (six_digits(each) for each in (exp(logs[0]), 1 + exp(logs[1]), exp(logs[2]) * middle))
    return p, q, v


def _future(
    everybody: Sequence[Buyer], day: date, model: str, months: int, discount: float, prior: float
) -> Callable[[Buyer], tuple[float, float]] | None:
    """What a customer will bring, and how often they will buy; None where too few can say."""
    buying = fitted_buying(everybody, model, prior)
    if buying is None:
        return None
    p, q, v = fitted_spending(everybody, prior)
    ends = [(months_after(day, k) - day).days for k in range(months + 1)]

    def future(c: Buyer) -> tuple[float, float]:
        bought = [purchases(model, buying, c, end / 7) if end else 0.0 for end in ends]
        worth = p * (v + float(c.paid)) / (p * c.x + q - 1)
        counted = sum(
            (bought[k] - bought[k - 1]) * (1 + discount) ** (-(ends[k - 1] + ends[k]) / 2 / 365)
            for k in range(1, months + 1)
        )
        return counted * worth, bought[-1]

    return future
