"""What must hold for every metric of the catalogue, whatever it measures.

Row order does not matter; everybody twice doubles counts and sums and leaves
rates alone; segments add up (the engine asserts it on every run, here it is
made to happen); empty tables and empty periods give null with a reason.

Polars is asked for one metric at a time, the other engines for many together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import catalogue, sources
from crm_kpi.config import load_config
from crm_kpi.engine.as_of import declared
from crm_kpi.engine.run import KpiQuery, compute, read_options
from crm_kpi.results import Report, Result, Status, Unit
from crm_kpi.sources import LoadedTable
from crm_kpi.tables import TABLES
from tests.engine.cluster import NEEDED

ROOT = Path(__file__).parents[1]
WORDS = ["periods.every=quarter", "periods.from=2024-01-01", "periods.to=2024-12-31"]
MARGIN = "definitions.clv_profit={margin: 0.4}"
NEIGHBOURS = {"revenue_concentration"}
"""Metrics that look at customers side by side, so that twins change the value a little."""
REPEATS = {"uniqueness", "data_quality"}
"""Metrics that find the twins out, by the addresses and numbers that they share."""
ON_SPARK = ("nps", "resolution_time", "retention_rate", "revenue")
"""Answers, ordered values, people and sums; each property costs Spark seconds per metric."""


@dataclass(frozen=True)
class Asked:
    """What one engine is asked at once."""

    engine: str
    metrics: tuple[str, ...]

    @property
    def segment(self) -> str:
        """A column that all tables of the metrics have, or get from the customer."""
        column = common(self.metrics[0])
        return column or pytest.skip(f"the tables of {self.metrics[0]} have no column in common")


def common(metric: str) -> str | None:
    loaded = catalogue.load(metric)
    tables = loaded.needs(loaded.definition())
    if all("customer_id" in TABLES[table] for table in tables):
        return "segment"
    return "channel" if all("channel" in TABLES[table] for table in tables) else None


def questions() -> Iterator[Any]:
    groups: dict[str | None, list[str]] = defaultdict(list)
    for metric in catalogue.ids(catalogue.KpiKind.SCALAR):
        groups[common(metric)].append(metric)
        yield pytest.param(Asked("polars", (metric,)), id=metric)
    for column, metrics in groups.items():
        yield pytest.param(Asked("duckdb", tuple(metrics)), id=f"duckdb-{column or 'total'}")
    yield pytest.param(Asked("spark", ON_SPARK), id="spark", marks=NEEDED)


@pytest.fixture(scope="module")
def samples() -> dict[str, LoadedTable]:
    """The sample company, read once with every text column."""
    config = load_config(ROOT / "samples" / "crm-kpi.yaml", env={})
    texts = {table: set(TABLES[table].names) for table in TABLES}
    assert config.as_of
    return sources.load_all(config.specs(), read_options(config, declared(config), texts))


Ask = Callable[..., Report]
Change = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(params=questions())
def asked(request: pytest.FixtureRequest) -> Asked:
    found: Asked = request.param
    return found


@pytest.fixture
def ask(samples: dict[str, LoadedTable], asked: Asked, request: pytest.FixtureRequest) -> Ask:
    """ask(change=..., by=..., where=..., words=...): the report on changed tables."""
    place = asked.engine
    if place == "spark":
        place = f"{{name: spark, remote: {request.getfixturevalue('spark').remote}}}"

    def run(
        change: Change = lambda frame: frame,
        by: Sequence[str] = (),
        where: Mapping[str, Sequence[str | None]] | None = None,
        words: Sequence[str] = WORDS,
    ) -> Report:
        words = [*words, MARGIN, f"engine={place}"]
        config = load_config(ROOT / "samples" / "crm-kpi.yaml", words, env={})

        def read(specs: Any, options: Any) -> dict[str, LoadedTable]:
            return {
                table: replace(
                    samples[table],
                    frame=change(samples[table].frame),
                    rejected=change(samples[table].rejected),
                )
                for table in specs
            }

        report = compute(config, KpiQuery(asked.metrics, tuple(by), where or {}), read=read)
        assert not report.skipped
        return report

    return run


def keyed(found: Report) -> dict[tuple[Any, ...], Result]:
    return {(r.metric, r.period, tuple(r.segment.items())): r for r in found.results}


def facts(result: Result) -> tuple[Any, ...]:
    parts = (result.value, result.n, result.low, result.high, result.components, result.status)
    return (*parts, result.previous, result.change)


def apart(found: Report) -> dict[str, list[Result]]:
    """The results of each metric."""
    metrics: dict[str, list[Result]] = defaultdict(list)
    for result in found.results:
        metrics[result.metric].append(result)
    return metrics


def test_there_is_an_answer(asked: Asked, ask: Ask) -> None:
    """The samples feed every metric, so that the tests below are not about nothing; and no
    engine leaves one of them out."""
    found = apart(ask())
    assert set(found) == set(asked.metrics)
    for metric, results in found.items():
        assert any(r.value for r in results), metric


def test_row_order_does_not_matter(asked: Asked, ask: Ask) -> None:
    by = (asked.segment,)
    before = keyed(ask(by=by))
    after = keyed(ask(lambda f: f.sample(fraction=1, shuffle=True, seed=5), by=by))
    assert list(before) == list(after)
    assert [facts(r) for r in before.values()] == [facts(r) for r in after.values()]


def test_everybody_twice(ask: Ask) -> None:
    """Under other ids: rates stay, counts and sums double."""

    def twice(frame: pl.DataFrame) -> pl.DataFrame:
        ids = [name for name in frame.columns if name.endswith("_id")]
        return pl.concat([frame, frame.with_columns(pl.col(ids) + " twin")])

    before, after = keyed(ask()), keyed(ask(twice))
    assert list(before) == list(after)
    rates = {str(u) for u in (Unit.PERCENT, Unit.POINTS, Unit.SCORE, Unit.HOURS, Unit.DAYS)}
    for key, one in before.items():
        two = after[key]
        if one.value is None or two.value is None:
            assert one.value == two.value
            continue
        assert two.n == 2 * (one.n or 0)
        if one.metric in REPEATS:
            assert float(two.value) < float(one.value)
        elif one.metric in NEIGHBOURS:
            assert float(two.value) == pytest.approx(float(one.value), rel=0.02)
        elif float(two.value) != pytest.approx(float(one.value)):
            assert float(two.value) == pytest.approx(2 * float(one.value))
            assert one.unit not in rates


def test_empty_tables(ask: Ask) -> None:
    for result in ask(lambda frame: frame.clear()).results:
        assert result.value is None or result.value == 0
        if result.value is None:
            assert result.status == Status.NO_DATA
            assert result.reason


def test_a_period_without_rows_is_a_row(asked: Asked, ask: Ask) -> None:
    """Years before anything happened: every one of them is answered."""
    words = ["periods.every=year", "periods.from=2001", "periods.to=2010"]
    found = apart(ask(words=words))
    for metric in asked.metrics:
        labels = [r.period for r in found[metric] if not r.segment]
        assert labels == [str(year) for year in range(2001, 2011)]
        for result in found[metric]:
            assert result.value is None or result.value == 0, result
            assert result.value is not None or result.reason


def test_segments_cover_the_grid(asked: Asked, ask: Ask) -> None:
    for found in apart(ask(by=(asked.segment,))).values():
        periods = {r.period for r in found}
        segments = {tuple(r.segment.items()) for r in found}
        assert () in segments
        assert len(segments) > 1
        own = [r for r in found if set(r.segment) <= {asked.segment}]
        assert len(own) == len(periods) * len({tuple(r.segment.items()) for r in own})


def test_where_equals_the_segment(asked: Asked, ask: Ask) -> None:
    """--where X=v gives what --by X gives for v."""
    column = asked.segment
    split = ask(by=(column,))
    there = [{r.segment.get(column) for r in found} for found in apart(split).values()]
    value = min(filter(None, set.intersection(*there)))
    segments = keyed(split)
    for result in ask(where={column: [value]}).results:
        if result.segment:
            continue
        segment = segments[result.metric, result.period, ((column, value),)]
        assert (result.value, result.n) == (segment.value, segment.n)
        assert result.components == segment.components
