"""`python -m tests.freeze`: whether everything that the program says is what it was.

    --renew      write down what it says now, after a change that is meant
    --quick      polars alone

Each scene is kept as its exit code and a hash of what it wrote to stdout and to stderr. The
JSON of DuckDB and Spark has to be that of polars; Spark is asked where it is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path

from tests.freeze import scenes

ROOT = Path(__file__).parents[2]
FROZEN = Path(__file__).with_name("frozen.json")
SEEDS = (1, 2, 3)
QUESTIONS = ({"by": ("segment",)}, {"every": "month", "where": {"channel": ["shop", None]}})

Said = list[int | str]
"""Exit code, hash of stdout, hash of stderr."""


class _Stream(io.TextIOWrapper):
    """A stream that a test can look into when the program has written to it."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


def say(words: Sequence[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line, run within this process."""
    from crm_kpi.cli.app import run
    from crm_kpi.cli.process import code_of

    out, talk = _Stream(), _Stream()
    with redirect_stdout(out), redirect_stderr(talk):
        code = int(code_of(lambda: run(list(words))))
    return code, out.text(), talk.text()


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def observe(words: Sequence[str], demo: str) -> Said:
    code, out, talk = say([word.replace("{demo}", demo) for word in words])
    return [code, *(hashed(text.replace(demo, "{demo}")) for text in (out, talk))]


def questions(engine: str) -> Iterator[tuple[str, Said]]:
    """All variants of all KPIs over companies of awkward rows, past the reading of files."""
    from crm_kpi import catalogue
    from crm_kpi.catalogue import KpiKind
    from tests.engine.company import ANALYSES, ask, company, text

    tables = {name: ANALYSES.get(name, [""])[-1] for name in catalogue.ids(KpiKind.TABLE)}
    for seed in SEEDS:
        for number, more in enumerate(QUESTIONS):
            report = ask(company(seed), engine, tables=tables, **more)  # type: ignore[arg-type]
            yield f"company {seed} question {number}", [0, hashed(text(report)), ""]


def observed(quick: bool) -> tuple[dict[str, Said], list[str]]:
    """What is said now, and where an engine says something else than polars."""
    found: dict[str, Said] = {}
    with ExitStack() as parts:
        demo = parts.enter_context(tempfile.TemporaryDirectory()) + "/demo"
        found["demo"] = [say(["demo", demo, "--customers", "150", "--seed", "3"])[0], "", ""]
        files = sorted(Path(demo).iterdir())
        found["demo files"] = [0, hashed("".join(p.read_text("utf-8") for p in files)), ""]
        found |= dict(questions("polars"))
        for words in [*scenes.commands(), *scenes.reports("polars")]:
            found[" ".join(words)] = observe(words, demo)
        differing = [] if quick else list(_compared(found, demo, parts))
    return found, differing


def _compared(found: dict[str, Said], demo: str, parts: ExitStack) -> Iterator[str]:
    engines = {"duckdb": "duckdb"}
    if importlib.util.find_spec("pyspark") and shutil.which("java"):
        from tests.engine.cluster import cluster

        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        remote = parts.enter_context(cluster(folder)).remote
        engines["spark"] = f"{{name: spark, remote: '{remote}'}}"
    else:
        print("freeze: no pyspark or no java here: Spark is left out", file=sys.stderr)
    for engine, value in engines.items():
        for words in scenes.reports("polars"):
            plain = [word for word in words if word not in ("--engine", "polars")]
            said = observe([*plain, "--set", f"engine={value}"], demo)
            if said[:2] != found[" ".join(words)][:2]:
                yield f"{engine}: {' '.join(words)}"
        if engine == "duckdb":  # tests/engine ask Spark for them, in minutes
            yield from (
                f"{engine}: {name}" for name, said in questions(value) if said != found[name]
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--show", metavar="PATTERN", help="print what such scenes say, and end")
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ.update({"COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C"})
    os.environ.pop("CRM_KPI_CONFIG", None)
    if given.show:
        for words in [*scenes.commands(), *scenes.reports("polars")]:
            if re.search(given.show, " ".join(words)):
                code, out, talk = say(words)
                print(f"== {' '.join(words)}: exit {code}\n{out}-- stderr\n{talk}")
        return 0
    now, differing = observed(given.quick)
    if given.renew:
        lines = [f"{json.dumps(name)}: {json.dumps(said)}" for name, said in sorted(now.items())]
        FROZEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        print(f"freeze: {len(now)} scenes written down")
    else:
        then = json.loads(FROZEN.read_text("utf-8"))
        for name in sorted(then.keys() | now.keys()):
            if then.get(name) != now.get(name):
                differing.append(f"{name}: {then.get(name)} -> {now.get(name)}")
    for line in differing:
        print(line)
    print(f"freeze: {len(now)} scenes, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
