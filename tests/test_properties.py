"""What must hold for every metric of the catalogue, whatever it measures.

Row order does not matter; doubled customers double counts and sums and leave
rates alone; segments add up (the engine asserts it on every run, here it is
made to happen); empty tables and empty periods give null with a reason.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.results import Report, Result, Status, Unit
from tests.oracle.data import generate
from tests.support import Row, ask

DATA = generate(11)
EMPTY: Mapping[str, Sequence[Row]] = {table: [] for table in DATA.tables}


def report(tables: Mapping[str, Sequence[Row]], metric: str, **options: Any) -> Report:
    options = {"as_of": DATA.as_of, "timezone": DATA.timezone, "every": "quarter"} | options
    return ask(tables, [metric], **options)


def keyed(found: Report) -> dict[tuple[Any, ...], Result]:
    return {(r.metric, r.period, tuple(r.segment.items())): r for r in found.results}


def facts(result: Result) -> tuple[Any, ...]:
    parts = (result.value, result.n, result.low, result.high, result.components, result.status)
    return (*parts, result.previous, result.change)


@pytest.fixture(params=catalogue.ids())
def metric(request: pytest.FixtureRequest) -> str:
    """Each metric whose tables the generated data has."""
    loaded = catalogue.load(request.param)
    missing = set(loaded.needs(loaded.definition())) - set(DATA.tables)
    if missing:
        pytest.skip(f"the generated data has no {', '.join(missing)}")
    return str(request.param)


def test_row_order_does_not_matter(metric: str) -> None:
    shuffled = {t: random.Random(5).sample(rows, len(rows)) for t, rows in DATA.tables.items()}
    before = keyed(report(DATA.tables, metric, by=("segment",)))
    after = keyed(report(shuffled, metric, by=("segment",)))
    assert list(before) == list(after)
    assert [facts(r) for r in before.values()] == [facts(r) for r in after.values()]


def test_doubled_customers(metric: str) -> None:
    """Everybody twice, under other ids: rates stay, counts and sums double."""
    twice = {
        table: [*rows, *({k: _twin(k, v) for k, v in row.items()} for row in rows)]
        for table, rows in DATA.tables.items()
    }
    before, after = keyed(report(DATA.tables, metric)), keyed(report(twice, metric))
    assert list(before) == list(after)
    additive = set()
    for key, one in before.items():
        two = after[key]
        if one.value is None or two.value is None:
            assert one.value == two.value
            continue
        assert two.n == 2 * (one.n or 0)
        if float(two.value) != pytest.approx(float(one.value)):
            additive.add(key)
            assert float(two.value) == pytest.approx(2 * float(one.value))
    rates = {Unit.PERCENT, Unit.POINTS, Unit.SCORE, Unit.HOURS, Unit.DAYS}
    unit = next(iter(before.values())).unit
    assert not additive or unit not in {str(rate) for rate in rates}


def _twin(column: str, value: Any) -> Any:
    return f"{value} twin" if column.endswith("_id") and value is not None else value


def test_empty_tables(metric: str) -> None:
    found = report(EMPTY, metric)
    assert not found.skipped
    assert len(found.results) == 1
    for result in found.results:
        assert result.value is None or result.value == 0
        if result.value is None:
            assert result.status == Status.NO_DATA
            assert result.reason


def test_a_period_without_rows_is_a_row(metric: str) -> None:
    """The decade before anything happened: every quarter of it is answered."""
    first = min(r["date"] for r in DATA["transactions"])
    start = first.replace(year=first.year - 3)
    found = report(DATA.tables, metric, set_=[f"periods.from={start}"], by=("segment",))
    early = [r for r in found.results if r.end <= first - timedelta(days=400)]
    assert len({r.period for r in early}) >= 6
    for result in early:
        assert result.value is None or result.value == 0, result
        assert result.value is not None or result.reason


def test_segments_cover_the_grid(metric: str) -> None:
    found = report(DATA.tables, metric, by=("segment",))
    periods = {r.period for r in found.results}
    segments = {tuple(r.segment.items()) for r in found.results}
    assert () in segments
    assert len(segments) > 1
    assert len(found.results) == len(periods) * len(segments)


def test_where_equals_the_segment(metric: str) -> None:
    """--where X=v gives what --by X gives for v."""
    split = keyed(report(DATA.tables, metric, by=("segment",)))
    only = keyed(report(DATA.tables, metric, where={"segment": ["smb"]}))
    # A split lists the periods of all rows, a filter those of the rows it keeps.
    for (name, period, _), result in only.items():
        other = split[name, period, (("segment", "smb"),)]
        assert (result.value, result.n, result.components) == (
            other.value,
            other.n,
            other.components,
        )
