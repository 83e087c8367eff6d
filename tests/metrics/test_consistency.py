"""Consistency, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.metrics.files import ask_files
from tests.support import one

CUSTOMERS = """customer_id,signup_date,churn_date,email,segment
1,2024-01-01,2024-02-01,an@example.com,a
2,2024-01-05,2024-01-04,,a
3,2024-01-06,2024-01-06,c@example.com,b
1,2024-03-01,,An@example.com,a
3,2024-04-01,,other@example.com,b
"""
ORDERS = """customer_id,date,amount
1,2024-01-02,5
2,2024-01-06,5
9,2024-01-07,5
,2024-01-08,5
"""


def test_dates_addresses_and_customers(tmp_path: Path) -> None:
    files = {"customers": CUSTOMERS, "transactions": ORDERS}
    result = one(ask_files(tmp_path, files, ["consistency"]), "consistency", "all")
    assert result.n == 9
    assert result.components == {
        "cells": 10,  # 3 pairs of dates, 4 addresses, 3 customers named
        "ok": 7,
        "signup_date_to_churn_date": pytest.approx(200 / 3),  # 2 left before coming
        "transactions.customer_id": pytest.approx(200 / 3),  # 9 is nobody; 2 is rejected, yet known
        "one_email": 75.0,  # 3 has two
    }
    assert result.value == 70.0


def test_segments_add_up(tmp_path: Path) -> None:
    files = {"customers": CUSTOMERS, "transactions": ORDERS}
    report = ask_files(tmp_path, files, ["consistency"], by=["segment"])
    rows = {r.segment["segment"]: r.n for r in report.results if r.segment}
    # Orders of the rejected customer 2, of nobody and of the stranger have no segment.
    assert rows == {"a": 4, "b": 2, None: 3}


def test_of_another_table(tmp_path: Path) -> None:
    tickets = """ticket_id,created_at,first_solved_at,solved_at,customer_id
1,2024-01-01,2024-01-02,2024-01-01,1
2,2024-01-03,,2024-01-04,8
"""
    files = {"customers": CUSTOMERS, "tickets": tickets}
    words = ["definitions.consistency={table: tickets}"]
    result = one(ask_files(tmp_path, files, ["consistency"], words=words), "consistency", "all")
    assert result.n == 2
    assert result.components == {
        "cells": 6,
        "ok": 4,
        "first_solved_at_to_solved_at": 0.0,
        "tickets.customer_id": 50.0,
        "created_at_to_first_solved_at": 100.0,
        "created_at_to_solved_at": 100.0,
    }


def test_nothing_to_compare(tmp_path: Path) -> None:
    text = "customer_id,signup_date\n1,2024-01-01\n"
    result = one(ask_files(tmp_path, {"customers": text}, ["consistency"]), "consistency", "all")
    assert (result.value, result.n, result.reason) == (None, 1, "nothing to compare with")
