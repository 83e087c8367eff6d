"""Student's quantiles, against tables and against the density added up."""

from __future__ import annotations

from math import gamma, pi, sqrt
from statistics import NormalDist

import pytest

from crm_kpi.metrics._student import quantile


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        (0.975, 10, 2.228139),
        (0.9985, 7, 4.442125),
        (0.975, 1, 12.706205),
        (0.975, 2, 4.302653),
        (0.975, 4, 2.776445),
        (0.975, 5, 2.570582),
        (0.975, 30, 2.042272),
        (0.995, 120, 2.617421),
    ],
)
def test_known_quantiles(probability: float, degrees: float, expected: float) -> None:
    assert quantile(probability, degrees) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("degrees", [1.5, 2.7, 4.44, 7, 12.3, 40, 150])
@pytest.mark.parametrize("probability", [0.9, 0.975, 0.9985])
def test_the_density_up_to_it_adds_up(probability: float, degrees: float) -> None:
    scale = gamma((degrees + 1) / 2) / gamma(degrees / 2) / sqrt(degrees * pi)

    def density(t: float) -> float:
        return scale * (1 + t * t / degrees) ** (-(degrees + 1) / 2)

    end, steps = quantile(probability, degrees), 20_000
    step = end / steps
    inner = sum((4 if i % 2 else 2) * density(i * step) for i in range(1, steps))
    area = step / 3 * (density(0) + inner + density(end))  # Simpson's rule
    assert area == pytest.approx(probability - 0.5, abs=1e-8)


def test_it_falls_to_the_normal_ones_without_a_step() -> None:
    degrees = [1, 1.5, 3, 4.99, 5, 8, 30, 500, 999, 999.99, 1000, 1001, 1e5, 1e9]
    found = [quantile(0.9985, each) for each in degrees]
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(NormalDist().inv_cdf(0.9985))
    assert quantile(0.9985, 999.9999) == pytest.approx(quantile(0.9985, 1000), abs=1e-6)
