"""The catalogue of KPIs of every kind, read from the folders that hold a file for each.

Ids, domains and titles come from file names and the first docstring lines, so
that `--help` can list every KPI without importing one (and polars with it).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi import plugins
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, text
from crm_kpi.plugins import Plugin

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
    plugins.DOMAIN: "Of your own",
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


_ID = re.compile(r"[a-z][a-z0-9_]*")
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
        if domain not in ("analyses", plugins.DOMAIN)
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
    plugin: Plugin | None = None
    """Where it comes from, if it is somebody else's."""

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


def entries() -> Mapping[str, Entry]:
    """Every KPI by id, domain by domain."""
    return _entries(PACKAGES, plugins.plugins())


@cache
def _entries(packages: tuple[KpiPackage, ...], others: tuple[Plugin, ...]) -> Mapping[str, Entry]:
    own = _of_packages(packages)
    return _with_plugins(own, others) if others else own


def _of_packages(packages: Iterable[KpiPackage]) -> dict[str, Entry]:
    found = {}
    for package in packages:
        for path in sorted(package.folder.glob("[!_]*.py")):
            with path.open(encoding="utf-8") as file:
                first = file.readline().strip().strip('"')
            title, _, summary = first.partition(": ")
            name, module = path.stem, f"{package.name}.{path.stem}"
            found[name] = Entry(name, package.domain, title, summary, package.kind, module)
    return found


def _with_plugins(own: Mapping[str, Entry], others: Iterable[Plugin]) -> dict[str, Entry]:
    """
    Raises:
        UsageError: one has no name or domain of its own, or declares no KPI.
    """
    every = dict(own)
    for plugin in others:
        if plugin.name in every:
            there = every[plugin.name].plugin
            other = there.origin if there else "crm-kpi"
            raise UsageError(
                text("plugins.name_taken", origin=plugin.origin, name=plugin.name, other=other)
            )
        every[plugin.name] = _entry_of(plugin)
    order = [*DOMAINS]
    return {one.id: one for one in sorted(every.values(), key=lambda e: order.index(e.domain))}


def _entry_of(plugin: Plugin) -> Entry:
    kinds = [kind for kind, constant in _CONSTANTS.items() if constant in plugin.constants]
    domain = plugin.constants.get("DOMAIN") or plugins.DOMAIN
    title, _, summary = plugin.first_line.partition(": ")
    why = None
    if not _ID.fullmatch(plugin.name):
        why = text("plugins.no_id", name=plugin.name)
    elif len(kinds) != 1:
        why = text("plugins.no_kpi", constants=", ".join(_CONSTANTS.values()))
    elif domain not in DOMAINS:
        why = text("plugins.no_domain", domain=domain, domains=", ".join(DOMAINS))
    elif not summary:
        why = text("plugins.no_title")
    if why is not None:
        raise UsageError(text("files.fault_of", path=plugin.path, why=why))
    (kind,) = kinds
    if kind is KpiKind.TABLE:
        domain = "analyses"
    return Entry(plugin.name, domain, title, summary, kind, plugin.module or "", plugin)


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


def load(kpi_id: str) -> Kpi:
    """The KPI itself; imports pydantic.

    Raises:
        KeyError: there is no such KPI.
    """
    return _loaded(entries()[kpi_id])


@cache
def _loaded(entry: Entry) -> Kpi:
    plugin = entry.plugin
    module = plugin.load() if plugin else importlib.import_module(entry.module)
    kpi: Kpi = getattr(module, _CONSTANTS[entry.kind])
    return replace(kpi, documentation=module.__doc__ or "")
