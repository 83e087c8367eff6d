"""Net Promoter Score: the three groups, their bounds, and who is counted how often."""

from __future__ import annotations

import pytest

from .rows import answer, scores


def test_seventy_promoters_twenty_passives_ten_detractors() -> None:
    rows = scores("nps", *[10] * 40, *[9] * 30, *[8] * 15, *[7] * 5, *[6] * 4, *[0] * 6)
    result = answer("nps", {"surveys": rows}, "2024-03")
    assert (result.value, result.n, result.unit) == (60, 100, "points")
    assert result.components == {"promoters": 70, "passives": 20, "detractors": 10}
    # 1.96 x 100 x sqrt((0.7 + 0.1 - 0.6 ** 2) / 100) = 196 x sqrt(0.0044) = 13.0012
    assert (result.low, result.high) == pytest.approx((46.9988, 73.0012), abs=1e-4)


@pytest.mark.parametrize(
    ("score", "value"), [(10, 100), (9, 100), (8, 0), (7, 0), (6, -100), (0, -100)]
)
def test_bounds_of_the_groups(score: int, value: float) -> None:
    result = answer("nps", {"surveys": scores("nps", score)}, "2024-03")
    assert result.value == value
    if value:  # all agree, so the interval has no width
        assert (result.low, result.high) == (value, value)


def test_on_a_scale_of_five() -> None:
    """4 and 5 promote, 2 and 3 are passive, 1 detracts: 100 x (2 - 1) / 5."""
    rows = scores("nps", 5, 4, 3, 2, 1)
    assert answer("nps", {"surveys": rows}, "2024-03", "{scale: [1, 5]}").value == 20


def test_per_customer_the_latest_answer_of_the_period_counts() -> None:
    rows = scores("nps", 3, 9, day="2024-03-04") + scores("nps", 10, day="2024-03-20")
    rows += scores("nps", 0, day="2024-04-02")  # of another period
    by_answer = answer("nps", {"surveys": rows}, "2024-03", as_of="2024-04-30")
    assert (by_answer.value, by_answer.n) == (pytest.approx(100 / 3), 3)  # 2 of 3, less 1 of 3
    customer = answer("nps", {"surveys": rows}, "2024-03", "{per: customer}", as_of="2024-04-30")
    assert (customer.value, customer.n) == (100, 2)


def test_per_customer_tells_of_the_anonymous() -> None:
    rows = scores("nps", 3, day="2024-03-04") + scores("nps", 9, day="2024-03-20")
    nobody = [row | {"customer_id": None} for row in scores("nps", 0, 10)]
    result = answer("nps", {"surveys": rows + nobody}, "2024-03", "{per: customer}")
    assert (result.value, result.n) == (100, 1)
    assert result.components["anonymous"] == 2
    assert result.reason == "2 answers without a customer left out"
    assert "anonymous" not in answer("nps", {"surveys": rows + nobody}, "2024-03").components
    result = answer("nps", {"surveys": nobody[:1]}, "2024-03", "{per: customer}")
    assert (result.value, result.reason) == (None, "1 answer without a customer left out")


def test_blanks_and_other_surveys_are_no_answers() -> None:
    rows = [*scores("nps", 10, None), *scores("ces", 1)]
    result = answer("nps", {"surveys": rows}, "2024-03")
    assert (result.value, result.n) == (100, 1)


def test_a_month_without_answers_is_no_number() -> None:
    rows = scores("nps", 10, day="2024-01-04") + scores("nps", 10, day="2024-03-04")
    result = answer("nps", {"surveys": rows}, "2024-02")
    assert (result.value, result.n, result.status) == (None, 0, "no_data")
    assert result.reason == "no answers"
