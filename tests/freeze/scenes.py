"""What the freeze looks at: command lines over the samples and a demo, and all variants.

A scene is a command line, run from the root of the repository. `{demo}` stands for a folder
with the data and config of `crm-kpi demo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.render import REPORT_FORMATS
from crm_kpi.render.formats import CATALOGUE_FORMATS, LIST_FORMATS

SAMPLES = ("-c", "config.example.yaml")
YEAR = ("-c", "samples/crm-kpi.yaml", "--as-of", "2024-12-31")
DEMO = ("-c", "{demo}/crm-kpi.yaml")
ENGINES = ("polars", "duckdb", "spark")
WRITTEN = [name for name in REPORT_FORMATS if name != "xlsx"]
"""Formats that are text; the bytes of a workbook are those of another library, too."""

FAULTS: Mapping[str, tuple[str, ...]] = {
    "no such command": ("churm",),
    "no such option": ("nps", "--evry", "month"),
    "no such file": ("nps", "absent.csv"),
    "no such config": ("report", "-c", "absent.yaml"),
    "unknown key": ("report", *SAMPLES, "--set", "periods.evry=month"),
    "wrong value": ("report", *SAMPLES, "--set", "periods.every=fortnight"),
    "unknown metric": ("metrics", "absent"),
    "unknown column": ("revenue", *SAMPLES, "--by", "absent"),
    "no rate": (
        "revenue",
        *SAMPLES,
        "--set",
        "exchange_rates={USD: 25400}",
        "--set",
        "currency=JPY",
    ),
    "wrong table": ("nps", "samples/tickets.csv"),
    "ambiguous": ("nps", "tests/freeze/ambiguous.csv"),
    "missed": ("check", *SAMPLES, "--set", "thresholds.nps.target=99"),
    "met": ("check", *SAMPLES, "--exit-zero"),
    "no where": ("revenue", *SAMPLES, "--where", "channel=absent"),
    "output is input": ("revenue", "samples/transactions.csv", "-o", "samples/transactions.csv"),
    "version": ("--version",),
}


def reports(engine: str) -> Iterator[tuple[str, ...]]:
    """Every KPI and every analysis at once, as JSON."""
    everything = ("report", *catalogue.ids(), "--engine", engine, "-f", "json")
    yield (*everything, *SAMPLES)
    yield (*everything, *YEAR, "--every", "month", "--by", "channel")
    yield (*everything, *DEMO, "--every", "year", "--where", "channel=Zalo")


def _command(name: str) -> tuple[str, ...]:
    """The command of a KPI, with what it cannot be without."""
    return (name.replace("_", "-"), *(("KH0008",) if name == "history" else ()))


def commands() -> Iterator[tuple[str, ...]]:
    """One process for people and scripts: each KPI, format, help and schema."""
    ids = catalogue.ids()
    for name in ids:
        yield (*_command(name), *YEAR, "--last", "3", "-f", "json")
        yield (*_command(name), *SAMPLES, "-v")
        yield ("metrics", name)
        yield (*_command(name), "--help")
    for name in catalogue.ids(KpiKind.TABLE):
        for written in WRITTEN:
            yield (*_command(name), *SAMPLES, "-f", written)
            yield (*_command(name), *SAMPLES, "-f", written, "--by", "channel")
    for written in WRITTEN:
        yield ("report", *SAMPLES, "-f", written)
        yield ("report", *YEAR, "-f", written, "--by", "channel", "-v")
        yield ("report", *DEMO, "-f", written)
        yield ("check", *SAMPLES, "-f", written)
    for written in CATALOGUE_FORMATS:
        yield ("metrics", "-f", written)
    for written in LIST_FORMATS:
        yield ("validate", *SAMPLES, "-f", written, "--quality")
    yield ("init", "samples/customers.csv", "samples/transactions.csv", "--no-input")
    yield ("--help",)
    for name in ("report", "check", "validate", "compare", "init", "metrics", "schema", "demo"):
        yield (name, "--help")
    yield ("schema", "config")
    yield ("schema", "output")
    yield from FAULTS.values()
