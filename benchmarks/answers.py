"""Answers of crm-kpi and of a peer, compared cell by cell: python answers.py REPORT PEER

Prints how many cells are equal; exits 1 with the first that differs.
"""

from __future__ import annotations

import json
import sys
from math import isclose
from pathlib import Path
from typing import Any

Answers = dict[str, dict[str, dict[str, float | None]]]
"""By KPI or table, by key, by component or column."""

KEYS = {
    "cohorts": ("segment.segment", "cohort", "offset"),
    "rfm": ("segment.segment", "segment"),
    "concentration": ("segment.segment", "share_of_customers"),
}


class Differ(Exception):
    """Two answers are not the same."""


def ours(report: str) -> Answers:
    """The JSON of `crm-kpi report` in the shape in which the peers answer."""
    document = json.loads(report)
    found: Answers = {}
    for result in document["results"]:
        key = f"{result['period']}|{result['segment'].get('segment', '')}"
        values = result["components"] | {"value": result["value"]}
        found.setdefault(result["metric"], {})[key] = values
    for name, keys in KEYS.items():
        rows: list[dict[str, Any]] = document["tables"][name]
        found[name] = {
            "|".join(str(row[key]) for key in keys): {c: v for c, v in row.items() if c not in keys}
            for row in rows
            if row.get("cohort") != "all"  # sums of the other rows
        }
    return found


def compare(ours: Answers, theirs: Answers) -> int:
    """How many cells are equal: every component that the peer has, in every row of either.

    A row that only one of them has must hold nothing: 0 or null.

    Raises:
        Differ: a cell differs, or one of them lacks a table.
    """
    cells = 0
    for name, rows in theirs.items():
        mine = ours.get(name, {})
        components = {component for row in rows.values() for component in row}
        if not mine or not components:
            raise Differ(f"{name} is empty")
        for key in rows.keys() | mine.keys():
            here, there = mine.get(key), rows.get(key)
            for component in components:
                value = here[component] if here else None
                other = there[component] if there else None
                if here and there:
                    cells += 1
                if not isclose(value or 0, other or 0, rel_tol=1e-9, abs_tol=1e-6):
                    raise Differ(f"{name} {key} {component}: {value} and {other}")
    return cells


def main(report: Path, peer: Path) -> None:
    try:
        print(compare(ours(report.read_text()), json.loads(peer.read_text())))
    except Differ as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
