"""Runs metrics on files written in a test: what is rejected has to go through the loader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.results import Report
from crm_kpi.sources.spec import SourceSpec


def ask_files(
    folder: Path,
    files: Mapping[str, str],
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str | None]] | None = None,
    words: Sequence[str] = (),
) -> Report:
    """`files`: table: its CSV. One period `all`, as of 30 June 2024; any share of rejects."""
    specs = {}
    for table, text in files.items():
        path = folder / f"{table}.csv"
        path.write_text(text, encoding="utf-8")
        specs[table] = (SourceSpec(table, (str(path),), dates="%Y-%m-%d", numbers="1234.56"),)
    given = ["as_of=2024-06-30", "periods.every=all", "limits.rejected_rows=100%", *words]
    question = KpiQuery(metrics, tuple(by), where or {}, must=metrics)
    return compute(load_config(None, given, env={}), question, specs)
