"""Analyses of customers of whom some have left, nobody knows when, against the oracle."""

from __future__ import annotations

import pytest

from tests.oracle.test_undated import with_flags

from . import oracle
from .support import table
from .test_agree import assert_same, periods

SEEDS = pytest.mark.parametrize(("seed", "share"), [(1, 0.02), (3, 0.02), (4, 0.3), (6, 0.01)])


@pytest.mark.parametrize("every", ["month", "quarter", "year"])
@pytest.mark.parametrize("mode", ["on", "on_or_after"])
@SEEDS
def test_cohorts(seed: int, share: float, mode: str, every: str) -> None:
    data = with_flags(seed, share)
    expected = oracle.cohorts_of_contracts(
        periods(data, every, "customers"), data.as_of, data["customers"], mode=mode
    )
    definition = f"{{mode: {mode}, basis: contract}}"
    options = {"as_of": data.as_of, "timezone": data.timezone, "every": every}
    assert_same(table(data.tables, "cohorts", definition=definition, **options), expected)


@SEEDS
def test_survival(seed: int, share: float) -> None:
    data = with_flags(seed, share)
    rows = table(data.tables, "survival", as_of=data.as_of, timezone=data.timezone)
    assert_same(rows, oracle.survival(data["customers"], data.as_of, "days"))
