"""Rejected rows are told by kind: how many, why, the first places, and what is likely behind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError, Problem, by_kind
from tests.sources.conftest import read

SUBSCRIPTIONS = (
    "subscription_id,customer_id,signup_date,start_date,mrr_amount,billing_frequency\n"
    "S1,A,2024-01-02,2024-01-02,10,monthly\n"
    + "".join(f"S{n},B,day {n},2024-01-02,10,monthly\n" for n in range(2, 7))
)


def refusal(table: str, content: str, path: str = "t.csv") -> DataError:
    with pytest.raises(DataError) as caught:
        read(table, content, path, rejected_rows=Decimal("0.01"))
    return caught.value


def test_count_reason_column_and_first_places_the_most_first() -> None:
    error = refusal(
        "transactions",
        "order_id,customer_id,date,amount\n1,A,2024-01-02,x\n2,A,a,1\n3,A,b,1\n4,A,c,1\n5,A,d,1\n",
    )
    hint = "other ways to write a date are declared by sources.transactions.dates"
    assert tuple(map(str, error.kinds)) == (
        f"4 × date: not a date: t.csv:3 'a', :4 'b', :5 'c' … - {hint}",
        "t.csv:2: column amount: not a number ('x')",
    )
    assert str(error) == "transactions: 5 of 5 rows are rejected, limits.rejected_rows allows 1%"
    assert error.hint == "mend them: crm-kpi validate lists them all"
    assert len(error.problems) == 5


def test_what_it_looks_like_and_the_line_to_paste() -> None:
    error = refusal("customers", SUBSCRIPTIONS, "my subs.csv")
    assert error.kinds[-1] == (
        "it looks like subscriptions: it has subscription_id, mrr_amount, billing_frequency"
    )
    assert error.hint == "crm-kpi report --subscriptions 'my subs.csv'"


def test_few_rejected_rows_can_be_left_out() -> None:
    rows = "".join(f"{n},A,2024-01-02,1\n" for n in range(39))
    error = refusal("transactions", f"order_id,customer_id,date,amount\n{rows}39,A,x,1\n")
    assert error.hint is not None
    assert error.hint.endswith("--set limits.rejected_rows=3%")


def test_kinds_of_a_table_count_each_row_once() -> None:
    loaded = read("transactions", "customer_id,date,amount\nA,x,y\nB,z,1\n")
    assert [kind.count for kind in loaded.audit.kinds] == [2]
    assert sum(kind.count for kind in loaded.audit.kinds) == loaded.audit.rejected


def test_kinds_differ_by_column_and_hint_and_name_each_file_once() -> None:
    kinds = by_kind(
        [
            Problem("blank", "a.csv", 2, "date"),
            Problem("blank", "a.csv", 3, "amount"),
            Problem("blank", "b.csv", 4, "date", hint="h"),
            Problem("blank", "b.csv", 5, "date", "x" * 99, hint="h"),
            Problem("odd"),
            Problem("odd"),
        ]
    )
    assert [str(kind) for kind in kinds] == [
        "a.csv:2: column date: blank",
        "a.csv:3: column amount: blank",
        f"2 × date: blank: b.csv:4, :5 '{'x' * 40}…' - h",
        "2 × odd",
    ]
