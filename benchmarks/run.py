"""Times `crm-kpi report` against its peers, alternating: python benchmarks/run.py --size M

Prints one line per peer: medians of wall and CPU seconds, highest peak memory,
and the medians of the ratios to the floor, taken run by run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import data  # noqa: E402  (the folder is no package)

CONFIG = """as_of: 2024-12-31
currency: USD
periods: {{every: month, from: 2022-01-01, to: 2024-12-31}}
sources:
{sources}
"""
TABLES = ("customers", "transactions", "subscriptions", "surveys", "tickets")


@dataclass
class Times:
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


COMPARABLE = (
    "revenue",
    "repeat-purchase-rate",
    "customers",
    "mrr",
    "nps",
    "csat",
    "first-response-time",
)
"""The KPIs that the peers compute too."""


def commands(folder: Path) -> dict[str, list[str]]:
    python = sys.executable

    def ours(*only: str) -> list[str]:
        config = str(folder / "crm-kpi.yaml")
        words = ["report", *only, "-q", "-c", config, "--by", "segment", "-f", "json"]
        return [python, "-m", "crm_kpi", *words]

    return {
        "floor": [python, str(HERE / "floor.py"), str(folder)],
        "crm-kpi": ours(*COMPARABLE),
        "all KPIs": ours(),
        "duckdb": [python, str(HERE / "duckdb_sql.py"), str(folder)],
        "pandas": [python, str(HERE / "pandas_peer.py"), str(folder)],
    }


def prepare(folder: Path, size: str) -> None:
    if not (folder / "crm-kpi.yaml").exists():
        data.write(folder, size)
        sources = "\n".join(f"  {table}: {{path: {table}.csv}}" for table in TABLES)
        (folder / "crm-kpi.yaml").write_text(CONFIG.format(sources=sources), encoding="utf-8")


def compare(ours: str, theirs: str, peer: str) -> int:
    """Every component that the peer has, against ours. The number of cells compared."""
    mine = {
        (r["metric"], f"{r['period']}|{r['segment'].get('segment', '')}"): r
        for r in json.loads(ours)["results"]
    }
    cells = 0
    for metric, rows in json.loads(theirs).items():
        for key, components in rows.items():
            result = mine[metric, key]
            for name, value in components.items():
                ours_ = result["value"] if name == "value" else result["components"][name]
                cells += 1
                if not isclose(ours_, value, rel_tol=1e-9, abs_tol=1e-6):
                    sys.exit(f"{peer} disagrees: {metric} {key} {name}: {ours_} and {value}")
    return cells


def timed(command: list[str], times: Times) -> None:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    times.wall.append(time.perf_counter() - start)
    times.cpu.append(usage.ru_utime + usage.ru_stime)
    times.peak.append(usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=data.SIZES, default="S")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder to keep the data in")
    parser.add_argument("--only", nargs="*", help="peers to run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.data or Path(temporary)) / given.size
        prepare(folder, given.size)
        peers = commands(folder)
        if given.only:
            peers = {name: peers[name] for name in ("floor", *given.only)}
        output = {
            name: subprocess.run(command, capture_output=True, text=True, check=True).stdout
            for name, command in peers.items()
            if name != "floor"
        }
        if "crm-kpi" in output:
            for name in ("duckdb", "pandas"):
                if name in output:
                    cells = compare(output["crm-kpi"], output[name], name)
                    print(f"{name} agrees in {cells:,} cells")
        times = {name: Times() for name in peers}
        for _ in range(given.runs):
            for name, command in peers.items():
                timed(command, times[name])
    size = sum(path.stat().st_size for path in folder.glob("*.csv")) if given.data else 0
    print(
        f"size {given.size}" + (f", {size / 1e6:,.0f} MB" if size else "") + f", {given.runs} runs"
    )
    print(f"{'peer':<10}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}{'wall/floor':>12}{'cpu/floor':>11}")
    floor = times["floor"]
    for name, mine in times.items():
        wall = median(a / b for a, b in zip(mine.wall, floor.wall, strict=True))
        cpu = median(a / b for a, b in zip(mine.cpu, floor.cpu, strict=True))
        print(
            f"{name:<10}{median(mine.wall):>9.2f}{median(mine.cpu):>9.2f}{max(mine.peak):>9.0f}"
            f"{wall:>12.2f}{cpu:>11.2f}"
        )


if __name__ == "__main__":
    main()
