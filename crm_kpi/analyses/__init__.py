"""Analyses: answers that are a table of their own shape, one file each.

They are found by file name, as metrics are in `crm_kpi.catalogue`; titles come
from the first docstring lines, so that `--help` lists them without importing one.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_kpi.analyses._spec import Analysis

FOLDER = Path(__file__).parent
HEADING = "Analyses"
"""Under which help and docs list them."""


@dataclass(frozen=True)
class Entry:
    """One analysis, as far as its file's name and first line tell."""

    id: str
    title: str
    summary: str

    @property
    def command(self) -> str:
        return self.id.replace("_", "-")

    @property
    def module(self) -> str:
        return f"{__name__}.{self.id}"


@cache
def entries() -> Mapping[str, Entry]:
    """Every analysis by id."""
    found = {}
    for path in sorted(FOLDER.glob("[!_]*.py")):
        with path.open(encoding="utf-8") as file:
            first = file.readline().strip().strip('"')
        title, _, summary = first.partition(": ")
        found[path.stem] = Entry(path.stem, title, summary)
    return found


def ids() -> tuple[str, ...]:
    return tuple(entries())


@cache
def load(analysis_id: str) -> Analysis:
    """The analysis itself; imports narwhals and pydantic.

    Raises:
        KeyError: no such analysis.
    """
    analysis: Analysis = importlib.import_module(entries()[analysis_id].module).ANALYSIS
    return analysis


def documentation(analysis_id: str) -> str:
    """The docstring of the analysis's file."""
    return importlib.import_module(entries()[analysis_id].module).__doc__ or ""
