"""Customer Effort Score: mean and share, and scales that run the other way."""

from __future__ import annotations

from math import sqrt

import pytest

from crm_kpi.errors import ConfigError

from .rows import answer, scores

FOUR = scores("ces", 7, 7, 5, 1)
"""Mean 5; deviations 2, 2, 0 and -4: a variance of 24 / 3 = 8."""


def test_mean() -> None:
    result = answer("ces", {"surveys": FOUR}, "2024-03")
    assert (result.value, result.n, result.unit) == (5, 4, "score")
    assert result.components == {"mean": 5, "satisfied": 3}
    assert result.low == pytest.approx(5 - 1.96 * sqrt(8 / 4), abs=1e-3)
    assert result.high == 7  # the scale ends there


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("{method: share}", 75),  # 7, 7 and 5 are in the upper three
        ("{method: share, high_is_easy: false}", 25),  # turned round 1, 1, 3 and 7
        ("{high_is_easy: false}", 3),  # (1 + 1 + 3 + 7) / 4
        ("{method: share, scale: [1, 9]}", 50),  # from 7
        ("{high_is_easy: false, scale: [0, 7]}", 2),  # (0 + 0 + 2 + 6) / 4
    ],
)
def test_variants(definition: str, value: float) -> None:
    result = answer("ces", {"surveys": FOUR}, "2024-03", definition)
    assert result.value == value
    assert result.unit == ("percent" if "share" in definition else "score")


def test_one_answer_has_no_interval() -> None:
    result = answer("ces", {"surveys": scores("ces", 6, None)}, "2024-03")
    assert (result.value, result.n, result.low, result.high) == (6, 1, None, None)


@pytest.mark.parametrize("definition", ["{}", "{method: share}"])
def test_a_month_without_answers_is_no_number(definition: str) -> None:
    rows = scores("ces", 5, day="2024-01-04") + scores("nps", 5, day="2024-02-04")
    result = answer("ces", {"surveys": rows}, "2024-02", definition)
    assert (result.value, result.n, result.reason) == (None, 0, "no answers")


def test_a_scale_goes_up() -> None:
    with pytest.raises(ConfigError) as error:
        answer("ces", {"surveys": FOUR}, "2024-03", "{scale: [7, 1]}")
    assert "scale: should be the lowest and the highest score" in str(error.value.problems[0])
