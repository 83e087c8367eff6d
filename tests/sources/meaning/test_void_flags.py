"""Rows that a column of yes and no makes void."""

from __future__ import annotations

import pytest

from tests.sources.conftest import read


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("_fivetran_deleted", ("false", "true", "")),
        ("is_deleted", ("0", "1", "0")),
        ("Đã xóa", ("không", "có", "không")),
        ("livemode", ("true", "false", "true")),
        ("Voided", ("No", "Yes", "No")),
    ],
)
def test_such_rows_are_left_out_and_said(header: str, words: tuple[str, ...]) -> None:
    rows = (f"2024-01-0{i},5,{word}\n" for i, word in enumerate(words, 1))
    audit = read("transactions", f"date,amount,{header}\n" + "".join(rows)).audit
    assert (audit.used, audit.excluded) == (2, 1)
    assert audit.left_out == [f"1 left out by {header!r}"]
    assert [reading.column for reading in audit.meaning] == [header]


@pytest.mark.parametrize("header", ["Cancelled", "Đã trả hàng", "is_refunded"])
def test_orders_that_came_to_nothing_are_left_out(header: str) -> None:
    text = f"date,amount,{header}\n2024-01-01,5,1\n2024-01-02,5,0\n"
    assert read("transactions", text).audit.left_out == [f"1 left out by {header!r}"]


def test_a_column_of_other_words_says_nothing() -> None:
    text = "date,amount,test\n2024-01-01,5,A\n2024-01-02,5,yes\n"
    assert read("transactions", text).audit.used == 2


def test_a_subscription_that_was_cancelled_was_one() -> None:
    text = "customer_id,start_date,amount,cancelled\nA,2024-01-01,5,yes\n"
    assert read("subscriptions", text).audit.used == 1
    assert read("transactions", "date,amount,cancelled\n2024-01-01,5,yes\n").audit.used == 0


def test_who_names_the_column_has_declared_it() -> None:
    text = "date,amount,deleted\n2024-01-01,5,yes\n2024-01-02,5,no\n"
    assert read("transactions", text, status="ignore").audit.used == 2
    assert read("transactions", text, named=frozenset({"deleted"})).audit.used == 2


@pytest.mark.parametrize("header", ["cancelled_at", "Cancellation date", "Ngày hủy", "deleted_at"])
def test_the_day_of_a_cancellation_makes_an_order_void(header: str) -> None:
    text = f"date,amount,{header}\n2024-01-01,5,\n2024-01-02,7,2024-01-03 10:00\n2024-01-03,9,-\n"
    audit = read("transactions", text).audit
    assert (audit.used, audit.left_out) == (2, [f"1 left out by {header!r}"])
    assert read("transactions", text, status="ignore").audit.used == 3
    assert read("transactions", text.replace("2024-01-03 10:00", "0000-00-00")).audit.used == 3


def test_a_subscription_that_ends_some_day_was_one() -> None:
    text = "customer_id,start_date,amount,cancellation date\nA,2024-01-01,5,2024-03-01\n"
    assert read("subscriptions", text).audit.used == 1
