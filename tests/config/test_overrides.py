"""`--set KEY=VALUE`"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from crm_kpi.config.model import Config
from crm_kpi.errors import Problem

Read = Callable[..., Config]
Faults = Callable[..., list[Problem]]

FILE = """
currency: VND
periods: {every: month, last: 3}
sources:
  customers: {path: [a.csv, b.csv]}
  surveys: [{path: c.csv}, {path: d.csv}]
"""


def test_a_word_goes_before_the_file_and_the_last_word_before_the_others(read: Read) -> None:
    config = read(FILE, "periods.every=week", "periods.every=day", "limits.rejected_rows=2%")
    assert (config.periods.every, config.periods.last) == ("day", 3)
    assert config.limits.rejected_rows == Decimal("0.02")


def test_a_value_is_yaml_and_replaces_whole_blocks(read: Read) -> None:
    config = read(FILE, "periods={every: year}", "exchange_rates={USD: 25400}")
    assert (config.periods.every, config.periods.last) == ("year", None)
    assert config.exchange_rates == {"USD": 25400}


def test_a_value_may_hold_an_equals_sign_and_be_empty(read: Read) -> None:
    config = read(FILE, "sources.customers.missing=a=b", "currency=")
    assert config.specs()["customers"][0].missing == ("a=b",)
    assert config.currency is None


def test_items_of_lists_are_counted_from_0(read: Read) -> None:
    config = read(FILE, "sources.customers.path.1=x.csv", "sources.surveys.0.path=y.csv")
    assert [p[-5:] for p in config.specs()["customers"][0].paths] == ["a.csv", "x.csv"]
    assert [s.paths[0][-5:] for s in config.specs()["surveys"]] == ["y.csv", "d.csv"]


def test_blocks_are_made_where_there_are_none(read: Read) -> None:
    assert read("periods:", "periods.last=2", "thresholds.nps.target=5").periods.last == 2
    assert read("", "thresholds.nps.target=5").thresholds["nps"][0].target == 5


@pytest.mark.parametrize(
    ("word", "column", "reason"),
    [
        ("periods", None, "should be KEY=VALUE"),
        ("=week", None, "should be KEY=VALUE"),
        ("periods..every=week", None, "should be KEY=VALUE"),
        ("periods.evry=week", "periods.evry", "unknown key"),
        ("periods.every=wek", "periods.every", "should be day, week"),
        ("periods={evry: week}", "periods.evry", "unknown key"),
        ("periods={every: week, every: day}", "periods.every", "key given twice"),
        ("currency.code=VND", "currency", "has no keys within it"),
        ("sources.customers.path.2=x", "sources.customers.path.2", "no such item in the list"),
        ("sources.surveys.2.path=x", "sources.surveys.2", "no such item in the list"),
        ("periods.every=[", None, "a value that is not there"),
        ("periods.every=&x week", None, "anchors (&) and aliases (*)"),
    ],
)
def test_faults_name_the_word(faults: Faults, word: str, column: str | None, reason: str) -> None:
    (problem,) = faults(FILE, word)
    assert (problem.path, problem.line, problem.column) == (f"--set {word}", None, column)
    assert reason in problem.reason


def test_faults_of_the_file_come_first(faults: Faults) -> None:
    problems = faults("a: 1\nb: 2\n", "c=3")
    assert [(p.line, p.column) for p in problems] == [(1, "a"), (2, "b"), (None, "c")]
