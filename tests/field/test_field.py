"""Small inputs on which real files went wrong: each stands for a kind, and says why it is here.

A case is a folder with its files, a config where one is needed, and `case.yaml`:

    why      what a person wanted, what came out, why it was wrong
    cmd      words of crm-kpi, or a line of shell that calls it
    expect   what holds (see `Expected`); of `any_of`, one
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import environment

CASES = sorted(Path(__file__).parent.glob("cases/*/case.yaml"))
NAMES = [path.parent.name for path in CASES]
KEYS = {
    "any_of", "rc", "rc_not", "values", "results", "reason_contains", "definition_has",
    "notes_contain", "not_has", "stderr_has", "stderr_or_stdout_contains", "stderr_contains",
    "stderr_lacks", "stdout_contains",
}  # fmt: skip


class Expected:
    """What a case expects, held against what came.

    rc, rc_not           the exit code
    values               `METRIC PERIOD: number`; without `rc`, a refusal (2 or 3) will do
    results              all of them, with value and components
    reason_contains      of some result
    definition_has       a key of every result's definition
    notes_contain        of some source
    stderr_has           words on either stream; not_has: on neither
    stderr_contains, stderr_lacks, stdout_contains
    """

    def __init__(self, expect: Mapping[str, Any], done: subprocess.CompletedProcess[str]) -> None:
        self.expect = expect
        self.done = done
        self.both = f"{done.stdout}{done.stderr}".lower()
        answered = done.stdout.lstrip().startswith("{")
        self.report = json.loads(done.stdout) if answered else {"results": [], "sources": {}}
        self.totals = [r for r in self.report["results"] if not r["segment"]]

    def wrong(self) -> list[str]:
        """What does not hold."""
        assert self.expect.keys() <= KEYS
        if "any_of" in self.expect:
            ways = [Expected(each, self.done).wrong() for each in self.expect["any_of"]]
            return [] if [] in ways else [" | ".join(each) for each in ways]
        return [*self._ends(), *self._words(), *self._numbers()]

    def _ends(self) -> Iterator[str]:
        code = self.done.returncode
        if code == 1 or "traceback" in self.both:
            yield "a fault of the program's own"
        if code != self.expect.get("rc", code) or code in self.expect.get("rc_not", ()):
            yield f"exit {code}"

    def _words(self) -> Iterator[str]:
        out, err = self.done.stdout.lower(), self.done.stderr.lower()
        somewhere = ("stderr_has", "stderr_or_stdout_contains")
        looked = {
            "stderr_contains": err,
            "stdout_contains": out,
            **dict.fromkeys(somewhere, self.both),
        }
        for key, where in looked.items():
            yield from (
                f"not said: {w}" for w in self.expect.get(key, ()) if w.lower() not in where
            )
        for key, where in {"not_has": self.both, "stderr_lacks": err}.items():
            yield from (f"said: {w}" for w in self.expect.get(key, ()) if w.lower() in where)

    def _numbers(self) -> Iterator[str]:
        results = self.report["results"]
        if self.expect.get("values") and (
            "rc" in self.expect or self.done.returncode not in (2, 3)
        ):
            values = {f"{r['metric']} {r['period']}": r["value"] for r in self.totals}
            for key, value in self.expect["values"].items():
                if not same(values.get(key), value):
                    yield f"{key} is {values.get(key)}, not {value}"
        if "results" in self.expect:
            yield from self._results(self.expect["results"])
        reason = self.expect.get("reason_contains", "")
        if reason and not any(reason in (r["reason"] or "") for r in results):
            yield f"no reason says {reason}"
        key = self.expect.get("definition_has")
        if key and any(r["definition"].get(key) is None for r in results):
            yield f"a definition lacks {key}"
        note = self.expect.get("notes_contain", "")
        notes = [str(n) for source in self.report["sources"].values() for n in source["notes"]]
        if note and not any(note in each for each in notes):
            yield f"no note says {note}"

    def _results(self, wanted: list[Mapping[str, Any]]) -> Iterator[str]:
        if len(self.totals) != len(wanted):
            yield f"{len(self.totals)} results"
            return
        for result, want in zip(self.totals, wanted, strict=True):
            place = result["metric"], result["period"]
            if place != (want["metric"], want.get("period", place[1])):
                yield f"{place}, not {want}"
            components = want.get("components", {})
            if not same(result["value"], want["value"]) or not all(
                same(result["components"].get(name), value) for name, value in components.items()
            ):
                yield f"{result['value']} with {result['components']}, not {want}"


def same(value: float | None, wanted: float | None) -> bool:
    if value is None or wanted is None:
        return value is wanted
    return value == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command `crm-kpi` of this interpreter."""
    folder = tmp_path_factory.mktemp("tools")
    command = folder / "crm-kpi"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m crm_kpi "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.mark.skipif(shutil.which("sh") is None, reason="cases are lines of shell")
@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_case(path: Path, tools: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert case.keys() == {"why", "cmd", "expect"}
    line = case["cmd"] if isinstance(case["cmd"], str) else shlex.join(["crm-kpi", *case["cmd"]])
    expected = [case["expect"], *case["expect"].get("any_of", ())]
    if isinstance(case["cmd"], str) and " -f " not in line and any("values" in e for e in expected):
        line += " -f json"
    work = tmp_path / "case"
    shutil.copytree(path.parent, work)
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=environment(PATH=f"{tools}{os.pathsep}{os.environ['PATH']}"),
        timeout=120,
    )
    assert Expected(case["expect"], done).wrong() == [], f"{case['why']}\n{done.stderr}"
