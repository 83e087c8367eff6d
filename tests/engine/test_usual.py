"""What is usual: published limits, a plain oracle, and what no later period may change."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import correlation, linear_regression, mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.engine.usual import WINDOW, Earlier, UsualRange
from crm_kpi.metrics._student import quantile
from crm_kpi.results import Report, Result, Status, Unit, UnusualSide
from tests.support import ask

EIGHT = [5.0, 5.2, 4.9, 5.1, 5.0, 4.8, 5.3, 5.1]
SERIES = st.lists(st.integers(-1000, 1000), min_size=8, max_size=40)


def after(
    values: Iterable[float], unit: Unit = Unit.HOURS, *, at: int | None = None, share: bool = False
) -> UsualRange:
    """What is usual after these values."""
    earlier = Earlier()
    for place, value in enumerate(values):
        earlier.add(place, value)
    usual = earlier.usual(len(earlier.places) if at is None else at, unit, is_share=share)
    assert usual is not None
    return usual


def side(usual: UsualRange, value: float) -> int:
    """1 for a value that is unusually high, -1 for one that is unusually low, else 0."""
    found = usual.side(value, higher_is_better=True)
    return 0 if found is None else 1 if found is UnusualSide.BETTER else -1


def limits(values: Sequence[float]) -> tuple[float, float]:
    """The same from the formulas of a textbook."""
    n, places = len(values), range(len(values))
    slope, start = linear_regression(places, values)
    rest = [y - start - slope * x for x, y in zip(places, values, strict=True)]
    error = sqrt(sum(r * r for r in rest) / (n - 2))
    squares = sum((x - mean(places)) ** 2 for x in places)
    if error and abs(slope) / (error / sqrt(squares)) > 4:
        middle = start + slope * n
        away = sqrt(1 + 1 / n + (n - mean(places)) ** 2 / squares)
        half = quantile(0.9985, n - 2) * error * away
    else:
        middle = mean(values)
        half = quantile(0.9985, n - 1) * stdev(values) * sqrt(1 + 1 / n)
    return middle - half, middle + half


def test_the_worked_answer() -> None:
    usual = after(EIGHT)
    assert (round(usual.low, 4), round(usual.high, 4)) == (4.2945, 5.8055)
    assert [side(usual, value) for value in (4.2, 4.3, 5.8, 5.9)] == [-1, 0, 0, 1]


def test_which_way_is_good() -> None:
    usual = after(EIGHT)
    sides = {
        better: [usual.side(value, higher_is_better=better) for value in (4.2, 5, 5.9)]
        for better in (True, False, None)
    }
    assert sides[True] == [UnusualSide.WORSE, None, UnusualSide.BETTER]
    assert sides[False] == [UnusualSide.BETTER, None, UnusualSide.WORSE]
    assert sides[None] == [UnusualSide.CHANGED, None, UnusualSide.CHANGED]


def test_fewer_than_eight_tell_nothing() -> None:
    earlier = Earlier()
    for place, value in enumerate(EIGHT[:7]):
        earlier.add(place, value)
    assert earlier.usual(7, Unit.HOURS, is_share=False) is None


@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_a_textbook_says(seed: int) -> None:
    dice = random.Random(seed)
    growth = dice.choice([0, 0, 0.2, 0.5, 3])
    values = [100 + growth * i + dice.gauss(0, 1) for i in range(dice.randrange(8, 40))]
    usual = after(values)
    assert (usual.low, usual.high) == pytest.approx(limits(values))


def test_steady_growth_is_usual_and_its_end_is_not() -> None:
    growing = [100 + 5 * i + (i % 3) for i in range(12)]
    assert correlation(range(12), growing) > 0.99
    usual = after(growing)
    assert side(usual, 161) == 0
    assert side(usual, 145) == -1
    exact = after([100 + 5 * i for i in range(12)])
    assert (exact.low, exact.high) == (160, 160)


SEASON = [100, 90, 80, 120, 140, 160, 110, 100, 90, 130, 200, 300]


def months_of_seasons(count: int, noise: Sequence[float] = (1.0, 1.01, 0.99, 1.02)) -> list[float]:
    """So many months, of which each year has the same shape."""
    return [SEASON[at % 12] * noise[at % len(noise)] for at in range(count)]


def seasonal(values: Sequence[float]) -> UsualRange:
    """What is usual after these months."""
    earlier = Earlier()
    for place, value in enumerate(values):
        earlier.add(place, value)
    usual = earlier.usual(len(values), Unit.COUNT, is_share=False, season=12)
    assert usual is not None
    return usual


def test_a_month_is_set_against_its_season() -> None:
    values = months_of_seasons(35)
    usual = seasonal(values)  # of a December
    ratios = []
    for at in range(24, 35):
        growth = sum(values[at - 12 : at]) / sum(values[at - 24 : at - 12])
        ratios.append(values[at] / (values[at - 12] * sqrt(growth)))
    foretold = values[23] * sqrt(sum(values[23:35]) / sum(values[11:23]))
    half = quantile(0.9985, 10) * stdev(ratios) * sqrt(1 + 1 / 11)
    assert usual.low == pytest.approx(foretold * (mean(ratios) - half))
    assert usual.high == pytest.approx(foretold * (mean(ratios) + half))
    assert usual.side(300, higher_is_better=True) is None
    # In August the same would be odd, and a December as in August is.
    assert usual.side(100, higher_is_better=True) is UnusualSide.WORSE


def test_without_two_seasons_and_eight_ratios_the_mean_speaks() -> None:
    values = months_of_seasons(31)
    low, high = limits(values)
    usual = seasonal(values)
    assert (usual.low, usual.high) == (pytest.approx(low), pytest.approx(high))


def test_a_gap_or_a_zero_has_no_seasons() -> None:
    values = [*months_of_seasons(20), 0, *months_of_seasons(35)[21:]]
    low, high = limits(values)
    assert seasonal(values).low == pytest.approx(low)
    assert seasonal(values).high == pytest.approx(high)


def test_what_is_near_the_middle_is_usual() -> None:
    """Half a point of rates and scores of points, 2 % of everything else."""
    same = [90.0] * 9
    assert [side(after(same, Unit.PERCENT), v) for v in (89.4, 89.5, 90.5, 90.6)] == [-1, 0, 0, 1]
    assert [side(after(same, Unit.POINTS), v) for v in (89.4, 89.5)] == [-1, 0]
    assert [side(after(same, Unit.MONEY), v) for v in (88.1, 88.2, 91.8, 91.9)] == [-1, 0, 0, 1]


def test_a_share_lies_within_0_and_100() -> None:
    rates = [99.0, 95, 99, 96, 100, 94, 99, 98]
    assert after(rates, Unit.PERCENT, share=True).high == 100
    assert after([100 - rate for rate in rates], Unit.PERCENT, share=True).low == 0
    assert after(rates, Unit.PERCENT).high > 100


def test_places_that_are_left_out_keep_their_distance() -> None:
    earlier = Earlier()
    for place in (0, 1, 2, 5, 6, 7, 9, 10, 12):
        earlier.add(place, 3 * place + place % 2)
    usual = earlier.usual(14, Unit.COUNT, is_share=False)
    assert usual is not None
    assert usual.low < 42 < usual.high
    assert usual.middle == pytest.approx(42, abs=1)


@given(SERIES, st.integers(0, 500))
def test_only_distances_count(values: list[int], shift: int) -> None:
    """A period tells the same alone as one of many."""
    earlier = Earlier()
    for place, value in enumerate(values):
        earlier.add(place + shift, value)
    moved = earlier.usual(len(values) + shift, Unit.HOURS, is_share=False)
    assert moved == after(values)


@given(st.lists(st.integers(-1000, 1000), min_size=WINDOW, max_size=WINDOW), SERIES)
def test_what_lies_too_far_back_tells_nothing(near: list[int], far: list[int]) -> None:
    assert after([*far, *near]) == after(near)


@given(SERIES)
def test_the_sign_of_all_values_turns_the_range(values: list[int]) -> None:
    usual, turned = after(values), after([-value for value in values])
    assert (usual.low, usual.high) == (-turned.high, -turned.low)


def counts(months: Sequence[int], **options: object) -> list[Result]:
    """The results of `tickets`: so many are created in each month from January 2022."""
    return report_of(months, **options).results


def report_of(months: Sequence[int], **options: object) -> Report:
    rows = [
        {"ticket_id": f"{i}-{n}", "created_at": f"{2022 + i // 12}-{i % 12 + 1:02}-05T10:00"}
        for i, count in enumerate(months)
        for n in range(count)
    ]
    end = f"{2022 + (len(months) - 1) // 12}-{(len(months) - 1) % 12 + 1:02}-28"
    as_of = options.pop("as_of", f"{end[:8]}31" if end[5:7] in ("01", "03", "12") else end)
    return ask({"tickets": rows}, ["tickets"], as_of=str(as_of), **options)  # type: ignore[arg-type]


STEADY = [50, 52, 49, 51, 50, 48, 53, 51, 50, 52, 49, 51]


def test_the_last_whole_period_alone_may_be_unusual() -> None:
    months = [*STEADY[:9], 90, 50, 51]
    found = counts(months, as_of="2022-12-31")
    assert [r.usual_low is None for r in found] == [True] * 8 + [False] * 4
    assert [r.unusual for r in found] == [False] * 12  # nor October, which is long past
    found = counts([*STEADY[:11], 90], as_of="2022-12-31")
    assert [r.unusual for r in found] == [False] * 11 + [True]
    assert found[-1].unusual_side is UnusualSide.WORSE
    partial = counts([*STEADY[:11], 90, 3], as_of="2023-01-09")
    assert [r.unusual for r in partial] == [False] * 11 + [True, False]
    assert partial[-1].usual_low is None


def test_no_later_period_changes_what_is_usual() -> None:
    before, more = counts(STEADY, as_of="2022-12-31"), counts([*STEADY, 90], as_of="2023-01-31")
    ranges = [[(r.usual_low, r.usual_high) for r in found] for found in (before, more)]
    assert ranges[0] == ranges[1][:12]


@pytest.mark.parametrize("last", [1, 2, 5])
def test_few_periods_are_told_what_many_are(last: int) -> None:
    months = [*STEADY, 90]
    everything, few = (
        counts(months, as_of="2023-01-31", set_=s) for s in ([], [f"periods.last={last}"])
    )
    assert few == everything[-last:]


def test_what_lies_before_the_first_day_that_counts_tells_nothing() -> None:
    found = counts(STEADY, as_of="2022-12-31", set_=["periods.from=2022-07-01", "periods.last=1"])
    assert [r.usual_low for r in found] == [None]


def test_custom_periods_are_of_no_row() -> None:
    tet = "periods.custom=[{name: Tet, start: 2022-02-01, end: 2022-02-15}]"
    plain, more = (counts(STEADY, as_of="2022-12-31", set_=s) for s in ([], [tet]))
    assert [r for r in more if r.period != "Tet"] == plain
    assert next(r.usual_low for r in more if r.period == "Tet") is None


def test_few_cases_tell_nothing() -> None:
    few = [20] * 8 + [90, 21, 20, 95]
    found = counts(few, as_of="2022-12-31")
    assert {r.status for r in found} == {Status.OK, Status.LOW_N}
    assert [r.usual_low for r in found] == [None] * 12
