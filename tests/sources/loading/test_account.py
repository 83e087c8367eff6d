"""Every row is used, or counted with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, ExitCode, IdentityError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected


def test_every_way_out_is_counted_once() -> None:
    text = "ticket_id,created_at,solved_at,Mode\n" + (
        "1,2024-01-02,,live\n"  # used
        "1,2024-01-02,,live\n"  # duplicate
        "2,2024-01-02,,test\n"  # excluded
        "3,bad,,live\n"  # rejected
        "4,2025-01-01,2024-01-01,live\n"  # future, though it ends before it starts
        "\n"  # skipped
        "5,2024-12-31 23:59,,live\n"  # used
        "6,2024-01-02\n"  # rejected
    )
    audit = read("tickets", text, exclude={"Mode": ("test",)}).audit
    assert (audit.rows, audit.used, audit.duplicates, audit.excluded) == (7, 2, 1, 1)
    assert (audit.rejected, audit.future, audit.skipped) == (2, 1, 1)
    assert audit.balanced
    assert audit.reasons == {"not a date": 1, "too few fields": 1}


def test_the_future_is_that_of_the_local_day() -> None:
    text = "ticket_id,created_at\n1,2024-12-31T16:59:59Z\n2,2024-12-31T17:00:00Z\n"
    loaded = read("tickets", text, timezone="Asia/Ho_Chi_Minh")
    assert loaded.frame["ticket_id"].to_list() == ["1"]
    assert loaded.audit.future == 1


def test_other_dates_may_lie_after_as_of() -> None:
    text = "customer_id,start_date,end_date,amount\nA,2024-01-02,2025-06-01,5\n"
    loaded = read("subscriptions", text)
    assert loaded.audit.used == 1
    assert loaded.audit.notes == ["end_date: 1 row after 2024-12-31"]


def lines(bad: int, good: int) -> str:
    rows = [f"b{i},x" for i in range(bad)] + [f"g{i},2024-01-02" for i in range(good)]
    return "\n".join(["customer_id,signup_date", *rows, ""])


def test_rejects_up_to_the_limit_are_tolerated_and_above_it_are_an_error() -> None:
    limit = Decimal("0.01")
    assert read("customers", lines(1, 99), rejected_rows=limit).audit.rejected == 1
    with pytest.raises(DataError) as caught:
        read("customers", lines(2, 98), rejected_rows=limit)
    assert caught.value.code is ExitCode.DATA
    assert str(caught.value) == (
        "customers: 2 of 100 rows are rejected, limits.rejected_rows allows 1%"
    )
    assert "crm-kpi validate" in str(caught.value.hint)
    assert [(p.line, p.value) for p in caught.value.problems] == [(2, "x"), (3, "x")]
    with pytest.raises(DataError, match=r"1 of 100 rows are rejected, .* allows 0%"):
        read("customers", lines(1, 99), rejected_rows=Decimal(0))
    tolerant = read("customers", lines(2, 98), rejected_rows=limit, everything=True)
    assert tolerant.audit.rejected == 2


def test_rows_left_out_do_not_dilute_the_limit() -> None:
    text = "customer_id,signup_date,Mode\n" + "a,2024-01-02,test\n" * 99 + "b,x,live\n"
    with pytest.raises(DataError, match="1 of 1 rows are rejected"):
        read("customers", text, exclude={"Mode": ("test",)}, rejected_rows=Decimal("0.01"))


def test_rows_of_unknown_customers_are_used_and_counted() -> None:
    Path("c.csv").write_text("customer_id,signup_date\nA,2024-01-02\n")
    Path("t.csv").write_text(
        "customer_id,date,amount\nA,2024-01-02,1\nB,2024-01-02,1\nB,2024-01-03,1\n,2024-01-02,1\n"
    )
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",))],
             "customers": [SourceSpec("customers", ("c.csv",))]}  # fmt: skip
    loaded = sources.load_all(specs, ReadOptions(AS_OF))
    assert list(loaded) == ["customers", "transactions"]
    assert loaded["transactions"].audit.unknown_customers == 2
    assert loaded["transactions"].audit.used == 4
    assert loaded["customers"].audit.unknown_customers == 0


def test_a_column_that_one_file_lacks_is_not_used() -> None:
    Path("a.csv").write_text(
        "customer_id,signup_date,churn_date,segment\nA,2024-01-02,2024-02-01,x\n"
    )
    Path("b.csv").write_text("customer_id,signup_date\nB,2024-01-02\n")
    for specs in (
        [SourceSpec("customers", ("a.csv", "b.csv"))],
        [SourceSpec("customers", ("a.csv",)), SourceSpec("customers", ("b.csv",))],
    ):
        options = ReadOptions(AS_OF, texts={"customers": frozenset({"segment"})})
        loaded = sources.load(TABLES["customers"], specs, options)
        assert loaded.columns == {"customer_id", "signup_date"}
        assert loaded.frame.columns == ["customer_id", "signup_date", "segment"]
        assert loaded.frame["segment"].to_list() == ["x", None]
        assert loaded.audit.notes == [
            "churn_date is not used, as b.csv has no column for it",
            "segment is blank in rows of b.csv, which has no column for it",
        ]


def test_a_kind_that_one_file_lacks_is_blank_there() -> None:
    """Returns in a file of their own are refunds beside sales that need no kind."""
    Path("sales.csv").write_text(
        "customer_id,date,amount\nA,2024-01-02,50\nB,2024-01-02,20\nB,2024-01-03,-5\n"
    )
    Path("returns.csv").write_text("customer_id,date,amount\nA,2024-01-05,10\n")
    Path("kinds.csv").write_text("customer_id,date,amount,kind\nA,2024-01-05,10,refund\n")
    sales = SourceSpec("transactions", ("sales.csv",))
    returns = SourceSpec("transactions", ("returns.csv",), constants={"kind": "refund"})
    both = SourceSpec("transactions", ("sales.csv", "kinds.csv"))
    for specs in ([sales, returns], [returns, sales], [both]):
        options = ReadOptions(AS_OF, texts={"transactions": frozenset({"kind"})})
        loaded = sources.load(TABLES["transactions"], specs, options)
        rows = set(loaded.frame.select("amount", "kind").rows())
        assert rows == {(50, None), (20, None), (-5, None), (-10, "refund")}
        assert "kind is blank in rows of sales.csv, which has no column for it" in (
            loaded.audit.notes
        )


def test_the_same_file_in_two_blocks_is_one_path_but_twice_its_rows() -> None:
    Path("s.csv").write_text("id,date,NPS,CSAT\n1,2024-01-02,9,5\n2,bad,3,4\n")
    specs = [
        SourceSpec("surveys", ("s.csv",), columns={"score": header}, constants={"survey": survey})
        for header, survey in (("NPS", "nps"), ("CSAT", "csat"))
    ]
    loaded = sources.load(TABLES["surveys"], specs, ReadOptions(AS_OF, rejected_rows=Decimal(1)))
    assert loaded.audit.paths == ["s.csv"]
    assert (loaded.audit.rows, loaded.audit.used, loaded.audit.rejected) == (4, 2, 2)
    assert [line for line, *_ in rejected(loaded)] == [3, 3]


def test_reading_twice_gives_the_same() -> None:
    text = lines(3, 500)
    first, second = read("customers", text), read("customers", text)
    assert first.frame.equals(second.frame)
    assert first.audit == second.audit


def test_rows_that_do_not_add_up_are_a_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crm_kpi.results.SourceAudit.balanced", False)
    with pytest.raises(IdentityError, match="customers: rows do not add up"):
        read("customers", lines(0, 3))


def test_a_time_zone_that_is_none() -> None:
    with pytest.raises(UsageError, match="'Hanoi' is no time zone"):
        read("customers", lines(0, 3), timezone="Hanoi")


def test_frames_have_no_columns_of_ours_alone() -> None:
    loaded = read("customers", lines(0, 3))
    assert loaded.frame.columns == ["customer_id", "signup_date"]
    assert loaded.frame["signup_date"].to_list() == [date(2024, 1, 2)] * 3


def test_one_file_knows_when_and_another_only_whether_customers_left() -> None:
    Path("a.csv").write_text("customer_id,signup_date,churn_date\nA,2024-01-01,2024-05-01\n")
    Path("b.csv").write_text("customer_id,signup_date,churned\nB,2024-01-02,yes\nC,2024-01-02,no\n")
    specs = [SourceSpec("customers", ("a.csv",)), SourceSpec("customers", ("b.csv",))]
    loaded = sources.load(TABLES["customers"], specs, ReadOptions(AS_OF))
    assert loaded.columns == {"customer_id", "signup_date", "churn_date", "churned"}
    assert loaded.frame["churn_date"].to_list() == [date(2024, 5, 1), None, None]
    assert loaded.frame["churned"].to_list() == [None, True, False]
    assert loaded.audit.notes == []


def test_a_refund_file_beside_a_file_of_sales() -> None:
    Path("s.csv").write_text("transaction_id,customer_id,date,amount\n1,A,2024-01-02,10\n")
    Path("r.csv").write_text("date,amount\n2024-01-03,4\n")
    specs = [
        SourceSpec("transactions", ("s.csv",)),
        SourceSpec("transactions", ("r.csv",), constants={"kind": "refund"}),
    ]
    loaded = sources.load(TABLES["transactions"], specs, ReadOptions(AS_OF))
    rows = loaded.frame.select("transaction_id", "customer_id", "kind", "amount").rows()
    assert rows == [("1", "A", None, Decimal(10)), (None, None, "refund", Decimal(-4))]
    assert "kind is blank in rows of s.csv, which has no column for it" in loaded.audit.notes
