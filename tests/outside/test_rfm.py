"""RFM and historic CLV of CDNOW against lifetimes, and against Fader and Hardie's own table.

Both tell the same differently. There, frequency counts the days with a purchase after
the first one, recency is the time from the first to the last, T that from the first to
the end. So, with one order per day:

    our frequency = their frequency + 1
    our recency   = T - their recency
    our monetary  = days with a purchase x their mean of a day, the first one included

An order worth nothing is none here and one there: lifetimes is not shown the eight of
CDNOW, and for the published table every order is worth 1.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.results import Report

from .sample import number

Ask = Callable[[pd.DataFrame, str, KpiQuery], Report]


def _datasets() -> Path:
    spec = importlib.util.find_spec("lifetimes")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "datasets"


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    text = (_datasets() / "CDNOW_sample.txt").read_text()
    rows = [line.split() for line in text.splitlines()]
    return pd.DataFrame(
        {
            "customer": [row[1] for row in rows],
            "day": pd.to_datetime([row[2] for row in rows]),
            "amount": [Decimal(row[4]) for row in rows],
        }
    )


@pytest.fixture(scope="module")
def summary() -> Callable[[pd.DataFrame, Any], pd.DataFrame]:
    """By customer frequency, recency, T and monetary_value, the first purchase included."""
    with warnings.catch_warnings():
        # lifetimes sets an option of pandas that pandas 3 no longer has a use for.
        warnings.filterwarnings("ignore", message="The 'mode.chained_assignment' option")
        from lifetimes.utils import summary_data_from_transaction_data

    def made(rows: pd.DataFrame, end: Any) -> pd.DataFrame:
        found: pd.DataFrame = summary_data_from_transaction_data(
            rows.astype({"amount": float}),
            "customer",
            "day",
            "amount",
            observation_period_end=end,
            include_first_transaction=True,
        )
        return found

    return made


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def asked(rows: pd.DataFrame, as_of: str, question: KpiQuery) -> Report:
        header = ["customer_id", "date", "amount"]
        rows.to_csv(tmp_path / "cdnow.csv", header=header, index=False)
        config = tmp_path / "crm-kpi.yaml"
        config.write_text(
            f"as_of: {as_of}\ncurrency: USD\nperiods: {{every: month}}\n"
            "sources: {transactions: {path: cdnow.csv}}\ndefinitions: {rfm: {order: day}}\n",
            encoding="utf-8",
        )
        return compute(load_config(config, env={}), question)

    return asked


RFM = KpiQuery(["rfm"], must=["rfm"])


def by_customer(report: Report) -> pd.DataFrame:
    return pd.DataFrame(report.tables["rfm"]).set_index("customer_id").sort_index()


@pytest.mark.parametrize("as_of", ["1997-09-30", "1998-06-30"])
def test_rfm(
    ask: Ask,
    orders: pd.DataFrame,
    summary: Callable[[pd.DataFrame, Any], pd.DataFrame],
    as_of: str,
) -> None:
    found = by_customer(ask(orders, as_of, RFM))
    worth = orders.groupby(["customer", "day"])["amount"].transform("sum") > 0
    outside = summary(orders[worth], as_of)
    assert list(found.index) == list(outside.index)
    assert list(found["frequency"]) == list(outside["frequency"])
    assert list(found["recency"]) == list(outside["T"] - outside["recency"])
    spent = outside["frequency"] * outside["monetary_value"]
    assert list(found["monetary"].astype(float)) == pytest.approx(list(spent), rel=1e-9)
    for score, of in (
        ("r", -found["recency"]),
        ("f", found["frequency"]),
        ("m", found["monetary"]),
    ):
        fifth = (of.astype(float).rank(method="min") - 1) * 5 // len(found) + 1
        assert list(found[score]) == list(fifth), score


def test_published_table(ask: Ask, orders: pd.DataFrame) -> None:
    """The summary of the first 39 weeks as published, in weeks with two digits."""
    published = pd.read_csv(_datasets() / "cdnow_customers_summary.csv").set_index("ID")
    found = by_customer(ask(orders.assign(amount=1), "1997-09-30", RFM))
    assert [int(customer) for customer in found.index] == list(published.index)
    assert list(found["frequency"]) == list(published["frequency"] + 1)
    days = (7 * published[["T", "recency"]]).round().astype(int)
    assert list(found["recency"]) == list(days["T"] - days["recency"])


def test_historic(
    ask: Ask, orders: pd.DataFrame, summary: Callable[[pd.DataFrame, Any], pd.DataFrame]
) -> None:
    found = ask(orders, "1998-06-30", KpiQuery(["clv_historic"], must=["clv_historic"])).results
    assert [result.start for result in found] == [
        date(1997 + month // 12, month % 12 + 1, 1) for month in range(18)
    ]
    for result in found:
        outside = summary(orders, pd.Timestamp(result.end) - pd.Timedelta(days=1))
        spent = outside["frequency"] * outside["monetary_value"]
        assert result.n == len(outside)
        assert number(result.components["revenue"]) == pytest.approx(spent.sum(), rel=1e-9)
        assert number(result.value) == pytest.approx(spent.sum() / len(outside), rel=1e-9)
