"""Uniqueness, worked by hand."""

from __future__ import annotations

import pytest

from tests.support import Row, ask, one


def customer(id_: str, day: str, **more: str | None) -> Row:
    return {"customer_id": id_, "signup_date": day, "churn_date": None, **more}


def asked(rows: list[Row]) -> dict[str, object]:
    report = ask({"customers": rows}, ["uniqueness"], as_of="2024-06-30", every="all")
    return dict(one(report, "uniqueness", "all").components)


def test_the_first_has_it_and_the_others_repeat_it() -> None:
    rows = [
        customer("1", "2024-01-01", email="an@example.com", phone="0912345678"),
        customer("2", "2024-01-02", email=" AN@example.com", phone="912 345 678"),
        customer("3", "2024-01-03", email="An@Example.com", phone="+84912345678"),
        customer("4", "2024-01-04", email=None, phone="0909000111"),
    ]
    assert asked(rows) == {
        "cells": 11,
        "ok": 7,  # 4 ids, 1 address, 2 numbers
        "email": pytest.approx(100 / 3),
        "phone": 50.0,
        "customer_id": 100.0,
    }


def test_who_came_back_is_no_duplicate() -> None:
    rows = [
        {"customer_id": "A", "signup_date": "2023-01-01", "churn_date": "2023-06-01", "email": "x"},
        {"customer_id": "A", "signup_date": "2023-06-01", "churn_date": None, "email": "x"},
        {"customer_id": "B", "signup_date": "2023-01-01", "churn_date": None, "email": "y"},
        {"customer_id": "B", "signup_date": "2023-03-01", "churn_date": None, "email": "y"},
    ]
    found = asked(rows)
    assert found["customer_id"] == 75.0  # B is there twice at once
    assert found["email"] == 100.0  # each is one customer's


def test_capitals_make_no_other_id_and_zeros_do() -> None:
    rows = [customer(id_, "2024-01-01") for id_ in ("a1", "A1", "7", "007")]
    assert asked(rows)["customer_id"] == 75.0


def test_a_repeat_counts_when_it_comes() -> None:
    rows = [
        customer("1", "2024-01-10", email="an@example.com", segment="b"),
        customer("2", "2024-02-10", email="an@example.com", segment="a"),
    ]
    report = ask({"customers": rows}, ["uniqueness"], as_of="2024-02-29", by=["segment"])
    found = {
        (r.period, r.segment.get("segment")): r.components.get("email") for r in report.results
    }
    assert found["2024-01", None] == 100.0
    assert found["2024-02", None] == 50.0
    assert (found["2024-02", "a"], found["2024-02", "b"]) == (0.0, 100.0)
    only = ask(
        {"customers": rows}, ["uniqueness"], as_of="2024-02-29", where={"segment": ["a"]}
    )  # the row that it repeats is left out, and still there
    assert one(only, "uniqueness", "2024-02").components["email"] == 0.0


def test_one_response_may_answer_two_surveys() -> None:
    rows = [
        {"response_id": "1", "survey": survey, "score": 5, "answered_at": "2024-01-02"}
        for survey in ("nps", "csat", "nps")
    ]
    report = ask(
        {"surveys": rows},
        ["uniqueness"],
        as_of="2024-06-30",
        every="all",
        definitions={"uniqueness": "{table: surveys}"},
    )
    assert one(report, "uniqueness", "all").components["response_id"] == pytest.approx(200 / 3)


def test_a_table_whose_rows_have_no_name() -> None:
    rows = [{"date": "2024-01-01", "amount": 1}]
    report = ask(
        {"costs": rows},
        ["uniqueness"],
        as_of="2024-06-30",
        every="all",
        definitions={"uniqueness": "{table: costs}"},
    )
    result = one(report, "uniqueness", "all")
    assert (result.value, result.n) == (None, 1)
    assert result.reason == "nothing in costs has to stand once"
