"""Leaving a contract: hazards that can be worked out by hand."""

from __future__ import annotations

from math import log

import pytest

from crm_kpi.prediction.hazard import Hazard, Patterns, band_of, fit_hazard


def logit(chance: float) -> float:
    return log(chance / (1 - chance))


TWO_BANDS: Patterns = {(0, ()): (300, 30), (1, ()): (200, 10)}


def test_without_columns_and_ridge_it_is_events_by_exposure() -> None:
    found = fit_hazard(TWO_BANDS, 0)
    assert found is not None
    assert found.of_step(0) == pytest.approx(0.10, rel=1e-5)
    assert found.of_step(2) == pytest.approx(0.05, rel=1e-5)
    assert (found.constant, found.bands) == (-2.19722, {0: 0, 1: -0.747214})


def test_a_ridge_draws_all_but_the_constant_to_nothing() -> None:
    found = fit_hazard(TWO_BANDS, 1)
    assert found is not None
    assert (found.constant, found.bands) == (-2.22175, {0: 0, 1: -0.65572})


def test_bands_of_steps() -> None:
    assert [band_of(k) for k in (0, 1, 2, 3, 5, 6, 11, 12, 23, 24, 99)] == [
        0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]  # fmt: skip


def test_ninety_days() -> None:
    tenth = Hazard(logit(0.1), {0: 0.0}, [])
    assert tenth.risk(0, 90) == pytest.approx(0.271)
    assert tenth.risk(17, 90) == pytest.approx(0.271)
    assert tenth.risk(17, 45) == pytest.approx(1 - 0.9**1.5)
    later = Hazard(logit(0.1), {0: 0.0, 1: logit(0.2) - logit(0.1)}, [])
    assert later.risk(20, 60) == pytest.approx(1 - 0.9 ** (1 / 3) * 0.8 ** (5 / 3))


def test_columns() -> None:
    """Half of those with one plan leave at twice the odds; a blank is a level of its own."""
    patterns: Patterns = {
        (0, ("monthly",)): (100, 20), (0, ("yearly",)): (100, 10), (0, (None,)): (10, 1),
    }  # fmt: skip
    found = fit_hazard(patterns, 0)
    assert found is not None
    assert [found.of_step(0, (each,)) for each in ("monthly", "yearly", None)] == pytest.approx(
        [0.2, 0.1, 0.1], rel=1e-5
    )
    # Of who has what nobody was seen with, the first level's is told.
    assert found.of_step(0, ("weekly",)) == found.of_step(0, ("monthly",))
    assert found.of_step(40, ("yearly",)) == found.of_step(0, ("yearly",))


def test_nobody_leaves_or_nobody_was_seen() -> None:
    assert fit_hazard({}, 1) is None
    assert fit_hazard({(0, ()): (0, 0)}, 1) is None
    assert fit_hazard({(0, ()): (10, 0)}, 1) is None  # no chance is small enough
