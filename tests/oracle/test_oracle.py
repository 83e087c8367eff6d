"""The worked answers of the definitions, for the metrics that the oracle knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .buying import clv, repeat_purchase_rate, restricted_mean
from .common import TOTAL, Answer, Answers
from .customers import churn_rate, retention_rate
from .mrr import mrr
from .periods import Period, calendar
from .surveys import ces, csat, nps

MARCH = calendar("month", date(2024, 3, 1), date(2024, 3, 31))
YEAR = calendar("year", date(2024, 1, 1), date(2024, 12, 31))
AS_OF = date(2024, 12, 31)


def only(answers: Answers) -> Answer:
    """The one answer of a metric asked for one period and no segments."""
    (answer,) = answers.values()
    return answer


def people(count: int, signup: date, churn: date | None = None, name: str = "") -> list[Any]:
    return [
        {"customer_id": f"{name}{signup}{churn}{i}", "signup_date": signup, "churn_date": churn}
        for i in range(count)
    ]


def asked(survey: str, scores: Sequence[int]) -> list[Any]:
    return [
        {"survey": survey, "score": score, "answered_at": datetime(2024, 3, 9, tzinfo=UTC)}
        for score in scores
    ]


OLD, INSIDE, LEFT = date(2023, 1, 1), date(2024, 3, 10), date(2024, 3, 20)


def test_retention_95_not_90() -> None:
    # S 20; 6 join, of whom 1 leaves; 1 of the old leaves. E = 20 - 1 + 5 = 24, N = 5.
    # (24 - 5) / 20 = 19 / 20
    customers = [*people(19, OLD), *people(1, OLD, LEFT), *people(5, INSIDE)]
    answer = only(retention_rate(MARCH, AS_OF, [*customers, *people(1, INSIDE, LEFT)]))
    assert answer.value == 95
    assert answer.n == 20
    assert answer.components == {
        "customers_start": 20,
        "customers_end": 24,
        "customers_new": 5,
        "customers_returned": 0,
        "customers_lost": 1,
        "joined_and_left": 1,
        "undated": 0,
    }
    assert answer.low == pytest.approx(76.4, abs=0.05)
    assert answer.high == pytest.approx(99.1, abs=0.05)


def test_churn_5() -> None:
    answer = only(churn_rate(MARCH, AS_OF, [*people(950, OLD), *people(50, OLD, LEFT)]))
    assert answer.value == 5  # 50 / 1000
    # 1 - 0.95^12 = 1 - 0.540360
    assert answer.components["annualised"] == pytest.approx(45.9640, abs=1e-4)


@pytest.mark.parametrize(
    ("rule", "value", "n"),
    [
        # S 100; 10 join and 1 of them leaves; 11 of the old leave and 1 comes back.
        ("set", 10, 100),  # 100 - 90 stayed = 10 lost; 10 / 100
        ("events", 12, 100),  # 11 + 1 = 12 events; 12 / 100
        ("stripe", Fraction(1200, 110), 110),  # 12 / (100 + 10) = 10.91
        ("average", Fraction(1000 * 2, 199), None),  # E = 100 - 10 + 9 = 99; 10 / 99.5
    ],
)
def test_churn_rules(rule: str, value: Fraction, n: int | None) -> None:
    back = {"customer_id": "back"}
    customers = [
        *people(89, OLD),
        *people(10, OLD, LEFT),
        {**back, "signup_date": OLD, "churn_date": INSIDE},
        {**back, "signup_date": LEFT, "churn_date": None},
        *people(9, INSIDE),
        *people(1, INSIDE, LEFT),
    ]
    answer = only(churn_rate(MARCH, AS_OF, customers, rule=rule))
    assert answer.value == value
    assert answer.n == n


def test_clv_1000() -> None:
    # One customer, four orders of 50 in the year, five years: 50 x 4 x 5.
    rows = [
        {"customer_id": "a", "date": date(2024, month, 1), "amount": Decimal(50)}
        for month in (1, 4, 7, 10)
    ]
    known = [{"customer_id": "a", "signup_date": date(2024, 1, 1), "churn_date": None}]
    answer = only(clv(YEAR, AS_OF, rows, known, lifetime=Fraction(5)))
    assert answer.value == 1000
    assert answer.components == {
        "apv": 50,
        "apf": 4,
        "acl": 5,
        "customers": 1,
        "first_orders": 0,
        "customer_years": 1,
    }


def test_repeat_purchase_rate_20() -> None:
    rows = [
        {"customer_id": f"c{i}", "date": date(2024, 3, 1), "amount": Decimal(9)}
        for i in [*range(1000), *range(200)]
    ]
    answer = only(repeat_purchase_rate(MARCH, AS_OF, rows))
    assert answer.value == 20  # 200 / 1000
    assert answer.components == {"customers": 1000, "repeat_customers": 200}


def test_nps_60() -> None:
    answer = only(nps(MARCH, AS_OF, UTC, asked("nps", [9] * 70 + [7] * 20 + [6] * 10)))
    assert answer.value == 60
    # 196 x sqrt((0.7 + 0.1 - 0.6^2) / 100) = 196 x sqrt(0.0044) = 13.00
    assert answer.low == pytest.approx(47.00, abs=0.005)
    assert answer.high == pytest.approx(73.00, abs=0.005)


def test_nps_below_zero() -> None:
    counts = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3)
    scores = [score for score, count in enumerate(counts) for _ in range(count)]
    answer = only(nps(MARCH, AS_OF, UTC, asked("nps", scores)))
    assert answer.value == Fraction(-100, 17)  # (6 - 7) / 17 = -5.88 %
    assert answer.components == {"promoters": 6, "passives": 4, "detractors": 7}


def test_csat_80() -> None:
    answer = only(csat(MARCH, AS_OF, UTC, asked("csat", [4] * 200 + [5] * 200 + [3] * 100)))
    assert answer.value == 80  # 400 / 500
    assert answer.low == pytest.approx(76.27, abs=0.005)
    assert answer.high == pytest.approx(83.27, abs=0.005)
    assert answer.components["mean"] == Fraction(21, 5)  # (800 + 1000 + 300) / 500 = 4.2


def test_ces() -> None:
    counts = (80, 210, 140, 110, 160, 180, 120)
    rows = asked("ces", [s for s, count in enumerate(counts, 1) for _ in range(count)])
    # 80 + 420 + 420 + 440 + 800 + 1080 + 840 = 4080
    assert only(ces(MARCH, AS_OF, UTC, rows)).value == Fraction(408, 100)
    assert only(ces(MARCH, AS_OF, UTC, rows, method="share")).value == 46  # 160 + 180 + 120
    # 8 - 4.08; scores 1 to 3 become 7 to 5: 80 + 210 + 140
    assert only(ces(MARCH, AS_OF, UTC, rows, high_is_easy=False)).value == Fraction(392, 100)
    reverse = ces(MARCH, AS_OF, UTC, rows, method="share", high_is_easy=False)
    assert only(reverse).value == 43


def subscribers(count: int, amount: int, **more: object) -> list[Any]:
    return [
        {"customer_id": f"{amount}/{i}", "start_date": OLD, "amount": Decimal(amount), **more}
        for i in range(count)
    ]


def test_mrr_of_equal_customers() -> None:
    answer = only(mrr(MARCH, AS_OF, subscribers(100, 50)))
    assert (answer.value, answer.n) == (5000, 100)


def test_mrr_of_months_and_years() -> None:
    # 100 x 100 + 50 x 600 / 12 = 10 000 + 2 500
    yearly = subscribers(50, 600, interval="year")
    assert only(mrr(MARCH, AS_OF, [*subscribers(100, 100), *yearly])).value == 12_500


def test_mrr_churn_20_gross_10_net() -> None:
    def sold(customer: str, amount: int, start: date, end: date | None = None) -> Any:
        row = {"customer_id": customer, "amount": Decimal(amount)}
        return {**row, "start_date": start, "end_date": end}

    rows = [
        sold("leaves", 10, OLD, LEFT),
        sold("halves", 20, OLD, LEFT),
        sold("halves", 10, LEFT),
        sold("doubles", 10, OLD),
        sold("doubles", 10, LEFT),
        sold("stays", 60, OLD),
    ]
    answer = only(mrr(MARCH, AS_OF, rows))
    assert answer.components == {
        "mrr_start": 100,
        "new": 0,
        "reactivated": 0,
        "expansion": 10,
        "contraction": 10,
        "churned": 10,
    }  # gross (10 + 10) / 100, net (10 + 10 - 10) / 100
    assert answer.value == 90  # 100 - 10 - 10 + 10


def test_kaplan_meier_mean() -> None:
    # S(t) = 1, .8, .6, .6, .3 on [0,1), [1,2) ... [4,5): their sum. (S = .3 from 4 on.)
    tenures = [(1, True), (2, True), (3, False), (4, True), (5, False)]
    assert restricted_mean(tenures) == Fraction(33, 10)


def test_answers_are_keyed_by_period_and_segment() -> None:
    key = (Period("2024-03", date(2024, 3, 1), date(2024, 4, 1), "month"), TOTAL)
    assert key in retention_rate(MARCH, AS_OF, people(1, OLD))
