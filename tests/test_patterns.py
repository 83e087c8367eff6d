"""Every regular expression takes linear time, whatever it is fed."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import crm_kpi

ROOT = Path(__file__).parents[1]
LONG = 200_000
"""Letters. A quadratic pattern takes minutes for them, a linear one a hundredth of a second."""
PATIENCE = 20
LETTERS = ' \t\r\n0aA1.,;:-+/%"()\\$€|=<[ộ\u00a0'
ELSEWHERE = {"crm_kpi.__main__", "crm_kpi.engine.backends.spark"}
"""Not imported: the one runs, the other needs Java."""
XML = {
    f"crm_kpi.sources.readers.xlsx.{name}" for name in ("sheet_xml", "workbook", "number_formats")
}
"""Workbooks are tested on their own."""

Pattern = re.Pattern[Any]


def patterns() -> Iterator[tuple[str, Pattern, set[str]]]:
    """Each pattern with its name and the methods that are called of it."""
    for info in pkgutil.walk_packages(crm_kpi.__path__, "crm_kpi."):
        if info.name in ELSEWHERE | XML:
            continue
        module = importlib.import_module(info.name)
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for name, value in vars(module).items():
            called = re.findall(rf"\b{re.escape(name)}(?:\[\w+\])?\.(\w+)", source)
            for pattern in value.values() if isinstance(value, dict) else (value,):
                if isinstance(pattern, re.Pattern):
                    yield f"{info.name}.{name}", pattern, {"fullmatch", "match", *called}
    from crm_kpi.sources.readers.csv.dialect import Dialect
    from crm_kpi.sources.readers.csv.structure import _Structure

    structure = _Structure(Dialect(",", "\n", ("a", "b"), 2, 0, 0))
    yield "crm_kpi.sources.readers.csv.structure._Structure._prefix", structure._prefix, {"match"}


def worst() -> Iterator[str]:
    """Long texts of one letter and of two, that end as they go on or otherwise."""
    for unit in (*LETTERS, *map("".join, itertools.permutations(' 0a.,"', 2)), "Total ", "1 a,"):
        for end in ("", "!", "\n"):
            yield unit * (LONG // len(unit)) + end
    for start in ("total", "1", "a@", "sep=,", '"', "(", "%"):
        for unit in ' 0a.,"(':
            yield start + unit * LONG + "!"


def feed(pattern: Pattern, methods: set[str]) -> None:
    for text in worst():
        fed: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
        for method in methods & {"fullmatch", "match", "search", "findall", "split"}:
            getattr(pattern, method)(fed)
        if "sub" in methods:
            pattern.sub(lambda found: found[0], fed)
        if "finditer" in methods:
            list(pattern.finditer(fed))


def test_all_are_linear() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.test_patterns"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    names = done.stdout.split()
    assert done.returncode == 0, f"{names[-1]} takes more than linear time"
    assert len(names) > 20


if __name__ == "__main__":
    for name, pattern, methods in patterns():
        print(name, flush=True)
        # Ends the process. It counts what this one works, however busy the machine is.
        signal.setitimer(signal.ITIMER_PROF, PATIENCE)
        feed(pattern, methods)
        signal.setitimer(signal.ITIMER_PROF, 0)
