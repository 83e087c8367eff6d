"""Data quality of faulty files against the oracle: scores, rows, cells and every share."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.sources.spec import SourceSpec

from .data_quality import AS_OF, generate, write
from .periods import DAY
from .quality import DIMENSIONS, tally

WEIGHTS = dict(zip(DIMENSIONS, (2, 1, 1, Fraction(1, 2), 0), strict=True))
RULES = "allowed: {segment: [SMB]}"
WORDS = [
    f"as_of={AS_OF}",
    "limits.rejected_rows=100%",
    f"definitions.validity={{{RULES}}}",
    "definitions.timeliness={within: 200d}",
    f"definitions.data_quality={{{RULES}, within: 200d, weights: {{completeness: 2, "
    "consistency: 0.5, timeliness: 0}}",
]


@pytest.mark.parametrize("by", [(), ("segment",)], ids="+".join)
@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_program_and_oracle_agree(
    seed: int, every: str, by: tuple[str, ...], tmp_path: Path
) -> None:
    files = generate(seed)
    specs = {
        table: (SourceSpec(table, (path,), dates="%Y-%m-%d", numbers="1234.56"),)
        for table, path in write(files, tmp_path).items()
    }
    config = load_config(None, [*WORDS, f"periods.every={every}"], env={})
    report = compute(config, KpiQuery([*DIMENSIONS, "data_quality"], by), specs)
    assert not report.skipped
    judged = {name: judge(files) for name, judge in DIMENSIONS.items()}
    wrong: list[Any] = []
    for result in report.results:
        until, segment = min(result.end, AS_OF + DAY), tuple(result.segment.values())
        tallies = {name: tally(rows, until, segment) for name, rows in judged.items()}
        if result.metric == "data_quality":
            values = {name: found.value for name, found in tallies.items()}
            weighed = {n: WEIGHTS[n] for n, v in values.items() if v is not None and WEIGHTS[n]}
            top = sum((Fraction(w) * (values[n] or 0) for n, w in weighed.items()), Fraction())
            value = top / sum(weighed.values()) if weighed else None
            n = tallies["completeness"].rows
            components: dict[str, Any] = {
                **values,
                "cells": sum(found.cells for found in tallies.values()),
                "ok": sum(found.ok for found in tallies.values()),
            }
        else:
            found = tallies[result.metric]
            value, n = found.value, found.rows
            components = {"cells": found.cells, "ok": found.ok, **found.shares}
            shares = list(result.components.values())[2:]
            assert shares == sorted(shares)  # the worst first
        expected = {name: None if v is None else float(v) for name, v in components.items()}
        ours = {name: None if v is None else float(v) for name, v in result.components.items()}
        given = None if value is None else float(value)
        if (result.value, result.n, ours) != (given, n, expected):
            wrong.append((result.metric, result.period, segment, value, n, expected, result))
        if value is None:
            assert result.value is None
            assert result.reason
    assert not wrong
    assert len(report.results) >= 6 * 2


def test_the_data_is_not_trivial() -> None:
    for seed in (1, 2, 3, 4):
        files = generate(seed)
        for name, judge in DIMENSIONS.items():
            found = tally(judge(files), AS_OF + DAY, ())
            assert 5 < found.ok < found.cells, (seed, name)
