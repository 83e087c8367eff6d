"""MRR, its movements and revenue retention against SQL over customers and months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .sample import Sample
from .sql import Company

LEVELS = """
    create or replace table levels as
    with paid as (
        select
            customer_id,
            greatest(start_date, coalesce(trial_end, start_date)) as since,
            coalesce(end_date, date '9999-12-31') as until,
            -- A decimal, so that equal amounts are equal.
            (unit_amount * quantity * case "interval"
                when 'year' then 1 when 'quarter' then 4 when 'month' then 12
                when 'week' then 52 when 'day' then 365 end
                / interval_count)::decimal(38, 6) as yearly
        from subscriptions
    ),
    instants as (
        -- 12 months more, to look back; at an instant holds what held on the day before.
        select unnest(generate_series(date '2022-01-01', date '2025-01-01', interval 1 month))::date
            as instant
    ),
    people as (select customer_id, min(since) as first from paid where since < until group by all)
    select
        customer_id,
        instant,
        first,
        coalesce(sum(yearly) filter (since < instant and until >= instant), 0) as level
    from instants cross join people join paid using (customer_id)
    where since < until
    group by all
"""
MOVES = """
    with steps as (
        select
            instant - interval 1 month as month,
            first,
            level,
            lag(level) over (partition by customer_id order by instant) as before
        from levels
    )
    select
        month::date,
        sum(before) / 12,
        sum(level) filter (before = 0 and first >= month) / 12,
        sum(level) filter (before = 0 and first < month) / 12,
        sum(level - before) filter (before > 0 and level > before) / 12,
        sum(before - level) filter (level > 0 and level < before) / 12,
        sum(before) filter (level = 0) / 12,
        sum(level) / 12,
        count(*) filter (level > 0)
    from steps where month >= date '2023-01-01' group by month order by month
"""
KEPT = """
    select
        l.instant,
        sum(s.level) / 12,
        100.0 * sum(least(s.level, l.level)) / sum(s.level),
        100.0 * sum(l.level) / sum(s.level),
        count(*)
    from levels l join levels s using (customer_id)
    where s.instant = l.instant - to_months(?) and s.level > 0 and l.instant > date '2023-01-01'
    group by l.instant order by l.instant
"""
NAMES = ("mrr_start", "new", "reactivated", "expansion", "contraction", "churned")


@pytest.fixture(scope="module", autouse=True)
def prepared(company: Company) -> None:
    company.ask(LEVELS)


def moves(company: Company) -> dict[date, list[float]]:
    return {month: [float(v or 0) for v in values] for month, *values in company.ask(MOVES)}


def test_movements(sample: Sample, company: Company) -> None:
    expected = moves(company)
    seen = [0.0] * len(NAMES)
    for month, result in sample.results("mrr").items():
        *parts, end, paying = expected.pop(month.start_time.date())
        if result.value is None:
            assert not any((*parts, end)), month
            continue
        found = [float(result.components[name] or 0) for name in NAMES]
        assert found == pytest.approx(parts, rel=1e-9), month
        assert float(result.value) == pytest.approx(end, rel=1e-9), month
        assert result.n == paying, month
        seen = [a + b for a, b in zip(seen, parts, strict=True)]
    assert not expected
    assert all(seen), "a movement that never happened proves nothing"


def test_movements_of_quarters(sample: Sample, company: Company) -> None:
    """Judged by the month whatever the period: those of its months added up."""
    monthly = moves(company)
    for quarter, result in sample.results("mrr", "quarter").items():
        first, second, third = (monthly[month.start_time.date()] for month in _months(quarter))
        parts = [first[0], *(sum(v) for v in zip(first[1:6], second[1:6], third[1:6], strict=True))]
        if result.value is None:
            assert not any(parts), quarter
            continue
        found = [float(result.components[name] or 0) for name in NAMES]
        assert found == pytest.approx(parts, rel=1e-9), quarter
        assert float(result.value) == pytest.approx(third[6], rel=1e-9), quarter


def _months(quarter: Any) -> list[Any]:
    first = quarter.asfreq("M", "start")
    return [first, first + 1, first + 2]


@pytest.mark.parametrize(("window", "months"), [("12 months", 12), ("period", 1)])
def test_retained(sample: Sample, company: Company, window: str, months: int) -> None:
    expected = {
        end: (float(start), float(gross), float(net), n)
        for end, start, gross, net, n in company.ask(KEPT, months)
    }
    grr = sample.results("grr", grr=f"{{window: {window}}}")
    nrr = sample.results("nrr", nrr=f"{{window: {window}}}")
    assert len(expected) > 5
    for month in grr:
        there = expected.pop((month + 1).start_time.date(), None)
        if there is None:
            assert (grr[month].value, nrr[month].value) == (None, None), month
            continue
        start, gross, net, n = there
        assert float(grr[month].components["mrr_start"] or 0) == pytest.approx(start, rel=1e-9)
        assert grr[month].value == pytest.approx(gross, rel=1e-9), month
        assert nrr[month].value == pytest.approx(net, rel=1e-9), month
        assert grr[month].n == nrr[month].n == n, month
    assert not expected
