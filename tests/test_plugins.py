"""KPIs of other people: files on the command line, and packages that are installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

SALES = "transaction_id,customer_id,date,amount\n1,A,2024-01-05,400\n2,A,2024-01-20,-40\n"
KPI = '''"""Refund rate: the share of what was sold that was paid back.

    rate = 100 x refunds / gross
"""

from crm_kpi.frames import orders_and_revenue
from crm_kpi.frames.orders import OrderRule
from crm_kpi.metrics._algebra import Aggregation, Sum, frame
from crm_kpi.metrics._spec import Metric, MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Unit


def parts(definition):
    sums = {name: Sum(name) for name in ("lines", "gross", "refunds")}
    return [Aggregation(frame(orders_and_revenue.purchases, order=OrderRule()), sums)]


def answer(state, definition):
    if not state.gross:
        return MetricValue(None, state.lines, reason="nothing sold")
    return MetricValue(ratio(-100 * state.refunds, state.gross), state.lines)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=False,
    formula="100 x refunds / gross",
    needs=lambda definition: {"transactions": ("customer_id", "date", "amount")},
    parts=parts,
    answer=answer,
)
'''
TABLE = '''"""Busy days: the days with a transaction.

Each once.
"""

from crm_kpi.analyses._spec import Analysis, always


def rows(scope, definition):
    days = scope.context.tables.filtered["transactions"].select("date").unique(["date"])
    return sorted(scope.rows(days), key=lambda row: row["date"])


ANALYSIS = Analysis(needs=always(transactions=("date",)), rows=rows)
'''


def run(folder: Path, *words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    house = Path(__file__).parents[1]
    search = os.pathsep.join(map(str, filter(None, (path, house))))
    return subprocess.run(
        [sys.executable, "-m", "crm_kpi", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    (tmp_path / "refund_rate.py").write_text(KPI, encoding="utf-8")
    return tmp_path


def test_a_file(folder: Path) -> None:
    words = ("--plugin", "refund_rate.py", "refund-rate", "sales.csv", "-q", "-f", "json")
    answer = json.loads(run(folder, *words).stdout)
    assert [result["value"] for result in answer["results"]] == [10]
    info = answer["metrics"]["refund_rate"]
    assert (info["title"], info["domain"]) == ("Refund rate", "own")


def test_a_report_of_everything_has_it(folder: Path) -> None:
    words = ("report", "--transactions", "sales.csv", "-q", "-f", "json")
    answer = json.loads(run(folder, "--plugin", "refund_rate.py", *words).stdout)
    assert {"refund_rate", "revenue"} <= {result["metric"] for result in answer["results"]}
    assert "refund_rate" not in run(folder, *words).stdout


def test_a_table(folder: Path) -> None:
    (folder / "busy_days.py").write_text(TABLE, encoding="utf-8")
    done = run(folder, "--plugin", "busy_days.py", "busy-days", "sales.csv", "-q", "-f", "csv")
    assert done.stdout == "date\n2024-01-05\n2024-01-20\n"


def test_help_lists_it_and_tells_of_it(folder: Path) -> None:
    shown = run(folder, "--plugin", "refund_rate.py", "--help").stdout
    assert "Of your own:" in shown
    assert "refund-rate" in shown
    told = run(folder, "--plugin", "refund_rate.py", "metrics", "refund_rate").stdout
    assert "rate = 100 x refunds / gross" in told


def test_the_package_of_the_docs(folder: Path, tmp_path: Path) -> None:
    """As `pip install` would lay it down."""
    page = (Path(__file__).parents[1] / "docs" / "own-kpis.md").read_text(encoding="utf-8")
    fence = r'^```\w+ title="([^"]+)"\n(.*?)^```$'
    blocks = dict(re.findall(fence, page, re.MULTILINE | re.DOTALL))
    assert {"refund_rate.py", "pyproject.toml", "tests/test_refund_rate.py"} <= set(blocks)
    project = tomllib.loads(blocks["pyproject.toml"])["project"]
    (points,) = project["entry-points"].values()
    site = tmp_path / "site"
    for name in ("our_kpis/__init__.py", "our_kpis/refund_rate.py", "test_refund_rate.py"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        block = blocks.get(name.removeprefix("our_kpis/")) or blocks.get(f"tests/{name}", "")
        (site / name).write_text(block, encoding="utf-8")
    info = site / "our_kpis-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-kpis\nVersion: 1.0\n")
    lines = [f"{name} = {module}\n" for name, module in points.items()]
    (info / "entry_points.txt").write_text("".join(["[crm_kpi.metrics]\n", *lines]))
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_refund_rate.py"]
    house = Path(__file__).parents[1]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (site, house)))}
    subprocess.run(words, cwd=site, env=env, check=True)
    done = run(folder, "refund-rate", "sales.csv", "-q", "-f", "json", path=site)
    assert json.loads(done.stdout)["metrics"]["refund_rate"]["domain"] == "retention"


def test_a_package_that_is_installed(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "our_kpis").mkdir(parents=True)
    (site / "our_kpis" / "__init__.py").touch()
    (site / "our_kpis" / "refunds.py").write_text(KPI, encoding="utf-8")
    info = site / "our_kpis-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-kpis\nVersion: 1.0\n")
    points = "[crm_kpi.metrics]\nrefund_share = our_kpis.refunds\n"
    (info / "entry_points.txt").write_text(points)
    done = run(folder, "refund-share", "sales.csv", "-q", "-f", "json", path=site)
    assert json.loads(done.stdout)["results"][0]["value"] == 10
    (info / "entry_points.txt").write_text(points.replace("refund_share", "nps"))
    done = run(folder, "revenue", "sales.csv", "-q", path=site)
    assert (done.returncode, done.stderr) == (2, "error: our-kpis: crm-kpi has a KPI nps already\n")
    (info / "entry_points.txt").write_text(points.replace("refunds", "gone"))
    done = run(folder, "revenue", "sales.csv", "-q", path=site)
    assert done.returncode == 2
    assert "our-kpis names the module our_kpis.gone, which there is not" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone", None, "gone.py: cannot be read: No such file or directory"),
        ("half", "def", "half.py:1: is no Python"),
        ("Odd", KPI, "Odd.py: Odd is no name of a KPI"),
        ("none", '"""None: nothing."""', "none.py: should give a value to one of METRIC, ANALYSIS"),
        ("bare", "METRIC = 1", "bare.py: should begin with a docstring"),
        ("away", f"{KPI}DOMAIN = 'moon'", "away.py: there is no domain moon; there are retention"),
        ("fails", f"{KPI}1 / 0", "fails.py: ZeroDivisionError: division by zero"),
        ("revenue", KPI, "revenue.py: crm-kpi has a KPI revenue already"),
    ],
)
def test_what_is_no_kpi(folder: Path, name: str, content: str | None, reason: str) -> None:
    if content is not None:
        (folder / f"{name}.py").write_text(content, encoding="utf-8")
    command = name.replace("_", "-")
    done = run(folder, "--plugin", f"{name}.py", command, "sales.csv", "-q")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {reason}")
    assert "Traceback" not in done.stderr


def test_a_config_cannot_name_one(folder: Path) -> None:
    (folder / "c.yaml").write_text("plugin: refund_rate.py\n", encoding="utf-8")
    done = run(folder, "report", "-c", "c.yaml", "-q")
    assert (done.returncode, "plugin" in done.stderr) == (2, True)
