"""Writes docs/licences.md from what is installed: python docs/licences.py

Every package that `crm-kpi[all]` or `crm-kpi[spark]` takes, with those that they take.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
HEAD = """\
# Licences

crm-kpi is under the MIT licence. What it installs, by `docs/licences.py` from the packages' own
words; none asks for more than that its notice stays, but certifi: changes to its own files stay
open. `all` and `spark` are extras, and so is what only they take.

| package | licence | taken by |
|---|---|---|
"""
KNOWN = {
    "pyspark": "Apache-2.0", "py4j": "BSD-3-Clause", "resvg-py": "MIT", "duckdb": "MIT",
    "googleapis-common-protos": "Apache-2.0", "grpcio": "Apache-2.0", "grpcio-status": "Apache-2.0",
    "protobuf": "BSD-3-Clause", "pandas": "BSD-3-Clause", "pyarrow": "Apache-2.0",
    "numpy": "BSD-3-Clause", "zstandard": "BSD-3-Clause", "pytz": "MIT",
    "anysqlite": "BSD-3-Clause",
}  # fmt: skip
"""Of packages that do not say it, or are not installed where this runs."""


def found() -> dict[str, set[str]]:
    """Each package, and whether crm-kpi itself takes it or which extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    packages: dict[str, set[str]] = {}
    for requirement in project["dependencies"]:
        _take(Requirement(requirement), "crm-kpi", packages)
    (everything,) = extras["all"]
    for extra in (*Requirement(everything).extras, "spark"):
        for requirement in extras[extra]:
            _take(Requirement(requirement), extra, packages)
    return packages


def _take(requirement: Requirement, by: str, packages: dict[str, set[str]]) -> None:
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    if by in packages.setdefault(name, set()):
        return
    packages[name].add(by)
    try:
        needs = distribution(name).requires or ()
    except PackageNotFoundError:
        return
    for need in map(Requirement, needs):
        wanted = need.marker is None or any(
            need.marker.evaluate({"extra": extra}) for extra in (requirement.extras or {""})
        )
        if wanted:
            _take(need, by, packages)


def licence(name: str) -> str:
    try:
        words = distribution(name).metadata
    except PackageNotFoundError:
        return KNOWN.get(name, "?")
    classifiers = words.get_all("Classifier") or ()
    told = [one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License ::")]
    first = (words.get("License") or "").partition("\n")[0][:40]
    return words.get("License-Expression") or "; ".join(told) or first or KNOWN.get(name, "?")


def page() -> str:
    rows = [
        f"| {name} | {licence(name)} | {'crm-kpi' if 'crm-kpi' in by else ', '.join(sorted(by))} |"
        for name, by in sorted(found().items())
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
