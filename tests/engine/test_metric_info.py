"""What each KPI of an answer is called, and which way is good."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from crm_kpi import catalogue
from crm_kpi.engine.metric_info import short_title, title
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.results import SHORT
from tests.metrics.rows import customers, sale
from tests.support import ask

TABLES = {
    "customers": customers((40, "2023-01-01", None)),
    "transactions": [sale("C1", "2024-01-05", 10)],
}


@pytest.mark.parametrize("kpi", catalogue.ids())
def test_a_short_title_is_short_and_of_one_kpi(kpi: str) -> None:
    short = short_title(kpi)
    assert 0 < cell_len(short) <= SHORT
    assert [other for other in catalogue.ids() if short_title(other) == short] == [kpi]
    assert title(kpi, kpi) == catalogue.entries()[kpi].title
    declared = catalogue.load(kpi).short_title
    assert declared != title(kpi, kpi), "a title that is short enough stands once"


@pytest.mark.parametrize("kpi", catalogue.ids())
def test_who_speaks_for_a_kpi_speaks_for_itself(kpi: str) -> None:
    speaker = catalogue.load(kpi).spoken_for_by
    if speaker:
        loaded = catalogue.load(speaker)
        assert isinstance(loaded, ValueKpi)
        assert loaded.spoken_for_by == ""


def test_every_id_of_the_answer_is_there() -> None:
    report = ask(TABLES, ["nps", "rfm", "revenue", "churn_rate"], as_of="2024-03-31")
    assert [*report.metrics] == ["churn_rate", "revenue", "nps", "rfm"]
    churn = report.metrics["churn_rate"]
    assert (churn.title, churn.short_title) == ("Customer churn rate", "Churn rate")
    assert (churn.domain, churn.unit, churn.higher_is_better) == ("retention", "percent", False)
    assert churn.formula == "100 x customers lost / customers at the start"
    assert report.metrics["rfm"].unit is None
    assert report.metrics["rfm"].domain == "analyses"
    assert [skip.metric for skip in report.skipped] == ["nps"]
    assert report.metrics["nps"].unit == "points"


def test_money_is_of_the_currency() -> None:
    report = ask(TABLES, ["revenue"], as_of="2024-03-31", set_=["currency=VND"])
    assert report.metrics["revenue"].unit == "VND"
    assert report.results[0].unit == "VND"


def test_a_variant_goes_by_its_own_name() -> None:
    report = ask(
        TABLES, ["events", "churn_rate"], as_of="2024-03-31",
        definitions={"events": "{metric: churn_rate, rule: events}"},
    )  # fmt: skip
    assert [*report.metrics] == ["churn_rate", "events"]
    variant = report.metrics["events"]
    assert (variant.title, variant.short_title) == ("Customer churn rate (events)", "events")
    assert variant.domain == "retention"
