"""Rows that stand twice, and ids that two rows claim."""

from __future__ import annotations

from pathlib import Path

from crm_kpi import sources
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected

TICKETS = "ticket_id,created_at,subject\n1,2024-01-02,a\n2,2024-01-02,b\n1,2024-01-02,a\n"


def test_equal_rows_are_dropped_where_rows_have_an_id() -> None:
    loaded = read("tickets", TICKETS)
    assert loaded.frame["ticket_id"].to_list() == ["1", "2"]
    assert (loaded.audit.duplicates, loaded.audit.rejected) == (1, 0)


def test_the_same_id_with_other_content_is_rejected_though_nobody_reads_what_differs() -> None:
    loaded = read("tickets", TICKETS.replace("1,2024-01-02,a\n2", "1,2024-01-02,z\n2"))
    assert rejected(loaded) == [(4, "ticket_id", "1", "same id with other content")]
    assert loaded.audit.duplicates == 0
    assert loaded.frame["ticket_id"].to_list() == ["1", "2"]


def test_quoting_and_outer_blanks_make_no_other_content() -> None:
    loaded = read("tickets", 'ticket_id,created_at,subject\n1,2024-01-02,a\n1,"2024-01-02", a\n')
    assert loaded.audit.duplicates == 1


def test_duplicates_keep() -> None:
    loaded = read("tickets", TICKETS, duplicates="keep")
    assert loaded.audit.used == 3
    assert loaded.audit.notes == [
        "1 row is equal to an earlier one in every column and kept; "
        "duplicates: drop leaves such rows out"
    ]


SALES = "customer_id,date,amount,Note\nA,2024-01-02,5,x\nA,2024-01-02,5,x\nA,2024-01-02,5,y\n"


def test_equal_transactions_are_kept_and_said() -> None:
    loaded = read("transactions", SALES)
    assert loaded.audit.used == 3
    assert "1 row is equal" in loaded.audit.notes[0]


def test_duplicates_drop_in_transactions_looks_at_every_column() -> None:
    loaded = read("transactions", SALES, duplicates="drop")
    assert (loaded.audit.used, loaded.audit.duplicates) == (2, 1)


def test_lines_of_one_order_are_no_duplicates() -> None:
    text = "transaction_id,customer_id,date,amount\n1,A,2024-01-02,5\n1,A,2024-01-02,6\n"
    loaded = read("transactions", text)
    assert (loaded.audit.used, loaded.audit.notes) == (2, [])


def test_an_order_that_stands_twice_is_read_once_where_every_other_stands_once() -> None:
    text = "transaction_id,customer_id,date,amount\n1,A,2024-01-02,5\n2,B,2024-01-02,5\n"
    loaded = read("transactions", text + "2,B,2024-01-02,5\n")
    assert (loaded.audit.used, loaded.audit.duplicates) == (2, 1)
    lines = text + "2,B,2024-01-02,5\n1,A,2024-01-02,6\n"
    assert read("transactions", lines).audit.used == 4
    alone = "transaction_id,customer_id,date,amount\n1,A,2024-01-02,5\n1,A,2024-01-02,5\n"
    assert read("transactions", alone).audit.used == 2
    assert read("transactions", text + "2,B,2024-01-02,5\n", duplicates="keep").audit.used == 3


def test_a_customer_who_came_back_is_kept() -> None:
    text = "customer_id,signup_date,churn_date\n" + (
        "A,2024-05-01,\nA,2023-01-01,2023-06-01\nA,2023-06-01,2023-12-01\n"
    )
    loaded = read("customers", text)
    assert loaded.audit.used == 3
    assert loaded.audit.rejected == 0


def test_equal_rows_of_two_files_are_dropped() -> None:
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(TICKETS.replace("1,2024-01-02,a\n2", "2"))
    spec = SourceSpec("tickets", ("a.csv", "b.csv"))
    loaded = sources.load(TABLES["tickets"], [spec], ReadOptions(AS_OF))
    assert (loaded.audit.rows, loaded.audit.used, loaded.audit.duplicates) == (4, 2, 2)


def test_a_claim_in_a_second_file_is_shown_there() -> None:
    Path("a.csv").write_text("ticket_id,created_at\n1,2024-01-02\n")
    Path("b.csv").write_text("ticket_id,created_at\n\n2,2024-01-02\n1,2024-01-03\n")
    spec = SourceSpec("tickets", ("a.csv", "b.csv"))
    loaded = sources.load(TABLES["tickets"], [spec], ReadOptions(AS_OF, rejected_rows=1))  # type: ignore[arg-type]
    (problem,) = loaded.audit.problems
    assert (problem.path, problem.line) == ("b.csv", 4)


def test_one_response_may_answer_several_surveys() -> None:
    text = "response_id,date,survey,score\n1,2024-01-02,nps,9\n1,2024-01-02,csat,4\n"
    assert read("surveys", text).audit.used == 2


def test_blank_ids_are_no_ids() -> None:
    text = "response_id,date,score\n,2024-01-02,9\n,2024-01-02,9\n,2024-01-02,8\n"
    assert read("surveys", text).audit.used == 3


def test_ids_that_differ_only_in_case_are_kept_and_said() -> None:
    text = "customer_id,signup_date\nab,2024-01-02\nAB,2024-01-02\nC,2024-01-02\n"
    loaded = read("customers", text)
    assert loaded.audit.used == 3
    assert loaded.audit.notes == ["customer_id: 1 ids are another one but for case or Unicode form"]


def test_a_million_claims_are_no_matter() -> None:
    lines = "".join(f"1,2024-01-02 00:00:00.{i:06}\n" for i in range(50_000))
    loaded = read("tickets", "ticket_id,created_at\n" + lines)
    assert loaded.audit.reasons == {"same id with other content": 49_999}


def test_which_ids_are_unique_is_known() -> None:
    text = "customer_id,signup_date,churn_date\nB,2023-01-01,2023-02-01\nA,2024-01-02,\n"
    assert read("customers", text).unique == {"customer_id"}
    assert read("customers", text + "B,2024-01-02,\n").unique == frozenset()
    assert read("customers", text + "A,2024-01-02,\n").unique == {"customer_id"}
    text = "customer_id,date,amount,transaction_id\nA,2024-01-02,1,x\nA,2024-01-02,1,y\n"
    assert read("transactions", text).unique == {"transaction_id"}
    assert read("transactions", text + "A,2024-01-02,1,x\n").unique == {"transaction_id"}
    assert read("transactions", text + "A,2024-01-02,2,x\n").unique == frozenset()
    assert read("transactions", text + "A,2024-01-02,1,\nA,2024-01-02,2,\n").unique == frozenset()
