"""Each sales KPI alone on the sample files, where only the columns it asks for are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi import catalogue
from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute

SAMPLES = Path(__file__).parents[2] / "samples" / "crm-kpi.yaml"
SALES = [entry.id for entry in catalogue.entries().values() if entry.domain == "sales"]


@pytest.mark.parametrize("metric", [*SALES, "learned"])
def test_every_quarter_has_a_value(metric: str) -> None:
    learned = "definitions.learned={metric: weighted_pipeline, probability: learned}"
    config = load_config(SAMPLES, [learned], env={})
    report = compute(config, KpiQuery([metric], must=[metric]))
    assert len(report.results) == 4
    assert all(result.value is not None for result in report.results)
