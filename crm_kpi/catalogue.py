"""The catalogue of KPIs of every kind, read from the folders that hold a file for each.

Ids, domains and titles come from file names and the first docstring lines, so
that `--help` can list every KPI without importing one (and polars with it).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi.messages import Message

if TYPE_CHECKING:
    from crm_kpi.kpi import Kpi

DOMAINS: Mapping[str, str] = {
    "retention": "Retention and buying",
    "value": "Lifetime value",
    "subscriptions": "Subscriptions",
    "surveys": "Surveys",
    "service": "Service",
    "sales": "Sales",
    "quality": "Customer data quality",
    "analyses": "Analyses",
}
"""Domain: heading, in the order in which reports show them."""


def heading(domain: str) -> Message:
    return Message(f"domains.{domain}", {}, english=DOMAINS[domain])


class KpiKind(StrEnum):
    """What the answer of a KPI is; whoever does not compute it need not know."""

    SCALAR = "scalar"
    """A value per period and segment."""
    TABLE = "table"
    """A table of its own shape."""
    MODEL = "model"
    """A value per period and segment, which is predicted."""


_CONSTANTS = {KpiKind.SCALAR: "METRIC", KpiKind.TABLE: "ANALYSIS", KpiKind.MODEL: "MODEL"}
"""The name by which a file declares its KPI."""


@dataclass(frozen=True)
class KpiPackage:
    """A folder with the KPIs of one domain and kind."""

    name: str
    domain: str
    kind: KpiKind

    @property
    def folder(self) -> Path:
        return Path(__file__).parents[1].joinpath(*self.name.split("."))


PACKAGES = (
    *(
        KpiPackage(f"crm_kpi.{folder}.{domain}", domain, kind)
        for domain in DOMAINS
        if domain != "analyses"
        for folder, kind in (("metrics", KpiKind.SCALAR), ("models", KpiKind.MODEL))
    ),
    KpiPackage("crm_kpi.analyses", "analyses", KpiKind.TABLE),
)


@dataclass(frozen=True)
class Entry:
    """One KPI, as far as its file's name and first line tell."""

    id: str
    domain: str
    title: str
    summary: str
    kind: KpiKind
    module: str

    @property
    def command(self) -> str:
        return self.id.replace("_", "-")

    @property
    def heading(self) -> Message:
        return heading(self.domain)

    @property
    def title_said(self) -> Message:
        """The title; its English stands in the file, and not among the texts."""
        return Message(f"titles.{self.id}", {}, english=self.title)

    @property
    def summary_said(self) -> Message:
        return Message(f"summaries.{self.id}", {}, english=self.summary)

    @property
    def takes_definition(self) -> bool:
        """Whether its command has --definition; the config has `definitions:` for all."""
        return self.kind is KpiKind.TABLE


@cache
def entries() -> Mapping[str, Entry]:
    """Every KPI by id, domain by domain."""
    found = {}
    for package in PACKAGES:
        for path in sorted(package.folder.glob("[!_]*.py")):
            with path.open(encoding="utf-8") as file:
                first = file.readline().strip().strip('"')
            title, _, summary = first.partition(": ")
            name, module = path.stem, f"{package.name}.{path.stem}"
            found[name] = Entry(name, package.domain, title, summary, package.kind, module)
    return found


def ids(*kinds: KpiKind) -> tuple[str, ...]:
    """The ids of all KPIs, or of those of some kinds."""
    return tuple(entry.id for entry in entries().values() if not kinds or entry.kind in kinds)


def find(word: str) -> str | None:
    """The KPI that people call so: by its id or command, its title, an abbreviation or a name in
    Vietnamese, in any case and without accents too; None where nobody does."""
    kpi_id = word.replace("-", "_")
    if kpi_id in entries():
        return kpi_id
    from crm_kpi import kpi_names

    return kpi_names.find(word, {entry.id: entry.title for entry in entries().values()})


@cache
def load(kpi_id: str) -> Kpi:
    """The KPI itself; imports pydantic.

    Raises:
        KeyError: there is no such KPI.
    """
    entry = entries()[kpi_id]
    module = importlib.import_module(entry.module)
    kpi: Kpi = getattr(module, _CONSTANTS[entry.kind])
    return replace(kpi, documentation=module.__doc__ or "")
