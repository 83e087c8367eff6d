"""The funnel against SQL: who reached a stage or a later one, and how long they were in it."""

from __future__ import annotations

import pytest

from .sample import Sample
from .sql import Company

STAGES = ("Tiếp cận", "Khảo sát", "Báo giá", "Thương lượng", "Thắng")
REACHED = """
    select count(*) from opportunities o
    where outcome = 'won' or exists (
        from stage_changes s
        where s.opportunity_id = o.opportunity_id and list_position($1, s.stage) >= $2
    )
"""
DAYS = """
    with stays as (
        select
            s.opportunity_id,
            s.stage,
            s.entered_at,
            coalesce(
                lead(s.entered_at) over (partition by s.opportunity_id order by s.entered_at),
                o.closed_at
            ) as gone_at
        from stage_changes s join opportunities o on o.opportunity_id = s.opportunity_id
    )
    select median(epoch(gone_at) - epoch(entered_at)) / 86400 from stays
    where stage = $1 and gone_at is not null
"""
LEADS = """
    select
        count(*),
        count(converted_at),
        median(epoch(converted_at) - epoch(created_at)) / 86400
    from leads
"""


def test_opportunities(sample: Sample, company: Company) -> None:
    """The order of the stages is learned from the deals; here it is known."""
    found = sample.table("funnel")
    assert tuple(row["stage"] for row in found) == STAGES
    ((everybody,),) = company.ask("select count(*) from opportunities")
    before = everybody
    for place, row in enumerate(found, start=1):
        ((reached,),) = company.ask(REACHED, list(STAGES), place)
        if place == 1:
            reached = everybody
        assert row["reached"] == reached
        if place == 1:
            assert row["step_rate"] is None
        else:
            assert row["step_rate"] == pytest.approx(100 * reached / before, rel=1e-12)
        assert row["overall_rate"] == pytest.approx(100 * reached / everybody, rel=1e-12)
        ((days,),) = company.ask(DAYS, row["stage"])
        if row["stage"] == STAGES[-1]:
            assert row["median_days"] is None, "nobody leaves the stage that means won"
        else:
            assert row["median_days"] == pytest.approx(days, rel=1e-9)
        before = reached


def test_leads(sample: Sample, company: Company) -> None:
    lead, converted = sample.table("funnel", funnel="{of: leads}")
    ((leads, customers, days),) = company.ask(LEADS)
    assert (lead["reached"], converted["reached"]) == (leads, customers)
    assert converted["step_rate"] == pytest.approx(100 * customers / leads, rel=1e-12)
    assert lead["median_days"] == pytest.approx(days, rel=1e-9)
    assert 0 < customers < leads
