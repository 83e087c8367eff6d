"""What files for people cost to write, beside JSON: python benchmarks/pages.py [--runs 5]

The report of the samples over 13 months is computed once, in this process; each format then writes
it in turn, so that a slow moment falls on all of them. Printed are median seconds, how often that
is what JSON takes, and KiB. The limits are 0.4 s for the page and 1 s for the workbook.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path
from statistics import median

from crm_kpi.cli import for_people
from crm_kpi.cli.report import about
from crm_kpi.config import Setting, load_config
from crm_kpi.engine.plan import KpiQuery, everything
from crm_kpi.engine.run import compute
from crm_kpi.render import render

SAMPLES = Path(__file__).parents[1] / "samples" / "crm-kpi.yaml"
MONTHS = ("periods.every=month", "periods.from=2023-12-01", "periods.last=13")
FORMATS = ("json", "html", "xlsx", "svg", "overview")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    config = for_people.without_lists(load_config(SAMPLES, [Setting(word) for word in MONTHS]))
    names = [*everything(config), *for_people.analyses(config, "html")]
    report = compute(config, KpiQuery(names, predict_last=True))
    for_people.hide_lists(report, [*report.tables])
    report.asked = for_people.asked_by(config)
    told, seconds, sizes = about(report), dict[str, list[float]](), dict[str, int]()
    for run in range(options.parse_args().runs + 1):
        for name in FORMATS:
            raw = io.BytesIO()
            stream = io.TextIOWrapper(raw, "utf-8", newline="")
            begun = time.perf_counter()
            render(report, name, stream, about=told)
            stream.flush()
            if run:  # the first has the imports
                seconds.setdefault(name, []).append(time.perf_counter() - begun)
            sizes[name] = len(raw.getvalue())
    for name, times in seconds.items():
        ratio = median(times) / median(seconds["json"])
        print(f"{name:10} {median(times):6.3f} s {ratio:6.1f} × {sizes[name] / 1024:8.0f} KiB")


if __name__ == "__main__":
    main()
