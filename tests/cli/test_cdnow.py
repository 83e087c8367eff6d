"""Real input: the CDNOW sample, customers of a music shop in 1997 and 1998.

The file comes with the development dependency `lifetimes` and is read where it
lies. Every number is recounted here in plain Python.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

Order = tuple[str, date, Decimal]


@pytest.fixture(scope="module")
def orders() -> list[Order]:
    spec = importlib.util.find_spec("lifetimes")
    assert spec is not None
    assert spec.origin
    text = (Path(spec.origin).parent / "datasets" / "CDNOW_sample.txt").read_text()
    rows = [line.split() for line in text.splitlines()]
    return [(r[1], date(int(r[2][:4]), int(r[2][4:6]), int(r[2][6:])), Decimal(r[4])) for r in rows]


@pytest.fixture
def cdnow(tmp_path: Path, orders: list[Order]) -> Path:
    """As a CSV with headers of its own and the dates as they are, 19970101."""
    lines = [f"{who},{when:%Y%m%d},{amount}" for who, when, amount in orders]
    path = tmp_path / "cdnow.csv"
    path.write_text("\n".join(["buyer,day,paid", *lines, ""]), encoding="utf-8")
    config = (
        "as_of: 1998-06-30\ncurrency: USD\nsources:\n  transactions:\n"
        "    path: cdnow.csv\n    dates: '%Y%m%d'\n    duplicates: keep\n"
        "    columns: {customer_id: buyer, date: day, amount: paid}\n"
        "definitions:\n  retention_rate: {basis: activity, window: period}\n"
    )
    (tmp_path / "crm-kpi.yaml").write_text(config, encoding="utf-8")
    return path


def ask(crm_kpi: Run, metric: str, *words: str) -> list[dict[str, Any]]:
    done = crm_kpi(metric, *words, "-f", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    source = report["sources"]["transactions"]
    assert (source["rows"], source["used"], source["rejected"]) == (6919, 6919, 0)
    found: list[dict[str, Any]] = report["results"]
    return found


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def test_totals(crm_kpi: Run, cdnow: Path, orders: list[Order]) -> None:
    (revenue,) = ask(crm_kpi, "revenue", "--every", "all")
    assert revenue["value"] == 244091.94
    assert revenue["n"] == 6919
    (repeat,) = ask(crm_kpi, "repeat-purchase-rate", "--every", "all", "--set",
                    "definitions.repeat_purchase_rate={base: ever}")  # fmt: skip
    # 2,357 people, but an order worth nothing is none.
    assert len({who for who, _, _ in orders}) == 2357
    paid = Counter(who for who, _, amount in orders if amount > 0)
    again = sum(n >= 2 for n in paid.values())
    assert repeat["components"] == {"customers": len(paid), "repeat_customers": again}


def test_monthly_revenue(crm_kpi: Run, cdnow: Path, orders: list[Order]) -> None:
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for _, day, amount in orders:
        expected[month(day)] += amount
    found = {r["period"]: Decimal(repr(r["value"])) for r in ask(crm_kpi, "revenue")}
    assert found == expected
    assert len(found) == 18


def test_monthly_buyers_and_repeat_rate(crm_kpi: Run, cdnow: Path, orders: list[Order]) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for who, day, amount in orders:
        if amount > 0:
            counts[month(day)][who] += 1
    for result in ask(crm_kpi, "repeat-purchase-rate"):
        buyers = counts[result["period"]]
        again = sum(n >= 2 for n in buyers.values())
        assert result["components"] == {"customers": len(buyers), "repeat_customers": again}
        assert result["value"] == pytest.approx(100 * again / len(buyers), rel=1e-15)


def test_retention_by_activity(crm_kpi: Run, cdnow: Path, orders: list[Order]) -> None:
    buyers: defaultdict[str, set[str]] = defaultdict(set)
    for who, day, amount in orders:
        if amount > 0:
            buyers[month(day)].add(who)
    months = sorted(buyers)
    found = {r["period"]: r for r in ask(crm_kpi, "retention-rate")}
    for before, after in pairwise(months):
        kept = len(buyers[before] & buyers[after])
        assert found[after]["n"] == len(buyers[before])
        assert found[after]["value"] == pytest.approx(100 * kept / len(buyers[before]), rel=1e-15)
    assert found[months[0]]["value"] is None


def test_predicted_lifetime_value(crm_kpi: Run, cdnow: Path) -> None:
    """As published of the first 39 weeks: Fader, Hardie and Lee 2005 of purchases, and their note
    on the Gamma-Gamma model of 2013."""

    def ask_for(engine: str, definition: str) -> dict[str, Any]:
        done = crm_kpi(
            "clv-predicted", "--every", "all", "--as-of", "1997-09-30", "-f", "json",
            "--set", f"engine={engine}", "--set", f"definitions.clv_predicted={definition}",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (result,) = json.loads(done.stdout)["results"]
        found: dict[str, Any] = result
        return found

    published = "free_orders: count, prior: 0, horizon: 273d, discount: 0"
    bg = ask_for("polars", f"{{model: bg, {published}}}")
    parts = bg["components"]
    assert (bg["n"], parts["repeat_customers"]) == (2357, 946)
    assert [parts[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.243, 4.414, 0.793, 2.426], abs=5e-4
    )
    assert parts["log_likelihood"] == pytest.approx(-9582.4, abs=0.05)
    assert parts["expected_purchases"] == pytest.approx(1653.4, abs=0.05)
    assert [parts[name] for name in ("p", "q", "v")] == pytest.approx([6.25, 3.74, 15.44], abs=5e-3)
    mbg = ask_for("duckdb", f"{{{published}}}")
    parts = mbg["components"]
    assert [parts[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.5248, 6.1830, 0.8914, 1.6140], abs=2e-4
    )
    assert parts["log_likelihood"] == pytest.approx(-9582.14, abs=0.005)
    assert parts["expected_purchases"] == pytest.approx(1576.7, abs=0.05)
    assert mbg == ask_for("polars", f"{{{published}}}")
    # Eight bought for nothing alone, and are no customers by default.
    held = ask_for("polars", "{}")
    assert held["n"] == 2349
    assert held["components"]["r"] == pytest.approx(0.5278, abs=0.01)


@pytest.mark.parametrize(("model", "buys"), [("bg", 0.26179), ("mbg", 0.24003)])
def test_expected_churn(crm_kpi: Run, cdnow: Path, model: str, buys: float) -> None:
    """Who buys nothing within 39 weeks, by the parameters published of the first 39."""
    published = f"{{model: {model}, free_orders: count, prior: 0, horizon: 273d}}"
    done = crm_kpi(
        "expected-churn", "--every", "all", "--as-of", "1997-09-30", "-f", "json",
        "--set", f"definitions.expected_churn={published}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["n"] == 2357
    assert result["value"] == pytest.approx(100 * (1 - buys), abs=5e-4)


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("{horizon: 5h}", "should be a length in days, weeks or months such as 12 months"),
        ("{model: pareto}", "mbg"),
        ("{prior: -1}", "0"),
    ],
)
def test_a_prediction_that_cannot_be(crm_kpi: Run, cdnow: Path, definition: str, said: str) -> None:
    done = crm_kpi("clv-predicted", "--set", f"definitions.clv_predicted={definition}")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
