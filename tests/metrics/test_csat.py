"""Customer Satisfaction Score: who is satisfied on which scale."""

from __future__ import annotations

import pytest

from crm_kpi.errors import ConfigError

from .rows import answer, scores


def test_four_of_five_are_satisfied() -> None:
    rows = [*scores("csat", 5, 4, 4, 5, 2, None), *scores("nps", 9)]
    result = answer("csat", {"surveys": rows}, "2024-03")
    assert (result.value, result.n) == (80, 5)
    assert result.components == {"satisfied": 4, "mean": 4}  # 20 / 5
    # Wilson: (0.8 + 0.3841) / 1.7683 +- 1.96 x sqrt(0.032 + 0.0384) / 1.7683
    assert (result.low, result.high) == pytest.approx((37.55, 96.38), abs=0.01)


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("{}", 60),  # 4, 5, 3 of the scale 1 to 5 count from 4: the 4, the 5 and the other 5
        ("{satisfied: 3}", 80),
        ("{satisfied: 5}", 40),
        ("{scale: [1, 3]}", 80),  # from 3
        ("{scale: [1, 7]}", 0),  # from 6
        ("{scale: [1, 10]}", 0),  # from 9
        ("{scale: [1, 10], satisfied: 2}", 100),
    ],
)
def test_the_bound_follows_the_scale(definition: str, value: float) -> None:
    rows = scores("csat", 4, 5, 5, 3, 2)
    assert answer("csat", {"surveys": rows}, "2024-03", definition).value == value


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        ("{scale: [0, 4]}", "satisfied has no default on this scale: set it"),
        ("{satisfied: 6}", "satisfied should lie inside the scale"),
        ("{satisfied: 1}", "satisfied should lie inside the scale"),
        ("{scale: [5, 1]}", "scale: should be the lowest and the highest score"),
    ],
)
def test_bounds_that_mean_nothing(definition: str, problem: str) -> None:
    with pytest.raises(ConfigError) as error:
        answer("csat", {"surveys": scores("csat", 4)}, "2024-03", definition)
    assert problem in str(error.value.problems[0])


def test_a_month_without_answers_is_no_number() -> None:
    rows = scores("csat", 5, day="2024-01-04")
    result = answer("csat", {"surveys": rows}, "2024-02")
    assert (result.value, result.n, result.reason) == (None, 0, "no answers")
    assert result.components == {"satisfied": 0, "mean": None}
