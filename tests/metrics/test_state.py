"""Building blocks of answers."""

from __future__ import annotations

import pytest

from crm_kpi.metrics._state import wilson


@pytest.mark.parametrize("n", [2, 3, 7, 20, 49, 1000, 123_457])
def test_the_interval_of_none_begins_at_0_and_that_of_all_ends_at_100(n: int) -> None:
    low, high = wilson(0, n)
    assert low == 0.0
    assert wilson(n, n) == (pytest.approx(100 - high), 100.0)
    assert wilson(1, n)[0] > 0
    assert wilson(n - 1, n)[1] < 100
