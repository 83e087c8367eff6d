"""Buying and dropping out: what is published of it, and what holds without any formula."""

from __future__ import annotations

from importlib import import_module
from math import exp, log

import pytest

from crm_kpi.prediction import buying
from crm_kpi.prediction.buying import Buying, BuyingModel, counted, fit_buying

from . import cdnow

BG = Buying("bg", 0.243, 4.414, 0.793, 2.426)
MBG = Buying("mbg", 0.5248, 6.1831, 0.8914, 1.6140)
CUSTOMERS = cdnow.customers()


def expected(which: Buying, x: int, t: float, age: float, weeks: float) -> float:
    (found,) = which.purchases_while_alive(x, age, [weeks])
    return which.alive(x, t, age) * found


@pytest.mark.parametrize(
    ("which", "x", "t", "alive", "buys", "purchases"),
    [
        (BG, 0, 0, 1, 0.144551, 0.195098),
        (BG, 2, 30.43, 0.726579, 0.554627, 1.226028),  # Fader, Hardie, Lee: 1.226
        (BG, 7, 29.43, 0.641756, 0.635642, 3.337053),
        (MBG, 0, 0, 0.389725, 0.108791, 0.153945),
        (MBG, 2, 30.43, 0.706118, 0.559909, 1.262627),
        (MBG, 7, 29.43, 0.622630, 0.616929, 3.166710),
    ],
)
def test_a_customer(
    which: Buying, x: int, t: float, alive: float, buys: float, purchases: float
) -> None:
    assert which.alive(x, t, 38.86) == pytest.approx(alive, abs=5.1e-7)
    assert which.buys(x, t, 38.86, 39) == pytest.approx(buys, abs=5.1e-7)
    assert expected(which, x, t, 38.86, 39) == pytest.approx(purchases, abs=5.1e-7)


def test_purchases_where_the_textbook_has_none() -> None:
    divides_by_nothing = Buying("bg", 0.24, 4.4, 1, 2.4)
    assert expected(divides_by_nothing, 3, 20, 39, 39) == pytest.approx(0.928866, abs=5e-7)
    nearly_all_leave_or_none = Buying("bg", 0.11, 2.24, 0.31, 0.5)
    assert expected(nearly_all_leave_or_none, 0, 0, 1, 30) == pytest.approx(0.564589, abs=5e-7)
    ten_years = Buying("bg", 0.25, 4, 0.8, 2.5)
    assert expected(ten_years, 300, 38.5, 38.86, 520) == pytest.approx(982.2662, abs=1e-4)


@pytest.mark.parametrize("a", [5e-9, 1e-3, 0.05, 40, 3000])
def test_purchases_of_who_hardly_leaves_or_leaves_at_once(a: float) -> None:
    """Few weeks bring rate x weeks purchases, whatever the chance to drop out."""
    (found,) = Buying("mbg", 0.5, 6, a, 2).purchases_while_alive(3, 20, [1e-9])
    assert found == pytest.approx(3.5 * 1e-9 / 26, rel=1e-6)
    # Nobody leaves: a negative binomial.
    (stays,) = Buying("bg", 0.5, 6, 5e-12, 2).purchases_while_alive(3, 20, [13])
    assert stays == pytest.approx(3.5 * 13 / 26, rel=1e-9)


@pytest.mark.parametrize("which", [BG, MBG], ids=lambda which: which.model)
@pytest.mark.parametrize(("x", "t"), [(0, 0), (1, 70), (2, 213), (7, 206)])
def test_who_buys_nothing_is_seen_longer_with_the_same_purchases(
    which: Buying, x: int, t: int
) -> None:
    """P(no purchase in the next h) = L(x, t, age + h) / L(x, t, age)."""
    later = which.log_likelihood(counted({(x, t, 272 + 273): 1}))
    ratio = exp(later - which.log_likelihood(counted({(x, t, 272): 1})))
    assert 1 - which.buys(x, t / 7, 272 / 7, 39) == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "prior", "parameters", "likelihood", "purchases", "alive", "buys"),
    [
        ("bg", 0, (0.242595, 4.41360, 0.792922, 2.42591), -9582.43, 1653.4, 0.81344, 0.26179),
        ("bg", 0.1, (0.242747, 4.41618, 0.786112, 2.39783), -9582.43, 1655.4, 0.81340, 0.26185),
        ("mbg", 0, (0.524843, 6.18309, 0.891359, 1.61400), -9582.14, 1576.7, 0.44872, 0.24003),
        ("mbg", 0.1, (0.527775, 6.19984, 0.886770, 1.59397), -9582.14, 1577.3, 0.44692, 0.23982),
    ],
)
def test_cdnow(
    model: BuyingModel,
    prior: float,
    parameters: tuple[float, ...],
    likelihood: float,
    purchases: float,
    alive: float,
    buys: float,
) -> None:
    found = fit_buying(counted(CUSTOMERS), model, prior)
    assert found is not None
    which = found.buying
    assert (which.r, which.alpha, which.a, which.b) == parameters
    assert which.log_likelihood(counted(CUSTOMERS)) == pytest.approx(likelihood, abs=0.005)

    sums = [0.0, 0.0, 0.0]
    for (x, t, age), n in CUSTOMERS.items():
        sums[0] += n * expected(which, x, t / 7, age / 7, 39)
        sums[1] += n * which.alive(x, t / 7, age / 7) / 2357
        sums[2] += n * which.buys(x, t / 7, age / 7, 39) / 2357
    assert sums[0] == pytest.approx(purchases, abs=0.05)
    assert sums[1:] == pytest.approx([alive, buys], abs=5e-6)


