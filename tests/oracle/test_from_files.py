"""The whole way, from CSV files on disk to results, against the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute

from .data import generate, write
from .periods import calendar
from .test_agree import VARIANTS, differences

DEFAULTS = {metric: name for name, (metric, text, _) in VARIANTS.items() if text == "{}"}


@pytest.mark.parametrize("by", [(), ("segment",)], ids=["total", "segment"])
@pytest.mark.parametrize("seed", [5, 6, 7])
def test_files_and_oracle_agree(tmp_path: Path, seed: int, by: tuple[str, ...]) -> None:
    data = generate(seed)
    write(data, tmp_path)
    config = tmp_path / "crm-kpi.yaml"
    # Chance tells nothing of ends.
    keys = {"subscriptions": ", end: exclusive"}
    sources = "\n".join(
        f"  {table}: {{path: {table}.csv{keys.get(table, '')}}}" for table in data.tables
    )
    config.write_text(
        f"timezone: {data.timezone}\nas_of: {data.as_of}\nsources:\n{sources}\n", encoding="utf-8"
    )
    report = compute(load_config(config, env={}), KpiQuery(list(DEFAULTS), by))
    assert not report.skipped
    for table, audit in report.sources.items():
        assert audit.rejected == 0, audit.problems
        assert audit.rows == len(data[table])
    found = {(r.metric, r.period, tuple(r.segment.values())): r for r in report.results}
    periods = calendar("month", min(r.start for r in report.results), data.as_of)
    wrong, cells = [], 0
    for metric, name in DEFAULTS.items():
        for (period, segment), expected in VARIANTS[name][2](periods, data, by=by).items():
            result = found.get((metric, period.label, segment))
            if result is not None:
                cells += 1
                wrong += [
                    (metric, period.label, segment, *difference)
                    for difference in differences(name, result, expected)
                ]
            else:
                assert not any(expected.components.values())
    assert not wrong
    assert cells >= len(DEFAULTS) * len(periods)
