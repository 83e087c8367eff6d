"""Runs one analysis on rows typed in a test, past the reading of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, Specs, compute
from crm_kpi.results import Report
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from tests.support import typed

Row = dict[str, Any]


def report(
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    *names: str,
    as_of: str | date,
    every: str = "month",
    definition: str = "",
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str | None]] | None = None,
    set_: Sequence[str] = (),
    timezone: str = "UTC",
    must: bool = True,
    **query: Any,
) -> Report:
    """The report with these analyses; `definition` is the YAML text of the first one's."""
    words = [f"as_of={as_of}", f"periods.every={every}", f"timezone={timezone}", *set_]
    if definition:
        words.append(f"definitions.{names[0]}={definition}")
    config = load_config(None, words, env={})

    def read(specs: Specs, options: ReadOptions) -> dict[str, Any]:
        return {t: typed(t, tables[t], timezone, options.as_of, options.moment) for t in specs}

    specs = {name: (SourceSpec(name, (f"{name}.csv",)),) for name in tables}
    asked = KpiQuery(names, tuple(by), where or {}, must=names if must else (), **query)
    return compute(config, asked, specs, read=read)


def table(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], name: str, **options: Any
) -> list[Row]:
    """The rows of one analysis; options as for `report`."""
    return report(tables, name, **options).tables[name]
