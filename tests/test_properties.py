"""What must hold for every metric of the catalogue, whatever it measures.

Row order does not matter; everybody twice doubles counts and sums and leaves
rates alone; segments add up (the engine asserts it on every run, here it is
made to happen); empty tables and empty periods give null with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import catalogue, sources
from crm_kpi.config import load_config
from crm_kpi.engine.run import Question, compute, read_options
from crm_kpi.results import Report, Result, Status, Unit
from crm_kpi.sources import Loaded
from crm_kpi.tables import TABLES

ROOT = Path(__file__).parents[1]
WORDS = ["periods.every=quarter", "periods.from=2024-01-01", "periods.to=2024-12-31"]
MARGIN = "definitions.clv_profit={margin: 0.4}"
NEIGHBOURS = {"revenue_concentration"}
"""Metrics that look at customers side by side, so that twins change the value a little."""
REPEATS = {"uniqueness", "data_quality"}
"""Metrics that find the twins out, by the addresses and numbers that they share."""


@pytest.fixture(scope="module")
def samples() -> dict[str, Loaded]:
    """The sample company, read once with every text column."""
    config = load_config(ROOT / "samples" / "crm-kpi.yaml", env={})
    texts = {table: set(TABLES[table].names) for table in TABLES}
    assert config.as_of
    return sources.load_all(config.specs(), read_options(config, config.as_of, texts))


Ask = Callable[..., Report]
Change = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture
def ask(samples: dict[str, Loaded]) -> Ask:
    """ask(metric, change=..., by=..., where=..., words=...): the report on changed tables."""

    def run(
        metric: str,
        change: Change = lambda frame: frame,
        by: Sequence[str] = (),
        where: Mapping[str, Sequence[str | None]] | None = None,
        words: Sequence[str] = WORDS,
    ) -> Report:
        config = load_config(ROOT / "samples" / "crm-kpi.yaml", [*words, MARGIN], env={})

        def read(specs: Any, options: Any) -> dict[str, Loaded]:
            return {
                table: replace(
                    samples[table],
                    frame=change(samples[table].frame),
                    rejected=change(samples[table].rejected),
                )
                for table in specs
            }

        report = compute(config, Question([metric], tuple(by), where), read=read)
        assert not report.skipped
        return report

    return run


@pytest.fixture(params=catalogue.ids())
def metric(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def segment(metric: str) -> str:
    """A column that all tables of the metric have, or get from the customer."""
    loaded = catalogue.load(metric)
    tables = loaded.needs(loaded.definition())
    if all("customer_id" in TABLES[table] for table in tables):
        return "segment"
    if all("channel" in TABLES[table] for table in tables):
        return "channel"
    return pytest.skip(f"{', '.join(tables)} have no column in common to split by")


def keyed(found: Report) -> dict[tuple[Any, ...], Result]:
    return {(r.metric, r.period, tuple(r.segment.items())): r for r in found.results}


def facts(result: Result) -> tuple[Any, ...]:
    parts = (result.value, result.n, result.low, result.high, result.components, result.status)
    return (*parts, result.previous, result.change)


def test_there_is_an_answer(metric: str, ask: Ask) -> None:
    """The samples feed every metric, so that the tests below are not about nothing."""
    assert any(r.value for r in ask(metric).results)


def test_row_order_does_not_matter(metric: str, segment: str, ask: Ask) -> None:
    before = keyed(ask(metric, by=(segment,)))
    after = keyed(ask(metric, lambda f: f.sample(fraction=1, shuffle=True, seed=5), by=(segment,)))
    assert list(before) == list(after)
    assert [facts(r) for r in before.values()] == [facts(r) for r in after.values()]


def test_everybody_twice(metric: str, ask: Ask) -> None:
    """Under other ids: rates stay, counts and sums double."""

    def twice(frame: pl.DataFrame) -> pl.DataFrame:
        ids = [name for name in frame.columns if name.endswith("_id")]
        return pl.concat([frame, frame.with_columns(pl.col(ids) + " twin")])

    before, after = keyed(ask(metric)), keyed(ask(metric, twice))
    assert list(before) == list(after)
    additive = set()
    for key, one in before.items():
        two = after[key]
        if one.value is None or two.value is None:
            assert one.value == two.value
            continue
        assert two.n == 2 * (one.n or 0)
        if metric in REPEATS:
            assert float(two.value) < float(one.value)
        elif metric in NEIGHBOURS:
            assert float(two.value) == pytest.approx(float(one.value), rel=0.02)
        elif float(two.value) != pytest.approx(float(one.value)):
            additive.add(key)
            assert float(two.value) == pytest.approx(2 * float(one.value))
    rates = {str(u) for u in (Unit.PERCENT, Unit.POINTS, Unit.SCORE, Unit.HOURS, Unit.DAYS)}
    assert not additive or next(iter(before.values())).unit not in rates


def test_empty_tables(metric: str, ask: Ask) -> None:
    for result in ask(metric, lambda frame: frame.clear()).results:
        assert result.value is None or result.value == 0
        if result.value is None:
            assert result.status == Status.NO_DATA
            assert result.reason


def test_a_period_without_rows_is_a_row(metric: str, ask: Ask) -> None:
    """Years before anything happened: every one of them is answered."""
    words = ["periods.every=year", "periods.from=2001", "periods.to=2010"]
    found = ask(metric, words=words).results
    assert [r.period for r in found if not r.segment] == [str(year) for year in range(2001, 2011)]
    for result in found:
        assert result.value is None or result.value == 0, result
        assert result.value is not None or result.reason


def test_segments_cover_the_grid(metric: str, segment: str, ask: Ask) -> None:
    found = ask(metric, by=(segment,))
    periods = {r.period for r in found.results}
    segments = {tuple(r.segment.items()) for r in found.results}
    assert () in segments
    assert len(segments) > 1
    own = [r for r in found.results if set(r.segment) <= {segment}]
    assert len(own) == len(periods) * len({tuple(r.segment.items()) for r in own})


def test_where_equals_the_segment(metric: str, segment: str, ask: Ask) -> None:
    """--where X=v gives what --by X gives for v."""
    split = keyed(ask(metric, by=(segment,)))
    value = next(seg[0][1] for _, _, seg in split if seg and seg[0][0] == segment and seg[0][1])
    only = keyed(ask(metric, where={segment: [value]}))
    for (name, period, other), result in only.items():
        if other:
            continue
        there = split[name, period, ((segment, value),)]
        assert (result.value, result.n) == (there.value, there.n)
        assert result.components == there.components
