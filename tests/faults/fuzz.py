"""Random damage to files, through the whole program, in one process.

    python -m tests.faults.fuzz --minutes 5 --seed 1

Whatever a file holds: the exit code is one of the contract, there is no traceback, stdout is
empty on 2, 3 and 5, stderr is safe to show, and what a JSON answer says of its rows adds up.
A file that breaks this is kept, and the command is printed that breaks with it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from tests.corpus.program import Outcome, crm_kpi

ROOT = Path(__file__).parents[2]
CODES = {0, 2, 3, 5}
STEERING = re.compile(
    "[\\0-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]"
)
"""What a terminal obeys."""
LARGEST = 20_000
"""Bytes of a seed: many small files find more than few large ones."""
SAMPLES = ROOT / "samples"
METRICS: dict[str, tuple[str, ...]] = {
    "customers": ("retention-rate",),
    "transactions": ("revenue",),
    "subscriptions": ("mrr",),
    "surveys": ("nps",),
    "tickets": ("first-response-time",),
    "leads": ("lead-conversion-rate",),
    "opportunities": ("win-rate",),
    "costs": ("retention-cost", "--customers", str(SAMPLES / "customers.csv")),
    "interactions": ("touches-per-lead",),
    "stage_changes": (
        *("weighted-pipeline", "--opportunities", str(SAMPLES / "opportunities.csv")),
        "--stage-changes",
    ),
}
"""The words before a file of each table, of which the metric reads the rows."""
TOKENS = (
    b'"', b",", b";", b"\t", b"|", b"\n", b"\r", b"\0", b"%", b"$", b"-", b" ",
    b'""', b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[31m", b"\xc2\x9b", b"\xe2\x80\xae",
    b"\xff", b"\xc3", b"=1+1", b"31/02/2024", b"1.250", b"1,250,000.50", b"NaN", b"inf", b"1e309",
    b"9" * 40, b"0000-00-00", b"9999-12-31", b"24:00", b"\xc3\xa1", b"a\xcc\x81", b"\xe2\x82\xab",
    b"N/A", b"::error::x", b"[bold]", b"<script>", b"../../x", b"sep=;\n", b"x" * 5000,
    b"T\xe1\xbb\x95ng c\xe1\xbb\x99ng",
)  # fmt: skip


def seeds() -> list[Path]:
    """The samples and the corpus."""
    corpus = [path for path in (ROOT / "tests/corpus/files").rglob("*") if path.is_file()]
    return [*sorted(SAMPLES.glob("*.csv")), *sorted(corpus)]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes after a few random changes."""
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        data = chance.choice(CHANGES)(data, chance)
    return data


