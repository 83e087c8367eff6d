"""Intervals of a share and of a change, against answers that others have published."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.metrics._intervals import OfMean, OfShare, OfValue, Spread, wilson
from tests.metrics.rows import Row, answer, customers, sale, scores
from tests.support import ask, one

HITS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = HITS.map(lambda pair: OfShare(*pair))
MEANS = st.builds(OfMean, st.floats(-1e6, 1e6), st.floats(0.01, 1e6), st.integers(2, 5000))
VALUES = st.builds(OfValue, st.floats(-100, 100), st.floats(0, 1e4))


@pytest.mark.parametrize("n", [2, 3, 7, 20, 49, 1000, 123_457])
def test_the_interval_of_none_begins_at_0_and_that_of_all_ends_at_100(n: int) -> None:
    low, high = wilson(0, n)
    assert low == 0.0
    assert wilson(n, n) == (pytest.approx(100 - high), 100.0)
    assert wilson(1, n)[0] > 0
    assert wilson(n - 1, n)[1] < 100


def test_the_change_of_a_share_is_newcombes() -> None:
    """56 of 70 against 48 of 80 (Newcombe 1998, table II, method 10): .0524 to .3339."""
    low, high = OfShare(56, 70).change_from(OfShare(48, 80))
    assert (round(low, 2), round(high, 2)) == (5.24, 33.39)
    low, high = OfShare(65, 1000).change_from(OfShare(50, 1000))
    assert (round(low, 3), round(high, 3)) == (-0.553, 3.574)
    # The same paper: 9 of 10 against 3 of 10, and what is at an end.
    low, high = OfShare(9, 10).change_from(OfShare(3, 10))
    assert (round(low, 2), round(high, 2)) == (17.05, 80.90)
    low, high = OfShare(10, 10).change_from(OfShare(0, 10))
    assert (round(low, 2), high) == (60.75, 100.0)


def test_the_change_of_a_mean_is_welchs() -> None:
    low, high = OfMean(52, 400, 40).change_from(OfMean(45, 361, 35))
    assert (round(low, 3), round(high, 3)) == (-1.984, 15.984)
    assert OfMean(52, 400, 40).change_from(OfMean(45, 0, 1)) is None
    assert OfMean(3, 0, 5).change_from(OfMean(2, 0, 4)) == (1, 1)


def test_the_change_of_a_value_with_its_own_variance() -> None:
    low, high = OfValue(60, 64).change_from(OfValue(35, 36))
    assert (low, high) == (pytest.approx(25 - 19.59964), pytest.approx(25 + 19.59964))


@given(st.one_of(*(st.tuples(each, each) for each in (SHARES, MEANS, VALUES))))
def test_swapped_sides_turn_signs(sides: tuple[Spread, Spread]) -> None:
    now, before = sides
    ends, turned = now.change_from(before), before.change_from(now)
    assert ends is not None
    assert turned is not None
    assert ends == (pytest.approx(-turned[1]), pytest.approx(-turned[0]))
    assert ends[0] <= ends[1]


@given(SHARES, SHARES)
def test_the_change_of_a_share_lies_within_its_interval(now: OfShare, before: OfShare) -> None:
    low, high = now.change_from(before)
    change = 100 * now.hits / now.n - 100 * before.hits / before.n
    assert -100 <= low <= change + 1e-9
    assert change - 1e-9 <= high <= 100


def test_what_has_no_interval_has_no_change_of_one() -> None:
    rows = customers((1000, "2023-01-01", None))
    count = answer("customers", {"customers": rows}, "2024-02")
    assert (count.previous, count.change) == (1000, 0)
    assert (count.change_low, count.change_high, count.significant) == (None, None, None)


def test_the_churn_of_1000_customers() -> None:
    """50 of 1,000 leave in January, then 65 of 1,000, as 50 have come: not significant."""
    rows = customers(
        (50, "2023-01-01", "2024-01-10"),
        (65, "2023-01-01", "2024-02-10"),
        (885, "2023-01-01", None),
        (50, "2024-01-20", None),
    )
    churn = answer("churn_rate", {"customers": rows}, "2024-02")
    assert (churn.previous, churn.change) == (5, pytest.approx(1.5))
    assert churn.change_low == pytest.approx(-0.553, abs=5e-4)
    assert churn.change_high == pytest.approx(3.574, abs=5e-4)
    assert churn.significant is False
    kept = answer("retention_rate", {"customers": rows}, "2024-02")
    assert (kept.change_low, kept.change_high) == (
        pytest.approx(-3.574, abs=5e-4),
        pytest.approx(0.553, abs=5e-4),
    )
    events = answer("churn_rate", {"customers": rows}, "2024-02", "{rule: events}")
    assert (events.change, events.change_low) == (pytest.approx(1.5), None)


def test_the_change_of_nps_and_of_a_mean_score() -> None:
    rows = scores("nps", *[10] * 80, *[0] * 20, day="2024-02-04")
    rows += scores("nps", *[10] * 40, *[7] * 40, *[0] * 20)
    nps = answer("nps", {"surveys": rows}, "2024-03")
    half = 1.959964 * 100 * sqrt((1 - 0.36) / 100 + (0.6 - 0.04) / 100)
    assert nps.change == pytest.approx(-40)
    assert nps.change_low == pytest.approx(-40 - half)
    assert nps.significant is True
    rows = scores("ces", 4, 6, 5, 7, day="2024-02-04") + scores("ces", 5, 6, 7, 6, 6)
    ces = answer("ces", {"surveys": rows}, "2024-03")
    assert ces.change == pytest.approx(0.5)
    # Variances 5/3 of 4 and .5 of 5; 4.42 degrees, of which the 97.5 % point is 2.6750.
    half = 2.6750 * sqrt(5 / 12 + 0.1)
    assert ces.change_high == pytest.approx(0.5 + half, abs=1e-3)
    assert ces.significant is False


def amounts(mean: int, spread: int, count: int, month: int, **more: object) -> list[Row]:
    """Orders of as many customers, half of them so much below the mean and half above."""
    return [
        sale(
            f"C{month}-{i}",
            f"2024-{month:02}-{i % 28 + 1:02}",
            mean + (-spread, spread)[i % 2],
            **more,
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("metric", ["average_order_value", "revenue_per_customer"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_change_of_a_mean_of_money(metric: str, engine: str) -> None:
    """52 and 45 again, of 40 and 36: variances 400 x 40/39 and 361 x 36/35."""
    rows = amounts(45, 19, 36, 2) + amounts(52, 20, 40, 3)
    mean = answer(metric, {"transactions": rows}, "2024-03", set_=[f"engine.name={engine}"])
    low, high = OfMean(52, 400 * 40 / 39, 40).change_from(OfMean(45, 361 * 36 / 35, 36)) or (0, 0)
    assert (mean.value, mean.change) == (52, 7)
    assert (mean.change_low, mean.change_high) == (pytest.approx(low), pytest.approx(high))
    assert mean.significant is False
    rows = [row | {"transaction_id": row["customer_id"]} for row in rows]
    by_id = answer(metric, {"transactions": rows}, "2024-03", set_=[f"engine.name={engine}"])
    assert by_id.change_low == mean.change_low


@pytest.mark.parametrize("by", ["channel", "segment"])
def test_the_change_of_a_mean_of_money_by_segment(by: str) -> None:
    rows = amounts(45, 19, 36, 2, channel="web") + amounts(52, 20, 40, 3, channel="web")
    shop = [*amounts(10, 3, 8, 2, channel="shop"), *amounts(11, 2, 8, 3, channel="shop")]
    shop = [row | {"customer_id": f"S{row['customer_id']}"} for row in shop]
    people = [
        {"customer_id": row["customer_id"], "signup_date": "2023-01-01", "segment": row["channel"]}
        for row in rows + shop
    ]
    tables = {"transactions": rows + shop, "customers": people}
    report = ask(tables, ["average_order_value"], as_of="2024-03-31", by=[by])
    alone = answer("average_order_value", {"transactions": rows}, "2024-03")
    web = one(report, "average_order_value", "2024-03", **{by: "web"})
    assert web.change_low == alone.change_low
    assert one(report, "average_order_value", "2024-03", **{by: "shop"}).change_low is not None


def test_equal_amounts_have_no_spread() -> None:
    rows = amounts(45, 0, 36, 2) + amounts(46, 0, 40, 3)
    mean = answer("average_order_value", {"transactions": rows}, "2024-03")
    assert (mean.change_low, mean.change_high, mean.significant) == (1, 1, True)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("metric", ["average_order_value", "revenue_per_customer"])
def test_amounts_too_large_to_be_squared(metric: str, engine: str) -> None:
    rows = amounts(45, 19, 36, 2) + amounts(52, 20, 40, 3)
    rows.append(sale("X", "2024-03-05", 10**20))
    mean = answer(metric, {"transactions": rows}, "2024-03", set_=[f"engine.name={engine}"])
    assert mean.change is not None
    assert (mean.change_low, mean.significant) == (None, None)