def test_standard_errors() -> None:
    found = fit_buying(counted(CUSTOMERS), "bg", 0)
    assert found is not None
    assert found.errors == pytest.approx((0.052, 0.086, 0.234, 0.291), abs=5e-4)
    assert found.furthest == pytest.approx(max(abs(log(0.242595)), log(2.42591)), rel=1e-5)


@pytest.mark.filterwarnings("ignore")  # those of lifetimes, which is older than what it imports
@pytest.mark.parametrize(
    ("model", "fitter"), [("bg", "BetaGeoFitter"), ("mbg", "ModifiedBetaGeoFitter")]
)
def test_lifetimes_agrees(model: BuyingModel, fitter: str) -> None:
    """To the digits to which it converges; it has no prior."""
    pandas, lifetimes = import_module("pandas"), import_module("lifetimes")
    rows = pandas.DataFrame([key for key, n in CUSTOMERS.items() for _ in range(n)])
    theirs = getattr(lifetimes, fitter)().fit(rows[0], rows[1] / 7, rows[2] / 7).params_
    ours = fit_buying(counted(CUSTOMERS), model, 0)
    assert ours is not None
    for name in ("r", "alpha", "a", "b"):
        assert getattr(ours.buying, name) == pytest.approx(theirs[name], rel=2e-3)


@pytest.mark.parametrize("model", ["bg", "mbg"])
def test_slopes_are_those_of_the_value(model: BuyingModel) -> None:
    point, tiny = [-0.7, 0.4, -0.1, 0.5], 1e-5
    function = buying._unlikelihood(counted(CUSTOMERS), model, 27)
    _, gradient, curvature = function(point)
    for i in range(4):
        ends = [
            function([each + sign * tiny * (i == j) for j, each in enumerate(point)])
            for sign in (1, -1)
        ]
        assert gradient[i] == pytest.approx((ends[0][0] - ends[1][0]) / (2 * tiny), rel=1e-6)
        for j in range(4):
            slope = (ends[0][1][j] - ends[1][1][j]) / (2 * tiny)
            assert curvature[i][j] == pytest.approx(slope, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("model", ["bg", "mbg"])
def test_the_unit_of_time_and_the_order_change_nothing(model: BuyingModel) -> None:
    found = fit_buying(counted(CUSTOMERS), model, 0.1)
    assert found is not None
    assert fit_buying(counted(CUSTOMERS).sort("n", "t"), model, 0.1) == found
    slow = {(x, 7 * t, 7 * age): n for (x, t, age), n in CUSTOMERS.items()}
    slower = fit_buying(counted(slow), model, 0.1)
    assert slower is not None
    assert slower.buying.alpha == pytest.approx(7 * found.buying.alpha, rel=2e-6)
    assert (slower.buying.r, slower.buying.a) == (found.buying.r, found.buying.a)


def test_a_first_guess_by_weeks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fit_buying(counted(CUSTOMERS), "mbg", 0.1)
    monkeypatch.setattr(buying, "MANY", 10)
    assert fit_buying(counted(CUSTOMERS), "mbg", 0.1) == found


def test_nobody_and_nobody_for_longer_than_a_day() -> None:
    assert fit_buying(counted({}), "mbg", 0.1) is None
    assert fit_buying(counted({(0, 0, 0): 100}), "mbg", 0.1) is None


def test_the_prior_holds_what_customers_say_nothing_about() -> None:
    """Everybody buys every ten days and nobody leaves: without a prior, a runs to nothing."""
    steady = {(10, 100, 100 + i): 20 for i in range(8)}
    held, free = fit_buying(counted(steady), "bg", 0.1), fit_buying(counted(steady), "bg", 0)
    assert held is not None
    assert held.furthest < 6
    assert free is None or free.furthest > 6