def _replaced(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(TOKENS) + data[at + chance.choice((0, 1, 1, 4)) :]


def _byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    a, b = sorted(chance.randrange(len(lines) + 1) for _ in range(2))
    if chance.random() < 0.5:
        return b"".join(lines[:a] + lines[b:])
    return b"".join(lines[:b] + lines[a:])


def _everywhere(data: bytes, chance: random.Random) -> bytes:
    old, new = chance.sample((b",", b";", b"\t", b"|", b"\n", b"\r\n", b"/", b"-", b".", b" "), 2)
    return data.replace(old, new)


def _field(data: bytes, chance: random.Random) -> bytes:
    """A cell becomes another text."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(TOKENS)
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


CHANGES: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _replaced, _replaced, _byte, _cut, _lines, _everywhere, _field, _field,
)  # fmt: skip


def words(path: Path, seed: Path, chance: random.Random) -> list[str]:
    """A command that reads the file."""
    metric = METRICS.get(seed.stem) or chance.choice(list(METRICS.values()))
    name = str(path)
    return chance.choice(
        (
            [*metric, name, "-f", "json"],
            [*metric, name, "-f", "json", "--every", "all", "--set", "limits.rejected_rows=100%"],
            [*metric, name, "-f", chance.choice(("table", "csv", "markdown", "ndjson"))],
            ["validate", name, "-f", chance.choice(("table", "json", "csv", "github"))],
            ["validate", name, "--clean", str(path.parent / "clean"), "-q"],
            ["init", name, "-y"],
        )
    )


def wrong(
    command: Sequence[str], outcome: Outcome, allowed: Collection[int] = CODES
) -> Iterator[str]:
    """What must not be."""
    if outcome.code not in allowed:
        yield f"exit code {outcome.code}: {outcome.err}"
    if "Traceback" in outcome.err + outcome.out:
        yield "a traceback"
    # A config may name what is open, for a person to choose.
    chooses = command[0] == "init" and "open: " in outcome.err
    if outcome.code and command[0] != "validate" and not chooses:
        if outcome.out:
            yield f"stdout on exit {outcome.code}: {outcome.out[:80]!r}"
        if outcome.err.count("error: ") < 1:
            yield f"no message on exit {outcome.code}"
    if STEERING.search(outcome.err):
        yield f"stderr is not safe to show: {outcome.err!r}"
    if outcome.code == 0 and "json" in command:
        answer = json.loads(outcome.out)
        for name, source in answer["sources"].items() if isinstance(answer, dict) else ():
            parts = ("used", "rejected", "duplicates", "excluded", "future")
            if source["rows"] != sum(source[part] for part in parts):
                yield f"{name}: the rows do not add up: {source}"
            if sum(source["reasons"].values()) != source["rejected"]:
                yield f"{name}: the reasons do not add up: {source['reasons']}"


GoOn = Callable[[int], bool]
"""Whether another run follows so many."""
Fuzz = Callable[[int, Path, GoOn, Counter[int]], Iterator[str]]


def trials(
    seed: int,
    go_on: GoOn,
    codes: Counter[int],
    make: Callable[[int, random.Random], tuple[Path, list[str]]],
    allowed: Collection[int] = CODES,
) -> Iterator[str]:
    """The mistakes of the program over files and commands that are made at random. Each run has
    a seed of its own, so that it can be had again. Exit codes are counted."""
    run = seed
    while go_on(run - seed):
        path, command = make(run, random.Random(run))
        outcome = crm_kpi(*command)
        codes[outcome.code] += 1
        found = list(wrong(command, outcome, allowed))
        yield from (f"seed {run}: crm-kpi {' '.join(command)}: {what}" for what in found)
        if not found:
            path.unlink()
        run += 1


def fuzz(seed: int, folder: Path, go_on: GoOn, codes: Counter[int]) -> Iterator[str]:
    sources = seeds()

    def make(run: int, chance: random.Random) -> tuple[Path, list[str]]:
        source = chance.choice(sources)
        path = folder / f"{run}-{source.stem}.csv"
        path.write_bytes(damaged(source.read_bytes()[:LARGEST], chance))
        return path, words(path, source, chance)

    return trials(seed, go_on, codes, make)


def main(fuzz: Fuzz, description: str | None, minutes: float) -> int:
    """A fuzzer on the command line, for so many minutes unless it is told otherwise."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--runs", type=int, help="instead of minutes")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crm-kpi-fuzz-"))
    end = time.monotonic() + given.minutes * 60
    codes: Counter[int] = Counter()

    def go_on(done: int) -> bool:
        return bool(done < given.runs if given.runs else time.monotonic() < end)

    print(f"seed {given.seed}, files in {folder}", file=sys.stderr)
    mistakes = 0
    for what in fuzz(given.seed, folder, go_on, codes):
        mistakes += 1
        print(what, flush=True)
    ends = ", ".join(f"{count} with {code}" for code, count in sorted(codes.items()))
    print(f"{codes.total()} runs, {mistakes} mistakes; ended: {ends}", file=sys.stderr)
    if not mistakes:
        shutil.rmtree(folder)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(fuzz, __doc__, minutes=5))
