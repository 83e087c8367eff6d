"""A table of which every row is left out says why; it does not say that there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

import crm_kpi
from crm_kpi.errors import DataError

HEADER = "date,amount,status\n"
CANCELLED = HEADER + "2024-01-01,5,cancelled\n2024-01-02,5,Đã hủy\n"


def report(tmp_path: Path, text: str, *kpis: str) -> list[str | None]:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    answer = crm_kpi.report(*kpis, transactions=str(path), as_of="2024-01-31")
    return [result.reason for result in answer.results]


def test_one_kpi_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        report(tmp_path, CANCELLED, "revenue")
    assert str(refused.value) == (
        "none of the 2 rows of transactions is left: 2 cancelled (cancelled, Đã hủy)"
    )
    assert "status=ignore" in str(refused.value.hint)


def test_rows_after_as_of_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 dated after as_of"):
        report(tmp_path, HEADER + "2024-03-01,5,paid\n", "revenue")


def test_of_several_each_has_it_as_its_reason(tmp_path: Path) -> None:
    reasons = report(tmp_path, CANCELLED, "revenue", "average_order_value")
    assert reasons
    assert all("2 cancelled" in str(reason) for reason in reasons)


def test_a_table_with_a_row_left_has_no_such_reason(tmp_path: Path) -> None:
    assert report(tmp_path, CANCELLED + "2024-01-03,5,paid\n", "revenue") == [None]
