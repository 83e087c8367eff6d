"""Cohorts against SQL: who began when, and who bought how many periods later."""

from __future__ import annotations

import pytest

from .sample import Sample
from .sql import Company

SETUP = """
    create or replace table orders as
    select customer, min(day) as day from lines group by customer, code having sum(amount) > 0;
    create or replace table cohorts as
    select customer, min(day) as began from orders group by customer;
"""
SEEN = {
    "on": "exists (from orders where customer = c.customer and date_trunc($1, day) = p.start)",
    "on_or_after": "exists (from orders where customer = c.customer and day >= p.start)",
}
QUERY = """
    with periods as (
        select unnest(generate_series(
            date '2023-01-01', date '2024-12-01', ('1 ' || $1)::interval))::date as start
    ),
    cells as (
        select
            date_trunc($1, c.began) as cohort,
            date_diff($1, c.began, p.start) as "offset",
            count(*) as size,
            count(*) filter ({seen}) as active
        from cohorts c join periods p on p.start >= date_trunc($1, c.began)
        group by all
    ),
    everything as (
        select 0 as last, cohort, "offset", size, active from cells
        union all
        select 1, null, "offset", sum(size), sum(active) from cells group by "offset"
    )
    select "offset", size::bigint, active::bigint, 100.0 * active / size
    from everything order by last, cohort, "offset"
"""
REVENUE = """
    with cells as (
        select
            date_trunc($1, c.began) as cohort,
            date_diff($1, c.began, l.day) as "offset",
            sum(l.amount) as amount
        from cohorts c join lines l using (customer)
        group by all
    )
    select date_diff($1, date '2023-01-01', cohort), "offset", amount::bigint from cells
"""
EVERY = pytest.mark.parametrize("every", ["month", "quarter"])


@pytest.fixture(scope="module", autouse=True)
def prepared(company: Company) -> None:
    company.connection.execute(SETUP)


@EVERY
@pytest.mark.parametrize("mode", ["on", "on_or_after"])
def test_customers(sample: Sample, company: Company, every: str, mode: str) -> None:
    found = sample.table("cohorts", every, cohorts=f"{{mode: {mode}}}")
    expected = company.ask(QUERY.format(seen=SEEN[mode]), every)
    assert len(found) > {"month": 300, "quarter": 40}[every]
    counted = [(row["offset"], row["size"], row["active"]) for row in found]
    assert counted == [row[:3] for row in expected]
    shares = [row["share"] for row in found]
    assert shares == pytest.approx([row[3] for row in expected], rel=1e-12)


@EVERY
def test_revenue(sample: Sample, company: Company, every: str) -> None:
    amounts = {(cohort, offset): amount for cohort, offset, amount in company.ask(REVENUE, every)}
    found = sample.table("cohorts", every, cohorts="{of: revenue}")
    labels = list(dict.fromkeys(row["cohort"] for row in found))
    for row in found:
        if row["cohort"] == "all":
            mature = len(labels) - 1 - row["offset"]
            active = sum(amounts.get((i, row["offset"]), 0) for i in range(mature))
            size = sum(amounts[i, 0] for i in range(mature))
        else:
            cohort = labels.index(row["cohort"])
            size, active = amounts[cohort, 0], amounts.get((cohort, row["offset"]), 0)
        assert (row["size"], row["active"]) == (size, active), row
        assert row["share"] == pytest.approx(100 * active / size, rel=1e-12), row
