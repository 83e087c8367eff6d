"""The status of orders: what counts, what is left out, and what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable, SourceSpec
from crm_kpi.sources.loading import loader, out_of_core
from crm_kpi.sources.spec import ReadOptions
from tests.sources.conftest import AS_OF, read

HEADER = "transaction_id,date,amount,Trạng thái\n"
SHOP = HEADER + (
    "1,2024-12-01,100,Hoàn thành\n2,2024-12-02,200,Đã hủy\n3,2024-12-03,300,Hoàn tiền\n"
    "4,2024-12-04,400,Đã giao\n5,2024-12-05,500,Trả hàng\n"
)


def orders(**count_of: int) -> str:
    """Ten sales of 100 with a status that stands beside each number of others."""
    words = ["paid"] * 100
    for word, count in count_of.items():
        words += [word.replace("_", " ")] * count
    rows = (f"{i},2024-12-30,100,{word}\n" for i, word in enumerate(words))
    return "transaction_id,date,amount,status\n" + "".join(rows)


def amounts(loaded: LoadedTable) -> list[int]:
    return [int(amount) for amount in loaded.frame["amount"]]


def shop(**how: Any) -> LoadedTable:
    return read("transactions", SHOP, **how)


def test_cancelled_and_returned_orders_are_left_out_and_said() -> None:
    loaded = shop()
    assert amounts(loaded) == [100, 400]
    audit = loaded.audit
    assert (audit.excluded, audit.rejected) == (3, 0)
    assert audit.left_out == ["2 returned (Hoàn tiền, Trả hàng)", "1 cancelled (Đã hủy)"]
    assert {reading.how for reading in audit.meaning} == {How.PROVED}
    assert [reading.rows for reading in audit.meaning] == [1, 2]
    assert set(loaded.frame.columns) == {"transaction_id", "date", "amount"}


def test_a_cancelled_order_is_no_reject_whatever_else_stands_in_it() -> None:
    loaded = read("transactions", SHOP.replace("200,", ",").replace("2024-12-02", "?"))
    assert (loaded.audit.excluded, loaded.audit.rejected) == (3, 0)


@pytest.mark.parametrize(
    "how",
    [
        {"status": "ignore"},
        {"named": frozenset({"Trạng thái"})},
        {"named": frozenset({"status"})},
        {"exclude": {"Trạng thái": ("x",)}},
        {"where": {"status": ("Hoàn thành", "Đã hủy", "Hoàn tiền", "Đã giao", "Trả hàng")}},
    ],
)
def test_who_names_the_status_has_declared_it(how: dict[str, Any]) -> None:
    loaded = shop(**how)
    assert amounts(loaded) == [100, 200, 300, 400, 500]
    assert [reading.how for reading in loaded.audit.meaning] == [How.DECLARED]
    assert not any("cancel" in word for word in loaded.audit.assumed)


def test_each_class_can_be_declared() -> None:
    assert amounts(shop(status={"void": "count"})) == [100, 200, 400]
    assert amounts(shop(status={"returned": "count"})) == [100, 300, 400, 500]
    assert amounts(shop(values={"status": {"Đã hủy": "done"}})) == [100, 200, 400]


def test_a_returned_order_whose_refund_is_a_row_of_its_own_stays() -> None:
    text = HEADER + "1,2024-12-01,100,Hoàn tiền\n1,2024-12-05,-100,Hoàn tiền\n2,2024-12-05,7,Xong\n"
    assert amounts(read("transactions", text, open_meaning="note")) == [100, -100, 7]
    kinds = "transaction_id,date,amount,kind,status\n1,2024-12-05,40,refund,Refunded\n"
    kinds += "2,2024-12-05,7,sale,Paid\n"
    assert amounts(read("transactions", kinds)) == [-40, 7]


def test_the_status_of_an_order_on_its_first_line_is_that_of_all() -> None:
    text = HEADER + "1,2024-12-01,100,Đã hủy\n1,2024-12-01,50,\n2,2024-12-01,7,Hoàn thành\n"
    assert amounts(read("transactions", text)) == [7]


def test_few_young_open_orders_are_left_out() -> None:
    loaded = read("transactions", orders(pending=5))
    assert loaded.audit.excluded == 5
    assert [r.how for r in loaded.audit.meaning] == [How.CONVENTIONAL]
    assert loaded.audit.left_out == ["5 still open (pending)"]


def test_many_open_orders_are_asked_for_with_both_sums() -> None:
    with pytest.raises(DataError) as refused:
        read("transactions", orders(pending=6))
    assert "left out (amounts add up to 10,000) or counted (amounts add up to 10,600)" in str(
        refused.value
    )


def test_old_open_orders_are_asked_for() -> None:
    old = orders(pending=1).replace("100,2024-12-30", "100,2024-12-16")
    assert "100,2024-12-16" in old
    with pytest.raises(DataError, match="still open"):
        read("transactions", old)
    assert read("transactions", old, until_data=True, as_of=AS_OF).audit.excluded == 1


def test_words_that_nobody_knows() -> None:
    few = read("transactions", orders(RTO=1))
    assert (few.audit.used, [r.how for r in few.audit.meaning]) == (101, [How.CONVENTIONAL])
    assert any("'RTO' on 1 row" in word for word in few.audit.assumed)
    with pytest.raises(DataError, match=r"nobody knows 'RTO' on 3 rows: counted .* or left out"):
        read("transactions", orders(RTO=3))


@pytest.mark.parametrize("content", [orders(pending=9), orders(RTO=9), orders(RTO=9, pending=9)])
def test_the_lines_to_paste_close_what_was_open(content: str) -> None:
    asked = read("transactions", content, open_meaning="note").audit.meaning
    open_ = [reading for reading in asked if reading.how is How.OPEN]
    for choice in (0, 1):
        pasted: dict[str, Any] = {}
        for reading in open_:
            outcome = reading.outcomes[choice]
            keys = outcome.option.removeprefix("sources.transactions.").split(".")
            value = yaml.safe_load(outcome.value)
            pasted |= {keys[0]: {keys[1]: value} if len(keys) > 1 else value}
        loaded = read("transactions", content, **pasted)
        assert How.OPEN not in [reading.how for reading in loaded.audit.meaning]
        assert loaded.audit.used in (100, 109, 118)


def test_a_column_of_other_words_is_said_not_to_be_used() -> None:
    text = HEADER + "1,2024-12-01,5,Ohio\n2,2024-12-01,6,Texas\n"
    loaded = read("transactions", text)
    assert loaded.audit.used == 2
    assert "column 'Trạng thái' not used" in loaded.audit.assumed
    address = read("transactions", text.replace("Trạng thái", "State")).audit
    assert (address.meaning, address.assumed) == ([], [])


def test_the_finer_of_two_decides_and_returns_beside_it() -> None:
    header = "transaction_id,date,amount,Order Status,Order Substatus,Return Status\n"
    rows = (
        "1,2024-12-30,10,Shipped,Delivered,\n2,2024-12-30,20,Shipped,In transit,\n"
        "3,2024-12-30,30,Completed,Completed,Approved\n"
    )
    loaded = read("transactions", header + rows, status={"open": "exclude"})
    assert amounts(loaded) == [10]
    assert loaded.audit.left_out == ["1 still open (In transit)", "1 returned (Approved)"]


@pytest.mark.parametrize(("quantity", "returned"), [
    ("Quantity", "Sku Quantity of return"), ("Số lượng", "Số lượng sản phẩm được hoàn trả"),
    ("Qty", "Returned Qty"), ("Menge", "Retourmenge"),
])  # fmt: skip
def test_fewer_came_back_than_were_sold(quantity: str, returned: str) -> None:
    header = f"transaction_id,date,amount,Status,Return Status,{quantity},{returned}\n"
    rows = (
        "1,2024-12-30,10,Completed,,1,0\n2,2024-12-30,20,Completed,Approved,2,1\n"
        "3,2024-12-30,30,Completed,Approved,2,2\n4,2024-12-30,40,Completed,Approved,2,0\n"
        "5,2024-12-30,50,Completed,Approved,,\n6,2024-12-30,60,Completed,,2,1\n"
    )
    loaded = read("transactions", header + rows)
    assert amounts(loaded) == [10, 20, 60]
    assert "3 returned (Approved)" in loaded.audit.left_out
    assert "1 partly returned counted in full" in loaded.audit.assumed


def test_a_plain_file_says_nothing() -> None:
    audit = read("transactions", "date,amount\n2024-12-01,5\n").audit
    assert (audit.meaning, audit.left_out) == ([], [])
    audit = read("transactions", orders()).audit
    assert (audit.meaning, audit.left_out) == ([], [])


def test_in_parts_the_same_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "ROWS", 4)
    content = orders(pending=9, cancelled=7, refunded=2, RTO=9)
    Path("t.csv").write_text(content)
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",))]}
    options = ReadOptions(AS_OF, open_meaning="note")
    whole = loader.load_all(specs, options)["transactions"].audit
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    parts = out_of_core.load_all(specs, options, tmp_path, 1 << 30)["transactions"].audit
    assert parts == whole


def test_sums_count_an_order_once_that_is_read_once() -> None:
    rows = "".join(f"{i},2024-12-30,100,paid\n" * 3 for i in range(100))
    text = "transaction_id,date,amount,status\n" + rows + "x,2024-12-30,600,pending\n"
    with pytest.raises(DataError, match="10,000"):
        read("transactions", text, once="transaction_id")


@pytest.mark.parametrize("header", ["Trạng thái ĐH", "Tình trạng đơn Shopee", "orderStatus"])
def test_a_header_that_speaks_of_a_status(header: str) -> None:
    assert amounts(read("transactions", SHOP.replace("Trạng thái", header))) == [100, 400]


@pytest.mark.parametrize("header", ["Tình trạng hôn nhân", "Customer status", "Lý do hủy"])
def test_a_header_that_speaks_of_something_else(header: str) -> None:
    audit = read("transactions", SHOP.replace("Trạng thái", header)).audit
    assert (audit.used, audit.meaning) == (5, [])


def test_what_was_paid_back_in_part_is_taken_off() -> None:
    text = "date,amount,status,Refund Amount\n2024-12-01,100,paid,0\n"
    text += "2024-12-01,50,partially refunded,20\n2024-12-01,30,refunded,30\n"
    loaded = read("transactions", text)
    assert amounts(loaded) == [100, 30]
    assert "1 partly returned counted less what was paid back" in loaded.audit.assumed
    alone = read("transactions", text.replace("Refund Amount", "Other"))
    assert amounts(alone) == [100, 50]
    assert "1 partly returned counted in full" in alone.audit.assumed
