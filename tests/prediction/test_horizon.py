"""Discounting: by calendar months, and money comes halfway through each."""

from __future__ import annotations

from datetime import date

import pytest

from crm_kpi.durations import parse_duration
from crm_kpi.prediction.horizon import Step, steps


def test_a_year_from_the_last_day_of_one() -> None:
    found = steps(date(2024, 12, 31), parse_duration("12 months"), 0.1)
    ends = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]
    assert [step.days for step in found] == ends
    assert found[0].factor == pytest.approx(1.1 ** (-15.5 / 365), rel=1e-14)
    assert found[0].factor == pytest.approx(0.995961, abs=5e-7)
    assert found[-1].factor == pytest.approx(0.912778, abs=5e-7)
    assert sum(step.factor for step in found) / 12 == pytest.approx(0.954019, abs=5e-7)


def test_days_are_one_step_and_nothing_is_discounted_by_nothing() -> None:
    assert steps(date(2024, 2, 28), parse_duration("90d"), 0) == [Step(90, 1)]
    assert [step.days for step in steps(date(2024, 1, 31), parse_duration("2 months"), 0)] == [
        29,
        60,
    ]
