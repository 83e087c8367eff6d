"""What every KPI of the catalogue has: a source, a test of its own, an oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi import catalogue
from tests.oracle import quality, test_differential

CHECKED = {metric for metric, _, _ in test_differential.VARIANTS.values()}
CHECKED |= {*quality.DIMENSIONS, "data_quality"}
"""The KPIs that an oracle computes once more, over random rows."""

EVERY_KPI = pytest.mark.parametrize("metric", catalogue.ids(catalogue.KpiKind.SCALAR))


@EVERY_KPI
def test_it_names_its_source_or_why_the_definition_is_its_own(metric: str) -> None:
    sources = catalogue.load(metric).sources
    assert sources
    for source in sources:
        assert source == source.strip(), source
        if "own definition" in source:
            own, _, reason = source.partition(": ")
            assert (own, bool(reason)) == ("own definition", True), source


@EVERY_KPI
def test_it_has_a_test_of_its_own(metric: str) -> None:
    assert (Path(__file__).parent / "metrics" / f"test_{metric}.py").is_file()


@EVERY_KPI
def test_it_has_an_oracle(metric: str) -> None:
    assert metric in CHECKED
