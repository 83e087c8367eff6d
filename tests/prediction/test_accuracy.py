"""How well chances were told, by hand."""

from __future__ import annotations

import pytest

from crm_kpi.prediction.accuracy import ChanceOutcome, auc, brier, expected, observed, skill

SOME = [ChanceOutcome(0.9, 1), ChanceOutcome(0.5, 0, 2), ChanceOutcome(0.5, 1), ChanceOutcome(0, 0)]


def test_by_hand() -> None:
    assert observed(SOME) == 2 / 5
    assert expected(SOME) == pytest.approx(2.4 / 5)
    assert brier(SOME) == pytest.approx((0.01 + 3 * 0.25) / 5)
    assert skill(SOME) == pytest.approx(1 - 0.152 / 0.24)
    # Pairs of one who did and one who did not: 6, of which 4 in order and 2 equal.
    assert auc(SOME) == pytest.approx(5 / 6)


def test_where_it_happened_to_all_or_none() -> None:
    for happened in (0, 1):
        alike = [ChanceOutcome(0.3, happened, 4)]
        assert skill(alike) is None
        assert auc(alike) is None
    assert observed([]) is expected([]) is brier([]) is None
