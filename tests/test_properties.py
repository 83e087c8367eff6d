"""What must hold for every metric of the catalogue, whatever it measures.

Row order does not matter; everybody twice doubles counts and sums and leaves
rates alone; segments add up (the engine asserts it on every run, here it is
made to happen); empty tables and empty periods give null with a reason.

Polars is asked for one metric at a time, the other engines for many together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import catalogue, sources
from crm_kpi.config import load_config
from crm_kpi.engine.as_of import declared
from crm_kpi.engine.run import KpiQuery, compute, read_options
from crm_kpi.errors import UsageError
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


SPLITS = ("segment", "channel", "owner", "agent", "category", "kind", "plan", "stage", "priority")
MOVED = [
    (metric, column)
    for metric in catalogue.ids(catalogue.KpiKind.SCALAR)
    for loaded in [catalogue.load(metric)]
    for tables in [loaded.needs(loaded.definition())]
    for column in SPLITS
    if all(
        column in TABLES[table]
        or (column in TABLES["customers"] and "customer_id" in TABLES[table])
        for table in tables
    )
]
"""Each metric, and the columns that all its tables have, or get from the customer."""
QUARTERS = ("2024-Q3", "2024-Q4")


@pytest.mark.parametrize(("metric", "column"), MOVED)
def test_drivers_are_the_change(samples: dict[str, LoadedTable], metric: str, column: str) -> None:
    """Over random parts of the rows: the effects of segments are the change between two periods,
    turn with them, and rest on the numbers of --by."""
    if isinstance(catalogue.load(metric).quotient, str):
        with pytest.raises(UsageError, match=metric):
            moved(samples, metric, column, QUARTERS)
        return

    def some(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=0.7, shuffle=True, seed=1)

    whole, *rows = moved(samples, metric, column, QUARTERS, some)
    back = {
        row["segment"]: row
        for row in moved(samples, metric, column, QUARTERS[::-1], some)
        if row["column"]
    }
    values = moved(samples, metric, column, QUARTERS, some, name=metric)
    known = {(r.segment.get(column, ...), r.period): r.value for r in values}
    told = [row for row in rows if not row["factor"]]
    for row, segment in [(whole, ...), *((row, row["segment"]) for row in told)]:
        assert row["before"] == known[segment, QUARTERS[0]]
        assert row["after"] == known[segment, QUARTERS[1]]
    if whole["total"] is None:
        assert not rows
        return
    change = float(whole["after"]) - float(whole["before"])
    assert float(whole["total"]) == pytest.approx(change, abs=1e-9)
    totals = [row["total"] for row in told]
    if all(isinstance(total, int | Decimal) for total in totals):
        assert abs(sum(totals) - whole["total"]) < Decimal("1e-15")
    size = sum(abs(float(total)) for total in totals)
    assert math.fsum(totals) == pytest.approx(change, abs=1e-12 * (1 + size))
    for row in told:
        for effect in ("rate_effect", "mix_effect", "total"):
            other = back[row["segment"]][effect]
            assert (None if other is None else -other) == row[effect]
    factors = [row["total"] for row in rows if row["factor"]]
    if factors:
        assert math.fsum(factors) == pytest.approx(change)


def moved(
    samples: dict[str, LoadedTable],
    metric: str,
    column: str,
    periods: Sequence[str],
    change: Change = lambda frame: frame,
    name: str = "drivers",
    engine: str = "polars",
) -> Any:
    """The drivers of a metric, or the results of `name`."""
    keys = f"metric: {metric}, by: [{column}], before: {periods[0]}, after: {periods[1]}"
    words = [*WORDS, MARGIN, f"definitions.drivers={{{keys}}}", f"engine={engine}"]
    config = load_config(ROOT / "samples" / "crm-kpi.yaml", words, env={})

    def read(specs: Any, options: Any) -> dict[str, LoadedTable]:
        return {t: replace(samples[t], frame=change(samples[t].frame)) for t in specs}

    by = (column,) if name != "drivers" else ()
    report = compute(config, KpiQuery([name], by, must=[name]), read=read)
    return report.tables["drivers"] if name == "drivers" else report.results


Rows = list[dict[str, Any]]


def every_driver(
    samples: dict[str, LoadedTable],
    change: Change = lambda frame: frame,
    engine: str = "polars",
    as_of: str = "2024-12-31",
) -> Rows:
    """The drivers of all metrics by two columns."""
    words = [*WORDS, MARGIN, f"engine={engine}", f"as_of={as_of}"]
    config = load_config(ROOT / "samples" / "crm-kpi.yaml", words, env={})

    def read(specs: Any, options: Any) -> dict[str, LoadedTable]:
        return {t: replace(samples[t], frame=change(samples[t].frame)) for t in specs}

    metrics = catalogue.ids(catalogue.KpiKind.SCALAR)
    query = KpiQuery(metrics, drivers=("segment", "channel"), or_whole=True)
    rows = compute(config, query, read=read).tables["drivers"]
    assert len({row["metric"] for row in rows}) > 25
    return rows


def test_drivers_are_the_same_on_duckdb_and_in_any_order(samples: dict[str, LoadedTable]) -> None:
    rows = every_driver(samples)
    assert every_driver(samples, engine="duckdb") == rows
    assert every_driver(samples, lambda f: f.sample(fraction=1, shuffle=True, seed=3)) == rows


def test_drivers_know_nothing_of_what_comes_later(samples: dict[str, LoadedTable]) -> None:
    def and_later(frame: pl.DataFrame) -> pl.DataFrame:
        ids = [name for name in frame.columns if name.endswith("_id")]
        days = frame.select(pl.selectors.temporal()).columns
        later = [pl.col(name).dt.offset_by("4000d") for name in days]
        return pl.concat([frame, frame.with_columns(*later, pl.col(ids) + " later")])

    # Whose rows a file has is a question of data quality, and not of days.
    quality = {n for n in catalogue.ids() if catalogue.entries()[n].domain == "quality"}
    before, after = (
        [r for r in every_driver(samples, c, as_of="2024-09-30") if r["metric"] not in quality]
        for c in (lambda frame: frame, and_later)
    )
    assert before == after


def test_drivers_of_money_grow_with_the_money(samples: dict[str, LoadedTable]) -> None:
    def tenfold(frame: pl.DataFrame) -> pl.DataFrame:
        money = frame.select(pl.selectors.decimal()).columns
        return frame.with_columns((pl.col(money) * 10).cast(pl.Decimal(38, 4)))

    before, after = every_driver(samples), every_driver(samples, tenfold)
    for metric in ("revenue", "average_order_value", "mrr", "win_rate"):
        then = {tuple(row.values())[3:6]: row for row in before if row["metric"] == metric}
        now = {tuple(row.values())[3:6]: row for row in after if row["metric"] == metric}
        times = 1 if metric == "win_rate" else 10
        assert then.keys() == now.keys()
        for key, row in then.items():
            assert float(now[key]["total"]) == pytest.approx(times * float(row["total"]))
