"""Times crm-kpi against its peers, alternating: python benchmarks/run.py --size S M L start xlsx

One round runs every peer once, each as a process of its own; rounds follow one another,
because machines drift. After the first round the answers are compared: the benchmark ends
with 1 where they differ. Prints a table per size: medians of wall and CPU seconds, highest
peak memory, and medians of the ratios taken round by round; with several sizes also the
exponent with which each peer grows from one to the next. `start` is start-up beside that of
Python and polars, `xlsx` a workbook beside libraries that only read it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import small  # noqa: E402  (the folder is no package)
from asked import CONFIG, TEN, report  # noqa: E402

# Nothing heavy is imported and no answer read here: what a process has in memory before it
# becomes another program counts in the other's peak.
PEERS = {
    "floor": "floor.py",
    "duckdb-scan": "duckdb_scan.py",
    "duckdb-sql": "duckdb_sql.py",
    "pandas": "pandas_peer.py",
}
OURS = ("ten", "ten-vn", "ten-512MiB", "everything")
ANSWERING = ("duckdb-sql", "pandas")
LITTLE = ("--set", "limits.memory=512MiB")
"""Memory that S and M fit into, and L does not."""
ROWS = {"S": 10_000, "M": 1_000_000, "L": 10_000_000}
"""Transactions, as data.py makes them."""
BASES = ("floor", "duckdb-sql", "pandas", *small.BASES)
"""What the others are told as multiples of."""


@dataclass
class Times:
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


def prepare(folder: Path, size: str) -> Path:
    """The config, beside data that are made where there are none."""
    if not (folder / "tickets.csv").exists():  # the last that is written
        subprocess.run([sys.executable, HERE / "data.py", folder, "--size", size], check=True)
    (folder / "crm-kpi.yaml").write_text(CONFIG, encoding="utf-8")
    return folder / "crm-kpi.yaml"


def dress(folder: Path) -> Path:
    """The config of the same data as a Vietnamese program writes them."""
    target = folder / "vn"
    if not (target / "transactions.csv").exists():  # the last that is written
        subprocess.run([sys.executable, HERE / "dress.py", folder, target], check=True)
    (target / "crm-kpi.yaml").write_text(CONFIG, encoding="utf-8")
    return target / "crm-kpi.yaml"


def commands(folder: Path, config: Path) -> dict[str, list[str]]:
    listed = subprocess.run(
        [sys.executable, HERE / "asked.py", config], capture_output=True, text=True, check=True
    )
    scripts = {
        name: [sys.executable, str(HERE / script), str(folder)] for name, script in PEERS.items()
    }
    return {
        "floor": scripts.pop("floor"),
        "ten": report(config, *TEN),
        "ten-vn": report(dress(folder), *TEN),
        "ten-512MiB": [*report(config, *TEN), *LITTLE],
        "everything": report(config, *listed.stdout.split()),
        **scripts,
    }


def timed(command: list[str], times: Times, answer: Path | None = None) -> None:
    """Runs the command to its end; stdout goes to the file `answer`.

    Raises:
        SystemExit: it failed.
    """
    with open(answer or os.devnull, "wb") as stdout, tempfile.TemporaryFile() as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            stderr.seek(0)
            said = stderr.read().decode(errors="replace")
            sys.exit(f"{said}{' '.join(command)} ended with {process.returncode}")
    times.wall.append(wall)
    times.cpu.append(usage.ru_utime + usage.ru_stime)
    times.peak.append(usage.ru_maxrss / 1024)


def compare(answers: Path, names: list[str]) -> None:
    """Every report against every peer that answers.

    Raises:
        SystemExit: they differ.
    """
    for ours in OURS:
        for peer in ANSWERING:
            if ours in names and peer in names:
                files = [str(HERE / "answers.py"), str(answers / ours), str(answers / peer)]
                done = subprocess.run([sys.executable, *files], capture_output=True, text=True)
                if done.returncode:
                    sys.exit(f"{ours} and {peer} disagree: {done.stderr}")
                print(f"{ours} and {peer} agree in {int(done.stdout):,} cells", flush=True)


def measured(peers: dict[str, list[str]], runs: int) -> dict[str, Times]:
    timed(next(iter(peers.values())), Times())  # the files are in the page cache for the first, too
    times = {name: Times() for name in peers}
    with tempfile.TemporaryDirectory() as temporary:
        answers = Path(temporary)
        for round_ in range(runs):
            for name, command in peers.items():
                timed(command, times[name], answers / name)
            if round_ == 0:
                compare(answers, list(peers))
    return times


def ratio(mine: list[float], base: list[float]) -> str:
    return f"{median(a / b for a, b in zip(mine, base, strict=True)):.2f}"


def table(times: dict[str, Times], csv_bytes: int) -> str:
    bases = [name for name in BASES if name in times]
    heads = ["peer", "wall s", "cpu s", "peak MB", "peak / CSV"]
    lines = [[*heads, *(f"{kind} / {base}" for base in bases for kind in ("wall", "cpu"))]]
    for name, mine in times.items():
        ratios = [
            ratio(getattr(mine, kind), getattr(times[base], kind))
            for base in bases
            for kind in ("wall", "cpu")
        ]
        peak = max(mine.peak)
        share = f"{peak * 2**20 / csv_bytes:.2f}"
        cells = [f"{median(mine.wall):.2f}", f"{median(mine.cpu):.2f}", f"{peak:.0f}", share]
        lines.append([name, *cells, *ratios])
    lines.insert(1, ["---", *["---:"] * (len(lines[0]) - 1)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = (" | ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in lines)
    return "\n".join(f"| {row} |" for row in rows)


def print_growth(by_size: dict[str, dict[str, Times]]) -> None:
    for little, large in pairwise(by_size):
        print(f"\n{little} to {large}, exponents of wall and CPU:")
        step = log(ROWS[large] / ROWS[little])
        for name, mine in by_size[large].items():
            before = by_size[little][name]
            wall = log(median(mine.wall) / median(before.wall)) / step
            cpu = log(median(mine.cpu) / median(before.cpu)) / step
            print(f"{name:<12}{wall:>6.2f}{cpu:>6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [*OURS, *PEERS, *small.NAMES]
    parser.add_argument("--size", choices=(*ROWS, *small.KINDS), nargs="+", default=["S"])
    parser.add_argument("--runs", type=int, default=5, help="rounds that are timed")
    parser.add_argument("--data", type=Path, help="folder to keep the data in")
    parser.add_argument("--only", nargs="+", choices=names, help="run these, and the first")
    given = parser.parse_args()
    # Programs are compiled where they are installed, and not on every run.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    by_size: dict[str, dict[str, Times]] = {}
    for size in given.size:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (given.data or Path(temporary)) / (size if size in ROWS else "S")
            config = prepare(folder, folder.name)
            peers = small.KINDS[size](config) if size in small.KINDS else commands(folder, config)
            csv_bytes = sum(path.stat().st_size for path in folder.glob("*.csv"))
            print(f"\nsize {size}, {csv_bytes / 1e6:,.1f} MB of CSV, {given.runs} runs", flush=True)
            wanted = [next(iter(peers)), *(given.only or names)]
            peers = {name: words for name, words in peers.items() if name in wanted}
            by_size[size] = measured(peers, given.runs)
            print("\n" + table(by_size[size], csv_bytes), flush=True)
    print_growth({size: times for size, times in by_size.items() if size in ROWS})


if __name__ == "__main__":
    main()
