"""What must hold within a row: each reason with its true line."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.sources.conftest import read, rejected


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [
        ("customers", "customer_id,signup_date\n,2024-01-02\nA,\n",
         [(2, "customer_id", None, "blank required value"),
          (3, "signup_date", None, "blank required value")]),
        ("customers", "customer_id,signup_date,churn_date\nA,2024-03-01,2024-02-01\n"
         "B,2024-03-01,2024-03-01\n",
         [(2, "churn_date", "2024-02-01", "end before start")]),
        ("transactions", "customer_id,date,amount\n,2024-01-02,5\nA,,5\nA,2024-01-02,\n",
         [(3, "date", None, "blank required value"), (4, "amount", None, "blank required value")]),
        ("subscriptions", "customer_id,start_date,end_date,amount\nA,2024-02-01,2024-01-01,5\n"
         "B,2024-01-01,,-5\nC,2024-01-01,,0\n",
         [(2, "end_date", "2024-01-01", "end before start"),
          (3, "amount", "-5", "negative subscription amount")]),
        ("opportunities", "opportunity_id,created_at,closed_at,outcome\nA,2024-01-02,,won\n"
         "B,2024-01-02,,lost\nC,2024-01-02,,open\nD,,2024-01-03,won\n"
         "E,2024-01-02,2024-01-01,won\n",
         [(2, "closed_at", None, "won or lost without closed_at"),
          (3, "closed_at", None, "won or lost without closed_at"),
          (6, "closed_at", "2024-01-01", "end before start")]),
        ("opportunities", "opportunity_id,created_at,outcome\nA,2024-01-02,won\n", []),
        ("tickets", "ticket_id,created_at,first_reply_at,first_solved_at,solved_at\n"
         "1,2024-01-02 10:00,2024-01-02 09:59,,\n2,2024-01-02 10:00,2024-01-02 10:00,,\n"
         "3,2024-01-02 10:00,,2024-01-02 12:00,2024-01-02 11:00\n4,,,,\n5,2024-01-02 10:00,,,"
         "2024-01-02 09:00\n",
         [(2, "first_reply_at", "2024-01-02 09:59", "end before start"),
          (4, "solved_at", "2024-01-02 11:00", "end before start"),
          (5, "created_at", None, "blank required value"),
          (6, "solved_at", "2024-01-02 09:00", "end before start")]),
        ("costs", "date,amount,currency\n2024-01-02,5,VND\n2024-01-02,5,\n",
         [(3, "currency", None, "blank currency")]),
        ("surveys", "survey,score,date\nnps,0,2024-01-02\nnps,10,2024-01-02\nnps,11,2024-01-02\n"
         "nps,-1,2024-01-02\ncsat,0,2024-01-02\ncsat,5,2024-01-02\nces,8,2024-01-02\n"
         "nps,,2024-01-02\nnps,,\nnps,5,\nnps,7.5,2024-01-02\nnps,x,2024-01-02\n,99,2024-01-02\n",
         [(4, "score", "11", "score out of range"), (5, "score", "-1", "score out of range"),
          (6, "score", "0", "score out of range"), (8, "score", "8", "score out of range"),
          (11, "answered_at", None, "blank required value"),
          (12, "score", "7.5", "fractional score"), (13, "score", "x", "not a number")]),
    ],
)  # fmt: skip
def test_reasons(
    table: str, text: str, expected: list[tuple[int | None, str | None, str | None, str]]
) -> None:
    loaded = read(table, text)
    assert rejected(loaded) == expected
    rows = text.count("\n") - 1
    assert (loaded.audit.rows, loaded.audit.used) == (rows, rows - len(expected))
    assert loaded.frame.height == loaded.audit.used


def test_scales_are_those_of_the_run() -> None:
    text = "survey,score,date\ncsat,10,2024-01-02\ncsat,0,2024-01-02\n"
    loaded = read("surveys", text, scales={"csat": (1, 10)})
    assert rejected(loaded) == [(3, "score", "0", "score out of range")]
    assert loaded.audit.problems[0].hint == "csat goes from 1 to 10"


def test_a_score_without_a_known_survey_has_no_range() -> None:
    assert read("surveys", "score,date\n99,2024-01-02\n").audit.used == 1


def test_a_row_counts_once_for_the_first_of_its_reasons() -> None:
    text = "customer_id,signup_date,churn_date\n,bad,worse\nA,2024-01-02,\n"
    loaded = read("customers", text)
    assert loaded.audit.rejected == 1
    assert rejected(loaded) == [(2, "signup_date", "bad", "not a date")]


def test_with_everything_each_fault_of_each_row_is_shown() -> None:
    lines = "".join(f"{i},x,y\n" for i in range(150))
    loaded = read("customers", "customer_id,signup_date,churn_date\n" + lines, everything=True)
    assert loaded.audit.rejected == 150
    assert loaded.audit.reasons == {"not a date": 150}
    assert [(p.line, p.column) for p in loaded.audit.problems[-2:]] == [
        (151, "signup_date"), (151, "churn_date"),
    ]  # fmt: skip
    assert len(loaded.audit.problems) == 300


def test_problems_come_in_the_order_of_the_rows_and_stop_at_a_hundred() -> None:
    lines = [f"{i},{'x' if i % 2 else '2024-01-02'},{'y' if i % 3 else ''}" for i in range(300)]
    text = "\n".join(["customer_id,signup_date,churn_date", *lines, ""])
    loaded = read("customers", text)
    bad = [i for i in range(300) if i % 2 or i % 3]
    assert loaded.audit.rejected == len(bad)
    assert [p.line for p in loaded.audit.problems] == [i + 2 for i in bad[:100]]
    assert loaded.audit.reasons == {"not a date": len(bad)}


def test_a_deal_of_which_the_day_of_closing_alone_is_known() -> None:
    text = "opportunity_id,created_at,closed_at,outcome\n" + (
        "1,2024-01-05 10:00,2024-01-05,won\n2,2024-01-05 10:00,2024-01-05 09:00,won\n"
        "3,2024-01-05 10:00,2024-01-04,won\n4,,2024-01-05,won\n"
    )
    loaded = read("opportunities", text, timezone="Asia/Ho_Chi_Minh")
    assert loaded.frame["opportunity_id"].to_list() == ["1", "4"]
    assert loaded.frame["closed_at"].to_list()[0] == loaded.frame["created_at"].to_list()[0]
    assert rejected(loaded) == [
        (3, "closed_at", "2024-01-05 09:00", "end before start"),
        (4, "closed_at", "2024-01-04", "end before start"),
    ]


def test_what_ends_on_the_day_it_began_ended_no_earlier() -> None:
    """A day without time of day, beside a moment: of leads, and of what a ticket goes through."""
    leads = read(
        "leads",
        "lead_id,created_at,converted_at\n"
        "1,2024-03-05 14:20,2024-03-05\n"
        "2,2024-03-05 14:20,2024-03-06\n",
        timezone="UTC",
    )
    days = [datetime(2024, 3, 5, 14, 20), datetime(2024, 3, 6)]
    assert leads.frame["converted_at"].to_list() == days
    tickets = read(
        "tickets",
        "ticket_id,created_at,first_solved_at,solved_at\n"
        "1,2024-03-05 14:20,2024-03-05 15:00,2024-03-05\n"
        "2,2024-03-04 14:20,2024-03-05 15:00,2024-03-05\n",
        timezone="UTC",
    )
    assert tickets.frame["solved_at"].to_list() == [datetime(2024, 3, 5, 15)] * 2
