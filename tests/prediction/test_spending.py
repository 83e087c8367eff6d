"""What a purchase is worth: what is published of CDNOW, and what must hold of any money."""

from __future__ import annotations

from importlib import import_module

import pytest

from crm_kpi.prediction import spending
from crm_kpi.prediction.spending import (
    EqualSpending,
    FittedSpending,
    GammaGamma,
    correlation,
    counted,
    fit_spending,
)

from . import cdnow

MEANS = cdnow.means()
COUNTED = counted(MEANS)


def fitted(prior: float) -> GammaGamma:
    found = fit_spending(COUNTED, prior)
    assert found is not None
    assert isinstance(found.spending, GammaGamma)
    return found.spending


def test_cdnow() -> None:
    found = fitted(0)
    assert (found.p, found.v) == (6.2488, 15.4477)
    assert found.q == pytest.approx(3.7446, abs=5e-5)
    assert found.log_likelihood(COUNTED) == pytest.approx(-4055.92, abs=0.005)
    assert found.worth(1, 0, 0) == pytest.approx(35.17, abs=0.005)
    for x, z, value in ((2, 22.35, 24.6586), (1, 11.77, 18.9114), (7, 73.74, 71.4628)):
        assert found.worth(1, x, x * z) == pytest.approx(value, abs=5.1e-5)
    assert fitted(0.1) == GammaGamma(6.15153, 3.75882, 15.7763)


@pytest.mark.filterwarnings("ignore")  # those of lifetimes, which is older than what it imports
def test_lifetimes_agrees() -> None:
    pandas, lifetimes = import_module("pandas"), import_module("lifetimes")
    rows = pandas.DataFrame([key for key, n in MEANS.items() for _ in range(n)])
    rows = rows[rows[1] > 0]
    theirs = lifetimes.GammaGammaFitter().fit(rows[0], rows[1]).params_
    ours = fitted(0)
    assert [ours.p, ours.q, ours.v] == pytest.approx([*theirs], rel=2e-3)


def test_customers_together_are_worth_what_each_is() -> None:
    found = fitted(0.1)
    each = found.worth(1, 3, 30) + found.worth(1, 3, 75)
    assert found.worth(2, 3, 105) == pytest.approx(each, rel=1e-14)


def test_slopes_are_those_of_the_value() -> None:
    point, tiny = [1.5, 0.8, -0.3], 1e-5
    means = {(x, z): n for (x, z), n in MEANS.items() if z > 0}
    function = spending._unlikelihood(counted(means), 30)
    _, gradient, curvature = function(point)
    for i in range(3):
        ends = [
            function([each + sign * tiny * (i == j) for j, each in enumerate(point)])
            for sign in (1, -1)
        ]
        assert gradient[i] == pytest.approx((ends[0][0] - ends[1][0]) / (2 * tiny), rel=1e-6)
        for j in range(3):
            slope = (ends[0][1][j] - ends[1][1][j]) / (2 * tiny)
            assert curvature[i][j] == pytest.approx(slope, rel=1e-6, abs=1e-3)


def test_the_currency_and_the_order_change_nothing() -> None:
    found = fitted(0.1)
    cents = fit_spending(counted({(x, 100 * z): n for (x, z), n in MEANS.items()}), 0.1)
    assert cents is not None
    assert isinstance(cents.spending, GammaGamma)
    assert (cents.spending.p, cents.spending.q) == (found.p, found.q)
    assert cents.spending.v == pytest.approx(100 * found.v, rel=1e-14)


def test_equal_purchases_need_no_model() -> None:
    equal = fit_spending(counted({(1, 9.9): 40, (3, 9.9): 2, (0, 0.0): 100}), 0.1)
    assert equal == FittedSpending(EqualSpending(9.9))
    assert equal.spending.worth(3, 1, 29.7) == pytest.approx(29.7)
    assert fit_spending(counted({(2, 0.0): 40}), 0.1) == FittedSpending(EqualSpending(0.0))


def test_correlation_of_how_often_with_how_much() -> None:
    assert correlation(counted({(1, 10.0): 5, (2, 20.0): 5})) == pytest.approx(1)
    assert correlation(counted({(1, 10.0): 5, (2, 10.0): 5, (0, 0.0): 9})) is None
    assert correlation(counted({})) is None
    assert correlation(COUNTED) == pytest.approx(0.11, abs=0.005)
