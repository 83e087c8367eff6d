"""KPIs are found by the names that people use."""

from __future__ import annotations

from collections import Counter

import pytest

from crm_kpi import catalogue, kpi_names
from crm_kpi.messages import texts

TITLES = {entry.id: entry.title for entry in catalogue.entries().values()}


@pytest.mark.parametrize(
    ("word", "kpi"),
    [
        ("nps", "nps"),
        ("NPS", "nps"),
        ("Net Promoter Score", "nps"),
        ("net promoter score", "nps"),
        ("LTV", "clv"),
        ("CRR", "retention_rate"),
        ("AOV", "average_order_value"),
        ("arpc", "revenue_per_customer"),
        ("FRT", "first_response_time"),
        ("retention-rate", "retention_rate"),
        ("Retention-Rate", "retention_rate"),
        ("retention rate", "retention_rate"),
        ("tỷ lệ giữ chân khách hàng", "retention_rate"),
        ("Tỉ lệ giữ chân", "retention_rate"),
        ("ty le giu chan", "retention_rate"),
        ("Doanh thu", "revenue"),
        ("phễu bán hàng", "funnel"),
        ("follow-up", "follow_up"),
    ],
)
def test_a_name_finds_its_kpi(word: str, kpi: str) -> None:
    assert catalogue.find(word) == kpi


@pytest.mark.parametrize("kpi", TITLES)
def test_what_a_screen_in_vietnamese_calls_it_finds_a_kpi(kpi: str) -> None:
    for room in ("titles", "short_titles"):
        assert catalogue.find(str(texts("vi")[f"{room}.{kpi}"])) == kpi


@pytest.mark.parametrize("word", ["", "-", "rate", "tỷ lệ", "npss"])
def test_another_word_finds_none(word: str) -> None:
    assert catalogue.find(word) is None


def test_every_kpi_has_names_and_no_two_share_one() -> None:
    keys = Counter(
        key
        for kpi, title in TITLES.items()
        for key in {kpi_names._key(name) for name in kpi_names.names_of(kpi, title)}
    )
    assert [key for key, count in keys.items() if count > 1] == []
    assert TITLES.keys() == kpi_names.OTHER_NAMES.keys()
