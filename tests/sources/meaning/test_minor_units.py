"""Whole amounts beside currencies in small letters: cents, as interfaces of programs give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read

API = "id,amount,currency,customer,created,livemode\nch_1,4900,{0},cus_1,2024-03-01,true\n"


def told(content: str, **how: Any) -> tuple[list[Decimal], list[How]]:
    loaded: LoadedTable = read("transactions", content, preset="none", **how)
    readings = [r.how for r in loaded.audit.meaning if r.column == "amount"]
    return loaded.frame["amount"].to_list(), readings


def test_marks_of_an_interface() -> None:
    assert told(API.format("usd")) == ([Decimal(49)], [How.CONVENTIONAL])


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 4900), ("vnd", 4900), ("kwd", "4.9")])
def test_currencies_of_other_decimals(currency: str, amount: Any) -> None:
    assert told(API.format(currency))[0] == [Decimal(amount)]


@pytest.mark.parametrize(
    "content",
    [
        API.format("USD"),
        API.format("usd").replace("4900", "49.50"),
        API.format("usd").replace("amount", "Amount"),
        "date,amount\n2024-03-01,4900\n",
    ],
)
def test_plain_files_are_as_they_stand(content: str) -> None:
    assert told(content)[1] == []


def test_without_other_marks_it_is_open_and_both_lines_close_it() -> None:
    content = "date,amount,currency\n2024-03-01,4900,usd\n"
    with pytest.raises(DataError, match=r"49\).*4,900") as refused:
        read("transactions", content)
    assert "--set 'sources.transactions.scale=0.01'" in str(refused.value.hint)
    assert told(content, scale=Decimal("0.01"))[0] == [Decimal(49)]
    assert told(content, scale=Decimal(1))[0] == [Decimal(4900)]


def test_currencies_are_still_converted() -> None:
    content = "date,amount,currency\n2024-03-01,10,EUR\n"
    rates = {"EUR": Decimal(2)}
    loaded = read("transactions", content, currency="USD", exchange_rates=rates)
    assert loaded.frame["amount"].to_list() == [Decimal(20)]
