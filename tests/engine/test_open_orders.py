"""Young orders that are still open are left out, and the periods since the first are pending."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.results import Report


def _report(status: str, *settings: str, folder: Path) -> Report:
    done = [f"{n},A,2024-0{1 + n % 3}-1{n % 9},100,paid" for n in range(60)]
    text = "\n".join(["transaction_id,customer_id,date,amount,status", *done,
                      f"70,B,2024-03-25,5,{status}", ""])  # fmt: skip
    (folder / "t.csv").write_text(text)
    config = f"as_of: 2024-03-31\nsources: {{transactions: {{path: {folder}/t.csv}}}}\n"
    (folder / "c.yaml").write_text(config)
    return compute(load_config(folder / "c.yaml", settings, env={}), KpiQuery(["revenue"]))


@pytest.mark.parametrize("again", [False, True])
def test_the_last_period_is_pending(tmp_path: Path, again: bool) -> None:
    kept = f"cache={tmp_path}"
    report = _report("pending", kept, folder=tmp_path)
    if again:
        report = _report("pending", kept, folder=tmp_path)
    told = {r.period: (r.status, r.reason) for r in report.results}
    assert told["2024-03"] == ("pending", "orders since 2024-03-25 are still open and left out")
    assert told["2024-01"][0] != "pending"
    assert report.results[-1].value == 2000


@pytest.mark.parametrize(("status", "settings"), [
    ("paid", ()), ("cancelled", ()),
    ("pending", ("sources.transactions.status={open: count}",)),
    ("pending", ("sources.transactions.status={open: exclude}",)),
])  # fmt: skip
def test_nothing_is_pending_otherwise(
    tmp_path: Path, status: str, settings: tuple[str, ...]
) -> None:
    report = _report(status, *settings, folder=tmp_path)
    assert {r.status for r in report.results}.isdisjoint({"pending"})
