"""The files of a sample company: asked about through crm_kpi, and read by pandas alone.

Cells as the exports have them: `31/12/2024`, `1.250.000`, local times. A row that
cannot be read, or that contradicts itself, is left out; of equal rows with an id
one stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.results import Number, Report, Result

DAY = pd.Timedelta(days=1)
AS_OF = pd.Timestamp("2024-12-31")
FREQUENCY = {"month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True)
class Sample:
    folder: Path

    def report(
        self,
        metrics: Sequence[str] = (),
        tables: Sequence[str] = (),
        every: str = "month",
        **definitions: str,
    ) -> Report:
        """Both years; definitions are YAML texts."""
        words = ["periods.from=2023-01-01", f"periods.every={every}"]
        words += [f"definitions.{name}={text}" for name, text in definitions.items()]
        config = load_config(self.folder / "crm-kpi.yaml", words, env={})
        return compute(config, KpiQuery([*metrics, *tables], must=[*metrics, *tables]))

    def results(
        self, metric: str, every: str = "month", **definitions: str
    ) -> dict[pd.Period, Result]:
        found = self.report([metric], every=every, **definitions).results
        return {pd.Period(result.start, FREQUENCY[every]): result for result in found}

    def table(self, name: str, every: str = "month", **definitions: str) -> list[dict[str, Any]]:
        return self.report(tables=[name], every=every, **definitions).tables[name]

    def read(self, name: str, **options: Any) -> pd.DataFrame:
        path = self.folder / f"{name}.csv"
        cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", **options)
        return cells.astype(object).where(cells != "", None)

    @cached_property
    def customers(self) -> pd.DataFrame:
        rows = self.read("customers").drop_duplicates()
        rows = pd.DataFrame(
            {
                "customer": rows["Mã khách hàng"],
                "signup": _time(rows["Ngày đăng ký"], "%d/%m/%Y"),
                "churn": _time(rows["Ngày rời bỏ"], "%d/%m/%Y"),
            }
        )
        return rows[rows["signup"].notna()]

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Lines of orders and refunds: customer (or None), order, day, amount (whole numbers), and
        whether it is a refund."""
        rows = self.read("transactions")
        amount = pd.to_numeric(rows["Tổng tiền"].str.replace(".", ""), errors="coerce")
        rows = pd.DataFrame(
            {
                "customer": rows["Mã khách hàng"],
                "order": rows["Mã đơn hàng"],
                "day": _time(rows["Ngày đặt"], "%d/%m/%Y %H:%M").dt.normalize(),
                "amount": amount,
                "refund": rows["Loại giao dịch"] == "Trả hàng",
            }
        ).dropna(subset=["day", "amount"])
        return rows.astype({"amount": "int64"})

    @cached_property
    def sales(self) -> pd.DataFrame:
        """The lines that orders are worth, whatever comes back."""
        return self.lines[~self.lines["refund"]]

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders of known customers, on the day of their first line, worth more than nothing."""
        orders = (
            self.sales.dropna(subset=["customer"])
            .groupby(["customer", "order"], as_index=False)
            .agg(day=("day", "min"), amount=("amount", "sum"))
        )
        return orders[orders["amount"] > 0]

    @cached_property
    def surveys(self) -> pd.DataFrame:
        rows = self.read("surveys").drop_duplicates()
        rows["score"] = pd.to_numeric(rows["score"])
        highest = rows["survey"].map({"nps": 10, "csat": 5, "ces": 7})
        rows = rows[rows["score"].isna() | (rows["score"] <= highest)]
        return rows.assign(sent=_time(rows["sent_at"]), answered=_time(rows["answered_at"]))

    @cached_property
    def tickets(self) -> pd.DataFrame:
        rows = self.read("tickets", delimiter=";").drop_duplicates()
        for column in ("created_at", "first_reply_at", "first_solved_at", "solved_at"):
            rows[column] = _time(rows[column])
        for column in ("agent_replies", "reopens"):
            rows[column] = pd.to_numeric(rows[column])
        return rows[~(rows["solved_at"] < rows["created_at"])]

    @cached_property
    def leads(self) -> pd.DataFrame:
        rows = self.read("leads").drop_duplicates()
        return rows.assign(created=_time(rows["created_at"]), converted=_time(rows["converted_at"]))

    @cached_property
    def opportunities(self) -> pd.DataFrame:
        rows = self.read("opportunities").drop_duplicates()
        return rows.assign(closed=_time(rows["closed_at"]))


def _time(cells: pd.Series, format: str = "%Y-%m-%d %H:%M:%S") -> pd.Series:
    return pd.to_datetime(cells, format=format, errors="coerce")


def months30(days: pd.Series) -> pd.Series:
    """The numbers of days in a year of twelve months of thirty days."""
    return days.dt.year * 360 + days.dt.month * 30 + days.dt.day


def months31(days: pd.Series) -> pd.Series:
    """The numbers of days in a year of twelve months of 31 days."""
    return days.dt.year * 372 + days.dt.month * 31 + days.dt.day


def in_period(days: pd.Series, period: pd.Period) -> pd.Series:
    return (days >= period.start_time) & (days <= period.end_time)


def number(value: Number | None) -> float:
    """NaN for none, as the others have it."""
    return float("nan") if value is None else float(value)
