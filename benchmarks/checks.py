"""What the checks of the input cost in a report: python benchmarks/checks.py --size M

The product has no switch that leaves them out, so this file takes them out from outside, in a
process of its own: a first run keeps what was proved of each file and which ids are unique; the
runs without checks are handed that and do not look. Taken out are: the proof of structure (UTF-8,
NUL, quoting, fields of each record) and the sha256; the regexes that each date and number must
match before it is cast, of which one value a column is left; the rules within a row; the count of
unknown customers; and whether ids repeat. What the parser does by itself, and the casts, stay.
Both answers must be the same.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from data import SIZES  # noqa: E402  (the folder is no package)
from run import COMPARABLE, Times, prepare, timed  # noqa: E402

GOAL = 0.15
Known = dict[Any, Any]


class _NoDigest:
    """In the place of sha256."""

    def update(self, block: bytes) -> None: ...

    def hexdigest(self) -> str:
        return ""


def keep(known: Known) -> None:
    """Note what the checks find."""
    from crm_kpi.sources.checks import duplicates
    from crm_kpi.sources.readers.csv import csv_file

    prove, unique_ids = csv_file.prove, duplicates.unique_ids

    def noted_proof(file_bytes: Any, dialect: Any) -> Any:
        known[file_bytes.path] = prove(file_bytes, dialect)
        return known[file_bytes.path]

    def noted_ids(frame: Any, table: Any, columns: Any) -> Any:
        known[table.name] = unique_ids(frame, table, columns)
        return known[table.name]

    csv_file.prove = noted_proof
    duplicates.unique_ids = noted_ids


def take_out(known: Known) -> None:
    """Leave out every check, and say what is known."""
    from crm_kpi.sources.checks import duplicates, rules
    from crm_kpi.sources.io import file_bytes
    from crm_kpi.sources.loading import loader
    from crm_kpi.sources.parsing import dates, number_styles
    from crm_kpi.sources.readers.csv import csv_file

    only_shape = dates._only_shape
    parse = number_styles.parse

    def first_number(text: Any, declared: Any, **named: Any) -> Any:
        whole = parse(text.head(1), declared, **named)
        none = whole.percent.new_from_index(0, len(text))
        return number_styles.ParsedNumbers(text, text, none, cents=whole.cents)

    csv_file.prove = lambda file_bytes, dialect: known[file_bytes.path]
    duplicates.unique_ids = lambda frame, table, columns: known[table.name]
    dates._only_shape = lambda text, declared: only_shape(text.drop_nulls().head(1), declared)
    number_styles.parse = first_number
    file_bytes.hashlib = type("hashlib", (), {"sha256": _NoDigest})
    rules.check = lambda *_: None
    loader.count_unknown_customers = lambda _: None


def run(mode: str, store: Path, words: list[str]) -> int:
    """One report in this process: `keep`, `with` or `without`."""
    known: Known = pickle.loads(store.read_bytes()) if mode == "without" else {}
    if mode == "keep":
        keep(known)
    elif mode == "without":
        take_out(known)
    from crm_kpi.cli.app import run as crm_kpi

    code = crm_kpi(words)
    if mode == "keep":
        store.write_bytes(pickle.dumps(known))
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder to keep the data in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.data or Path(temporary)) / given.size
        prepare(folder, given.size)
        store = Path(temporary) / "known"
        config = ["-q", "-c", str(folder / "crm-kpi.yaml"), "--by", "segment", "-f", "ndjson"]
        for name, only in (("the peers' KPIs", COMPARABLE), ("all KPIs", ())):
            script = [sys.executable, __file__, "--run"]
            modes = {
                mode: [*script, mode, str(store), "report", *only, *config]
                for mode in ("keep", "with", "without")
            }
            answers = {
                mode: subprocess.run(command, capture_output=True, check=True).stdout
                for mode, command in modes.items()
            }
            if len(set(answers.values())) > 1:
                sys.exit("the answers differ")
            times = {mode: Times() for mode in ("with", "without")}
            for _ in range(given.runs):
                for mode, mine in times.items():
                    timed(modes[mode], mine)
            print(f"size {given.size}, {name}, {given.runs} runs")
            for what in ("wall", "cpu"):
                pairs = list(
                    zip(getattr(times["with"], what), getattr(times["without"], what), strict=True)
                )
                share = median((a - b) / a for a, b in pairs)
                print(
                    f"  {what}: {median(a for a, _ in pairs):.2f} s with checks, "
                    f"{median(b for _, b in pairs):.2f} s without: {share:.0%} of the report "
                    f"(goal {GOAL:.0%})"
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    main()
