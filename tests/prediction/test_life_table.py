"""A life table by hand: of leads that are seen from an age on, and until they turn or are."""

from __future__ import annotations

import pytest

from crm_kpi.prediction.life_table import LifeTable, Seen

WORKED = [
    Seen(0, 10, turned=False, count=7),
    Seen(0, 3, turned=True, count=2),
    Seen(0, 7, turned=True),
    Seen(0, 2, turned=False, count=5),
]
"""Ten created ten days ago, of whom two turned at 3 and one at 7; five created two days ago."""


def test_the_worked_answer() -> None:
    table = LifeTable.of(WORKED)
    assert (table.ages, table.stay) == ([3, 7], [0.8, 7 / 8])
    assert 1 - table.chance(0, 2) == 1
    assert 1 - table.chance(0, 3) == pytest.approx(0.8)
    assert 1 - table.chance(0, 7) == pytest.approx(0.7)
    assert 5 * table.chance(2, 5) == pytest.approx(1.5)
    assert 7 * table.chance(10, 5) == 0


def test_who_enters_late_is_seen_from_then_on() -> None:
    """Four enter at age 5; one of them turns at 5, when one who came at 0 is there, too."""
    seen = [Seen(5, 8, turned=False, count=3), Seen(5, 5, turned=True), Seen(0, 9, turned=False)]
    table = LifeTable.of(seen)
    assert (table.ages, table.stay) == ([5], [0.8])
    assert (table.chance(4, 1), table.chance(5, 90)) == (pytest.approx(0.2), 0)


def test_where_all_turn_nobody_stays_and_the_old_are_not_divided_by_nothing() -> None:
    table = LifeTable.of([Seen(0, 4, turned=True, count=2)])
    assert (table.chance(0, 4), table.chance(0, 3), table.chance(4, 90)) == (1, 0, 0)


def test_who_leaves_before_entering_says_nothing() -> None:
    assert LifeTable.of([Seen(5, 4, turned=True)]) == LifeTable([], [])
