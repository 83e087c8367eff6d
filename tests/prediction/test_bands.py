"""Bands of earlier errors, counted by hand."""

from __future__ import annotations

from math import e, exp, log

import pytest

from crm_kpi.prediction.bands import Bands
from crm_kpi.prediction.forecasting import Past


def test_errors_grow_with_the_fourth_root() -> None:
    """If 95 % of the scores are at most .1, the sixteenth month has e^+-.2."""
    bands = Bands([0.1] * 95 + [0.5] * 5, by_ratio=True)
    assert bands.around(100, 1, 95) == pytest.approx((100 * exp(-0.5), 100 * exp(0.5)))
    bands = Bands([0.1] * 96 + [0.5] * 4, by_ratio=True)  # the 96th of 100 is the 95 % one
    assert bands.around(100, 1, 95) == pytest.approx((100 * exp(-0.1), 100 * exp(0.1)))
    assert bands.around(100, 16, 95) == pytest.approx((100 * exp(-0.2), 100 * exp(0.2)))


@pytest.mark.parametrize(
    ("count", "level", "rank"), [(20, 95, 20), (20, 80, 17), (39, 95, 38), (100, 80, 81)]
)
def test_which_score_it_is(count: int, level: int, rank: int) -> None:
    bands = Bands([float(number) for number in range(1, count + 1)], by_ratio=False)
    assert bands.around(0, 1, level) == (-rank, rank)


def test_nineteen_scores_are_too_few() -> None:
    assert Bands([1.0] * 19, by_ratio=True).around(5, 1, 80) == (None, None)


def test_the_scores_of_a_past() -> None:
    """Seasons of two; from origin 2 on the last two values come again."""
    values = [1.0, e, 1, e, e, e]
    bands = Bands.of(Past(values, 2, "seasonal_naive"))
    # 2: 1 and e come, none is off. 3: e, 1 forecast, e, e came: 0 and 1 / 2^(1/4).
    # 4: 1, e forecast, e, e came: 1, 0. 5: e forecast, e came: 0.
    assert bands.scores == pytest.approx([0, 0, 0, 0, 0, 2**-0.25, 1])
    plain = Bands.of(Past([value - 1 for value in values], 2, "seasonal_naive"))
    assert plain.scores == pytest.approx([0, 0, 0, 0, 0, (e - 1) * 2**-0.25, e - 1])
    assert (bands.by_ratio, plain.by_ratio) == (True, False)


def test_only_the_last_origins_count_and_nothing_after_the_asked_one() -> None:
    quiet = [100.0] * 60
    early = Past([5.0, *quiet], 12, "seasonal_naive")  # the first that is looked at is 25
    assert max(Bands.of(early).scores) == 0
    wild = Past([*quiet, 999.0], 12)
    assert max(Bands.of(wild, 60).scores) == pytest.approx(0)
    assert max(Bands.of(wild).scores) == pytest.approx(log(9.99))
