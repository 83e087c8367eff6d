"""Proportions and their Wilson intervals against scipy, hits and n counted by pandas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from .sample import FREQUENCY, Sample, in_period

Count = Callable[[Sample, pd.Period], tuple[int, int]]
"""Hits and n of a period."""


def kept(sample: Sample, period: pd.Period) -> tuple[int, int]:
    people = sample.customers
    start = people["signup"] < period.start_time
    start &= ~(people["churn"] < period.start_time)
    return int((start & ~(people["churn"] <= period.end_time)).sum()), int(start.sum())


def lost(sample: Sample, period: pd.Period) -> tuple[int, int]:
    stayed, start = kept(sample, period)
    return start - stayed, start


def repeat(sample: Sample, period: pd.Period) -> tuple[int, int]:
    orders = sample.orders
    counts = orders[in_period(orders["day"], period)].groupby("customer").size()
    return int((counts >= 2).sum()), len(counts)


def repeat_ever(sample: Sample, period: pd.Period) -> tuple[int, int]:
    orders = sample.orders
    counts = orders[orders["day"] <= period.end_time].groupby("customer").size()
    return int((counts >= 2).sum()), len(counts)


def satisfied(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.surveys
    scores = rows["score"][in_period(rows["answered"], period) & (rows["survey"] == "csat")]
    return int((scores >= 4).sum()), int(scores.notna().sum())


def easy(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.surveys
    scores = rows["score"][in_period(rows["answered"], period) & (rows["survey"] == "ces")]
    return int((scores >= 5).sum()), int(scores.notna().sum())


def responses(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.surveys[in_period(sample.surveys["sent"], period)]
    return int(rows["score"].notna().sum()), len(rows)


def first_contact(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.tickets[in_period(sample.tickets["solved_at"], period)]
    return int(((rows["agent_replies"] <= 1) & (rows["reopens"] == 0)).sum()), len(rows)


def reopened(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.tickets[in_period(sample.tickets["solved_at"], period)]
    return int((rows["reopens"] > 0).sum()), len(rows)


def won(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.opportunities[in_period(sample.opportunities["closed"], period)]
    return int((rows["outcome"] == "won").sum()), int(rows["outcome"].isin(["won", "lost"]).sum())


def converted(sample: Sample, period: pd.Period) -> tuple[int, int]:
    rows = sample.leads[in_period(sample.leads["created"], period)]
    return int(rows["converted"].notna().sum()), len(rows)


CASES: dict[str, tuple[Count, dict[str, str]]] = {
    "retention_rate": (kept, {}),
    "churn_rate": (lost, {}),
    "repeat_purchase_rate": (repeat, {}),
    "repeat ever": (repeat_ever, {"repeat_purchase_rate": "{base: ever}"}),
    "csat": (satisfied, {}),
    "ces by share": (easy, {"ces": "{method: share}"}),
    "response_rate": (responses, {}),
    "fcr": (first_contact, {}),
    "reopen_rate": (reopened, {}),
    "win_rate": (won, {}),
    "lead_conversion_rate": (converted, {}),
}


@pytest.mark.parametrize("every", ["month", "quarter"])
@pytest.mark.parametrize("name", CASES)
def test_proportion(sample: Sample, name: str, every: str) -> None:
    count, definitions = CASES[name]
    metric = next(iter(definitions), name)
    found = sample.results(metric, every, **definitions)
    assert list(found) == list(pd.period_range("2023-01", "2024-12", freq=FREQUENCY[every]))
    answered = 0
    for period, result in found.items():
        hits, n = count(sample, period)
        assert result.n == n, period
        if not n:
            assert (result.value, result.low, result.high) == (None, None, None)
            continue
        answered += 1
        outside = binomtest(hits, n).proportion_ci(0.95, method="wilson")
        if result.status == "pending":  # what is not over has no interval yet
            assert (result.value, result.low, result.high) == (100 * hits / n, None, None), period
            continue
        expected = [100 * hits / n, 100 * outside.low, 100 * outside.high]
        close = pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert [result.value, result.low, result.high] == close, period
    assert answered >= 3


@pytest.mark.parametrize("every", ["month", "quarter"])
def test_nps(sample: Sample, every: str) -> None:
    """An answer is worth 100, 0 or -100: numpy's mean, and its variance for the interval."""
    rows = sample.surveys
    rows = rows[(rows["survey"] == "nps") & rows["score"].notna()]
    for period, result in sample.results("nps", every).items():
        scores = rows["score"][in_period(rows["answered"], period)].to_numpy()
        worth = 100.0 * (np.sign(scores - 6.5) + np.sign(scores - 8.5)) / 2
        assert result.n == len(worth), period
        if not len(worth):
            assert result.value is None
            continue
        half = 1.96 * worth.std() / np.sqrt(len(worth))
        mean = worth.mean()
        expected = [mean, max(-100.0, mean - half), min(100.0, mean + half)]
        assert [result.value, result.low, result.high] == pytest.approx(expected, rel=1e-9)
