"""The catalogue of metrics, read from the folder `crm_kpi/metrics`.

Ids, domains and titles come from file names and the first docstring lines, so
that `--help` can list every metric without importing one (and polars with it).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_kpi.metrics._spec import Metric

FOLDER = Path(__file__).parent / "metrics"

DOMAINS: Mapping[str, str] = {
    "retention": "Retention and buying",
    "value": "Lifetime value",
    "subscriptions": "Subscriptions",
    "surveys": "Surveys",
    "service": "Service",
    "sales": "Sales",
    "quality": "Customer data quality",
}
"""Folder: heading, in the order in which reports show them."""


@dataclass(frozen=True)
class Entry:
    """One metric, as far as its file's name and first line tell."""

    id: str
    domain: str
    title: str
    summary: str

    @property
    def command(self) -> str:
        return self.id.replace("_", "-")

    @property
    def module(self) -> str:
        return f"crm_kpi.metrics.{self.domain}.{self.id}"


@cache
def entries() -> Mapping[str, Entry]:
    """Every metric by id, domain by domain."""
    found = {}
    for domain in DOMAINS:
        for path in sorted((FOLDER / domain).glob("[!_]*.py")):
            with path.open(encoding="utf-8") as file:
                first = file.readline().strip().strip('"')
            title, _, summary = first.partition(": ")
            found[path.stem] = Entry(path.stem, domain, title, summary)
    return found


def ids() -> tuple[str, ...]:
    return tuple(entries())


@cache
def load(metric_id: str) -> Metric:
    """The metric itself; imports narwhals and pydantic.

    Raises:
        KeyError: no such metric.
    """
    module = importlib.import_module(entries()[metric_id].module)
    metric: Metric = module.METRIC
    return metric


def documentation(metric_id: str) -> str:
    """The docstring of the metric's file."""
    return importlib.import_module(entries()[metric_id].module).__doc__ or ""
