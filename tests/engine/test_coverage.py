"""Zero, nothing yet, and a file that seems to be missing: one rule for every KPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.results import Result, Unit
from tests.support import ask, one

Row = Mapping[str, Any]


def leads(*days: str, owner: str = "An") -> list[Row]:
    return [
        {"lead_id": f"{owner} {i}", "created_at": d, "owner": owner} for i, d in enumerate(days)
    ]


def sales(months: Mapping[str, int]) -> list[Row]:
    """So many sales in each month."""
    return [
        {"customer_id": f"C{n}", "date": f"{month}-{10 + n}", "amount": 5}
        for month, count in months.items()
        for n in range(count)
    ]


def revenue(rows: Sequence[Row], period: str, **options: Any) -> Result:
    report = ask({"transactions": rows}, ["revenue"], as_of="2024-05-31", **options)
    return one(report, "revenue", period)


def test_no_row_is_zero_from_the_first_row_on_and_nothing_before() -> None:
    report = ask(
        {"leads": leads("2024-02-20", "2024-04-01")},
        ["leads"],
        as_of="2024-05-31",
        set_=["periods.from=2024-01-01"],
    )
    values = {result.period: result.value for result in report.results}
    assert values == {"2024-01": None, "2024-02": 1, "2024-03": 0, "2024-04": 1, "2024-05": 0}
    january = report.results[0]
    assert (january.status, january.reason) == (
        "no_data",
        "before the first row of leads, 2024-02-20",
    )
    # One less than in February, and one more than in March
    assert [result.change for result in report.results[2:4]] == [-1, 1]


def test_a_segment_without_rows_in_the_range_is_zero_too() -> None:
    rows = [*leads("2024-03-01", "2024-05-02"), *leads("2024-03-04", owner="Binh")]
    report = ask(
        {"leads": rows}, ["leads"], as_of="2024-05-31", by=["owner"], set_=["periods.last=1"]
    )
    assert [(r.segment, r.value) for r in report.results] == [
        ({}, 1),
        ({"owner": "An"}, 1),
        ({"owner": "Binh"}, 0),
    ]


def test_a_table_without_any_row() -> None:
    (result,) = ask({"leads": []}, ["leads"], as_of="2024-05-31").results
    assert (result.value, result.status, result.reason) == (None, "no_data", "no rows of leads")


STEADY = {"2024-01": 3, "2024-02": 4, "2024-04": 3, "2024-05": 3}


def test_one_month_without_a_row_while_the_others_have_some() -> None:
    march = revenue(sales(STEADY), "2024-03")
    assert (march.value, march.status) == (0, "pending")
    assert march.reason == "no rows of transactions in 2024-03: a file missing?"


def test_it_does_not_depend_on_the_months_that_are_shown() -> None:
    last = revenue(sales(STEADY), "2024-03", set_=["periods.to=2024-03", "periods.last=1"])
    assert last.status == "pending"


@pytest.mark.parametrize(
    "months",
    [
        {"2024-01": 3, "2024-02": 2, "2024-04": 3, "2024-05": 3},  # business is thin anyway
        {"2024-01": 3, "2024-02": 3, "2024-05": 3},  # two months without
    ],
)
def test_a_month_without_a_row_may_be_what_it_is(months: Mapping[str, int]) -> None:
    march = revenue(sales(months), "2024-03")
    assert (march.value, march.reason) == (0, None)


def test_a_month_that_is_not_over_may_be_empty() -> None:
    rows = sales({"2024-01": 3, "2024-02": 3, "2024-03": 3})
    report = ask({"transactions": rows}, ["revenue"], as_of="2024-04-05")
    assert one(report, "revenue", "2024-04").status != "pending"


def test_a_rate_has_no_value_and_says_why() -> None:
    report = ask({"transactions": sales(STEADY)}, ["average_order_value"], as_of="2024-05-31")
    march = one(report, "average_order_value", "2024-03")
    assert (march.value, march.status) == (None, "no_data")
    assert str(march.reason).endswith("no rows of transactions in 2024-03: a file missing?")


def test_what_is_counted_over_a_window_is_pending_too() -> None:
    """Customers of 90 days are still there without a sale in March, but fewer than there were."""
    report = ask(
        {"transactions": sales(STEADY)},
        ["customers"],
        as_of="2024-05-31",
        definitions={"customers": "{basis: activity}"},
    )
    march = one(report, "customers", "2024-03")
    assert (march.value, march.status) == (4, "pending")


@pytest.mark.parametrize("metric", catalogue.ids(catalogue.KpiKind.SCALAR))
def test_only_amounts_and_numbers_are_totals(metric: str) -> None:
    kpi = catalogue.load(metric)
    assert isinstance(kpi, ValueKpi)
    if kpi.is_total:
        assert kpi.unit_of(kpi.definition()) in (Unit.COUNT, Unit.MONEY)
    assert kpi.is_total or kpi.unit is not Unit.COUNT
