"""Other columns that prove whether a bare amount of subscriptions covers seats and months."""

from __future__ import annotations

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read
from tests.sources.meaning.test_subscription_amount import amounts, hows


def _rows(headers: str, *rows: str) -> str:
    lines = (f"{n},2024-01-01,{row}" for n, row in enumerate(rows))
    return "\n".join([f"customer_id,start_date,{headers}", *lines, ""])


@pytest.mark.parametrize("total", ["Total", "total_price", "Thành tiền", "Gesamtbetrag"])
def test_amount_times_quantity_is_the_total(total: str) -> None:
    rows = _rows(f"price,seats,{total}", "10,3,30", "12,2,24", "10,1,10")
    loaded = read("subscriptions", rows)
    assert amounts(loaded) == ["30", "24", "10"]
    assert hows(loaded, "price") == [How.PROVED]


def test_an_amount_that_is_the_total_has_all_seats() -> None:
    loaded = read("subscriptions", _rows("price,seats,total", "30,3,30", "24,2,24", "10,1,10"))
    assert amounts(loaded) == ["30", "24", "10"]
    assert hows(loaded, "price") == [How.PROVED]


@pytest.mark.parametrize(("seats", "all_of_them"), [(1, ["10", "12"]), (None, ["30", "24"])])
@pytest.mark.parametrize("annual", ["Annual value", "Yearly total", "Giá trị hàng năm"])
def test_twelve_times_the_amount_is_the_annual_one(
    annual: str, seats: int | None, all_of_them: list[str]
) -> None:
    rows = (
        f"{price},{many},{12 * price * (seats or many)},year" for price, many in ((10, 3), (12, 2))
    )
    loaded = read("subscriptions", _rows(f"price,seats,{annual},interval", *rows))
    assert [str(int(amount) // 12) for amount in amounts(loaded)] == all_of_them  # of a year
    assert hows(loaded, "price") == [How.PROVED, How.PROVED]


def test_a_total_that_is_something_else_is_one_more_outcome() -> None:
    rows = _rows("price,seats,total_price", "10,3,35", "12,2,24", "10,1,10")
    with pytest.raises(DataError, match=r"MRR 32.*MRR 64.*MRR 69") as refused:
        read("subscriptions", rows)
    assert 'columns.amount="total_price"' in str(refused.value.hint)
    loaded = read("subscriptions", rows, columns={"amount": "total_price"})
    assert amounts(loaded) == ["35", "24", "10"]


def test_one_row_of_several_seats_proves_nothing() -> None:
    with pytest.raises(DataError, match="not 1 everywhere"):
        read("subscriptions", _rows("price,seats,total", "10,3,30", "10,1,10"))
