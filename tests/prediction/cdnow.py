"""The CDNOW sample as its authors printed it: what 2,357 customers of a music shop bought by the
end of September 1997. It comes with the development dependency `lifetimes`."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path


def folder() -> Path:
    spec = importlib.util.find_spec("lifetimes")
    assert spec is not None
    assert spec.origin
    return Path(spec.origin).parent / "datasets"


def _rows() -> list[dict[str, str]]:
    path = folder() / "cdnow_customers_summary_with_transactions.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def customers() -> Counter[tuple[int, int, int]]:
    """How many there are by repeat purchases, and by recency and age in days."""
    return Counter(
        (int(row["x"]), round(7 * float(row["t_x"])), round(7 * float(row["T"]))) for row in _rows()
    )


def means() -> Counter[tuple[int, float]]:
    """How many came back by repeat purchases, and by what one of these was worth."""
    return Counter((int(row["x"]), float(row["zbar"])) for row in _rows() if int(row["x"]))
