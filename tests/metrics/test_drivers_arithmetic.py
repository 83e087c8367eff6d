"""Rate and mix, and factors: worked by hand, and on random numbers to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import prod
from random import Random

import pytest

from crm_kpi.metrics._drivers import Effect, Quotient, effects, shapley


def churn(**plans: tuple[int, int]) -> dict[str, Quotient]:
    return {plan: Quotient(100 * lost, start) for plan, (lost, start) in plans.items()}


def rounded(effect: Effect) -> tuple[float, float, float]:
    assert effect.rate is not None
    assert effect.mix is not None
    return tuple(round(float(each), 4) for each in (effect.rate, effect.mix, effect.total))  # type: ignore[return-value]


def test_both_plans_got_better_and_the_whole_got_worse() -> None:
    found = effects(churn(basic=(12, 100), pro=(9, 300)), churn(basic=(20, 200), pro=(5, 200)))
    assert rounded(found["basic"]) == (-0.75, 1.3125, 0.5625)
    assert rounded(found["pro"]) == (-0.3125, 0.75, 0.4375)
    assert sum(effect.total for effect in found.values()) == 1  # 5.25 to 6.25


def test_a_segment_that_is_new_does_nothing_but_mix() -> None:
    found = effects(churn(old=(10, 100)), churn(old=(12, 100), new=(1, 50)))
    assert rounded(found["old"]) == (1.6667, -0.5556, 1.1111)
    assert rounded(found["new"]) == (0, -2.4444, -2.4444)
    assert sum(effect.total for effect in found.values()) == Fraction(13, 150) * 100 - 10


def test_what_has_no_weight_is_a_rate_effect() -> None:
    """A segment with refunds and no customer: -40 of the mean over 10 customers."""
    before = {"a": Quotient(100, 10)}
    after = {"a": Quotient(100, 10), "gone": Quotient(Decimal(-40), 0)}
    found = effects(before, after)
    assert found["a"] == Effect(Fraction(0), Fraction(0), Fraction(0))
    assert found["gone"] == Effect(Fraction(-4), Fraction(-4), Fraction(0))


def test_of_a_sum_each_segment_has_its_own_difference() -> None:
    found = effects({"a": Quotient(5), "b": Quotient(7)}, {"b": Quotient(4), "c": Quotient(1)})
    assert {s: effect.total for s, effect in found.items()} == {"a": -5, "b": -3, "c": 1}
    assert all(effect.rate is effect.mix is None for effect in found.values())


def test_nothing_can_be_told_where_all_is_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        effects({"a": Quotient(0, 0)}, {"a": Quotient(1, 1)})


@pytest.mark.parametrize("seed", range(200))
def test_the_sum_is_the_change_and_swapping_turns_the_signs(seed: int) -> None:
    dice = Random(seed)

    def side() -> dict[int, Quotient]:
        segments = [s for s in range(dice.randint(1, 7)) if dice.random() < 0.8] or [0]
        found = {s: Quotient(dice.randint(-50, 400), dice.choice([0, 1, 3, 70])) for s in segments}
        return found | {99: Quotient(Decimal(dice.randint(0, 10**6)) / 7 // 1, 13)}

    before, after = side(), side()
    found, back = effects(before, after), effects(after, before)

    def whole(quotients: dict[int, Quotient]) -> Fraction:
        top = sum((Fraction(q.top) for q in quotients.values()), Fraction(0))
        return top / sum(Fraction(q.bottom or 0) for q in quotients.values())

    assert sum(e.total for e in found.values()) == whole(after) - whole(before)
    for segment, effect in found.items():
        assert effect.rate is not None
        assert effect.mix is not None
        assert effect.total == effect.rate + effect.mix
        assert back[segment] == Effect(-effect.total, -effect.rate, -effect.mix)


def test_factors_of_revenue() -> None:
    before, after = [Fraction(f) for f in (40, 2, 30)], [Fraction("50"), Fraction("1.8"), 33]
    found = shapley(before, [Fraction(f) for f in after])
    assert found == [598, -284, 256]  # 2,400 to 2,970


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_factors_are_the_mean_over_all_orders(count: int) -> None:
    """The other way to say it: change one after the other, in each order."""
    dice = Random(count)
    before, after = ([Fraction(dice.randint(1, 99)) for _ in range(count)] for _ in range(2))
    found = [Fraction(0)] * count
    orders = [*permutations(range(count))]
    for order in orders:
        now = [*before]
        for factor in order:
            then = prod(now)
            now[factor] = after[factor]
            found[factor] += (prod(now) - then) / len(orders)
    assert shapley(before, after) == found
    assert sum(found) == prod(after) - prod(before)
