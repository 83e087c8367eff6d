"""What was paid back of an order, in a column beside its total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read


def amounts(headers: str, *rows: str, **how: Any) -> tuple[list[Decimal], list[How]]:
    content = f"date,transaction_id,{headers}\n" + "".join(f"2024-01-05,{row}\n" for row in rows)
    loaded = read("transactions", content, **how)
    return loaded.frame["amount"].to_list(), [r.how for r in loaded.audit.meaning]


@pytest.mark.parametrize(
    "headers", ["total,refund_amount", "Tổng tiền,Tiền hoàn", "Total,Refunds", "amount,Hoàn tiền"]
)
def test_it_is_taken_off(headers: str) -> None:
    found = amounts(headers, "1,100,0", "2,50,20", "3,30,-30", "4,10,")
    assert found == ([100, 30, 0, 10], [How.CONVENTIONAL])


def test_once_beside_a_status_that_knows_of_it() -> None:
    found, _ = amounts("total,status,refunded amount", "1,50,partially refunded,20", "2,9,paid,4")
    assert found == [30, 5]


def test_not_beside_a_refund_that_is_a_row_of_its_own() -> None:
    found, _ = amounts("total,refunded amount", "1,100,40", "1,-40,", "2,50,20")
    assert found == [100, -40, 30]


@pytest.mark.parametrize(
    ("headers", "rows"),
    [
        ("net amount,refund amount", ["1,100,20", "2,50,0"]),
        ("total,refund amount", ["1,100,120", "2,50,0"]),
        ("total,refund amount", ["1,100,5", "1,50,5"]),
    ],
)
def test_open_where_it_may_be_off_already_or_more_than_once(headers: str, rows: list[str]) -> None:
    with pytest.raises(DataError, match=r"less 'refund amount' .* or as it stands"):
        amounts(headers, *rows)


def test_who_maps_the_amount_has_declared_it() -> None:
    how: dict[str, Any] = {"columns": {"amount": "total"}}
    assert amounts("total,refund amount", "1,100,20", **how) == ([100], [])
    assert amounts("total,refund amount", "1,100,20", status="ignore")[0] == [100]
