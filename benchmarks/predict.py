"""What predictions cost beyond counting: clv_predicted against the package lifetimes.

    python -m benchmarks.predict [--customers 100000 1000000] [--runs 3] [--folder DIR]

Each side runs in a process of its own, in turn, and gets the summary of the same customers ready
made: x, t, T and what they paid. Measured is the CPU time of fitting both models (MBG/NBD and
Gamma-Gamma), of what is expected in twelve discounted months, and of each customer's value; and
how much more memory the process took at its peak. lifetimes is measured where it is installed:
with its own discounting for the same twelve months, and without a prior, which it lacks.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

OURS, THEIRS = "crm-kpi", "lifetimes"
LAST = 729
AS_OF = date(2024, 12, 31)


def summary(customers: int, path: Path) -> None:
    """Customers of two years who buy and leave as those of CDNOW do, for the same money."""
    import polars as pl

    random = Random(1)
    columns: dict[str, list[Any]] = {name: [] for name in ("x", "t", "age", "paid")}
    for _ in range(customers):
        age = random.randrange(1, LAST)
        rate, leaves = random.gammavariate(0.53, 1 / 43), random.betavariate(0.9, 1.6)
        day, x, last = 0.0, 0, 0
        while random.random() >= leaves:
            day += 1 + min(9999.0, random.expovariate(rate) if rate else 9999.0)
            if day > age:
                break
            x, last = x + 1, int(day)
        worth = 15.4 * random.gammavariate(6.2, 1) / random.gammavariate(3.7, 1)
        columns["x"].append(x)
        columns["t"].append(last)
        columns["age"].append(age)
        columns["paid"].append(round(x * worth, 2))
    pl.DataFrame(columns).write_parquet(path)


def ours(path: str) -> dict[str, float]:
    """As the engine does: counted first, then fitted, then each customer."""
    import narwhals.stable.v2 as nw
    import polars as pl

    from crm_kpi.models._buyers import WithValue, learn_value
    from crm_kpi.prediction.spending import CELL

    rows = pl.read_parquet(path)
    before = memory()
    start = process_time()
    alike = ["x", "t", "age"]
    counted = rows.group_by(alike).agg(n=pl.len().cast(pl.Int64)).sort(alike)
    worth = pl.col("paid") / pl.col("x")
    means = (
        rows.filter(pl.col("x") > 0, pl.col("paid") > 0)
        .with_columns(
            near=((worth / (pl.col("paid").sum() / pl.col("x").sum())).log() / CELL).floor()
        )
        .group_by("x", "near")
        .agg(count=pl.len().cast(pl.Int64), paid=pl.col("paid").sum())
        .rename({"x": "repeats"})
    )
    counting = process_time() - start
    start = process_time()
    outlook = learn_value(nw.from_native(counted), nw.from_native(means), AS_OF, WithValue())
    each = nw.from_native(rows.with_columns(n=pl.lit(1)))
    future = outlook.of(each)["future"].sum()
    used = process_time() - start
    return {
        "counting": counting,
        "cpu": used + counting,
        "memory": memory() - before,
        "sum": future,
    }


def theirs(path: str) -> dict[str, float]:
    pandas, lifetimes = (import_module(name) for name in ("pandas", "lifetimes"))
    warnings.simplefilter("ignore")
    rows = pandas.read_parquet(path)
    before = memory()
    start = process_time()
    x, t, age = rows["x"], rows["t"] / 7, rows["age"] / 7
    z = (rows["paid"] / x).fillna(0.0)
    buying = lifetimes.ModifiedBetaGeoFitter().fit(x, t, age)
    back = (x > 0) & (z > 0)
    spending = lifetimes.GammaGammaFitter().fit(x[back], z[back])
    worth = spending.conditional_expected_average_profit(x, z)
    monthly = 1.1 ** (1 / 12) - 1
    future: Any = 0.0
    sooner: Any = 0.0
    for month in range(1, 13):
        weeks = month * 365 / 12 / 7
        later = buying.conditional_expected_number_of_purchases_up_to_time(weeks, x, t, age)
        future = future + (later - sooner) * worth / (1 + monthly) ** (month - 0.5)
        sooner = later
    used = process_time() - start
    return {"cpu": used, "memory": memory() - before, "sum": float(future.sum())}


SIDES: dict[str, Callable[[str], dict[str, float]]] = {OURS: ours, THEIRS: theirs}


def memory() -> float:
    """The most that this process has taken so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(side: str, path: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.predict", "--one", side, "--file", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=os.environ)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(SIDES[options.one](options.file)))
        return
    sides = [OURS]
    if importlib.util.find_spec("lifetimes"):
        sides.append(THEIRS)
    else:
        print("lifetimes is not installed: crm-kpi alone")
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        for customers in options.customers:
            path = folder / f"summary-{customers}.parquet"
            if not path.exists():
                summary(customers, path)
            found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
            for _ in range(options.runs):  # in turn, so that a busy minute hits both
                for side in sides:
                    found[side].append(measured(side, path))
            for side, runs in found.items():
                cpu, more = (median(run[name] for run in runs) for name in ("cpu", "memory"))
                print(f"{customers:>10,} {side:<10} {cpu:7.2f} s CPU {more:7.0f} MiB more")
            if THEIRS in found:
                ratio = median(
                    b["cpu"] / a["cpu"] for a, b in zip(found[OURS], found[THEIRS], strict=True)
                )
                sums = [found[side][0]["sum"] for side in sides]
                print(f"{customers:>10,} {ratio:.0f} times faster; sums differ by "
                      f"{100 * abs(sums[0] / sums[1] - 1):.2f} %")  # fmt: skip


if __name__ == "__main__":
    main()
