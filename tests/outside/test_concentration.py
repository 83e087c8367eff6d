"""Revenue concentration, its curve and Gini coefficient against numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from .sample import Sample, in_period


def spent(sample: Sample, period: pd.Period | None = None) -> np.ndarray:
    """What each customer with a transaction spent, the most first."""
    lines = sample.lines
    if period is not None:
        lines = lines[in_period(lines["day"], period)]
    return np.sort(lines.groupby("customer")["amount"].sum().to_numpy())[::-1]


def gini(values: np.ndarray) -> float:
    """Half the mean difference of all pairs over the mean."""
    differences = np.abs(values[:, np.newaxis] - values[np.newaxis, :])
    return float(differences.mean() / (2 * values.mean()))


@pytest.mark.parametrize("every", ["month", "quarter", "year"])
@pytest.mark.parametrize("top", [20, 7])
def test_concentration(sample: Sample, every: str, top: int) -> None:
    name = "revenue_concentration"
    for period, result in sample.results(name, every, **{name: f"{{top: {top}}}"}).items():
        values = spent(sample, period)
        n, total = len(values), values.sum()
        best = values[: -(-top * n // 100)].sum()
        # In whole numbers: a sum that is 80 % exactly reaches it.
        enough = int(np.argmax(5 * values.cumsum() >= 4 * total)) + 1
        assert result.n == n, period
        assert result.value == pytest.approx(100 * best / total, rel=1e-9), period
        parts = result.components
        below_zero = int((values < 0).sum())
        assert (parts["revenue"], parts["below_zero"]) == (int(total), below_zero), period
        assert parts["customers_for_80"] == pytest.approx(100 * enough / n, rel=1e-9), period
        assert parts["gini"] == pytest.approx(gini(values), rel=1e-9), period


def test_curve(sample: Sample) -> None:
    rows = sample.table("concentration")
    values = spent(sample)
    so_far = values.cumsum() / values.sum()
    percents = np.arange(1, 101)
    assert [row["share_of_customers"] for row in rows] == list(percents)
    expected = 100 * so_far[-(-percents * len(values) // 100) - 1]
    assert [row["share_of_revenue"] for row in rows] == pytest.approx(list(expected), rel=1e-9)
    assert [row["gini"] for row in rows] == pytest.approx([gini(values)] * 100, rel=1e-9)
