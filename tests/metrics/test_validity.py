"""Validity, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.errors import ConfigError
from tests.metrics.files import ask_files
from tests.support import one

TEXT = """customer_id,signup_date,email,phone,segment,acquisition_cost
1,2024-01-01,an@example.com,0912345678,Retail,10
2,2024-02-31,an.example.com,912 345 678,retail,
3,2024-01-03,,+84 24 3825 1234,Whole,ten
4,2024-01-04,hòa@ví-dụ.vn,12345,,
"""


def test_every_kind_of_fault(tmp_path: Path) -> None:
    words = ["definitions.validity={allowed: {segment: [Retail, Wholesale]}}"]
    report = ask_files(tmp_path, {"customers": TEXT}, ["validity"], words=words)
    result = one(report, "validity", "all")
    assert result.n == 4
    assert result.components == {
        "cells": 16,  # 4 dates, 3 addresses, 4 numbers, 3 segments, 2 costs
        "ok": 11,
        "acquisition_cost": 50.0,
        "email": pytest.approx(100 * 2 / 3),
        "segment": pytest.approx(100 * 2 / 3),
        "phone": 75.0,
        "signup_date": 75.0,
    }
    assert result.value == 100 * 11 / 16


def test_by_segment_adds_up_and_where_gives_the_same(tmp_path: Path) -> None:
    report = ask_files(tmp_path, {"customers": TEXT}, ["validity"], by=["segment"])
    cells = {r.segment.get("segment", "total"): r.components["cells"] for r in report.results}
    assert cells == {"total": 13, "Retail": 4, "retail": 3, "Whole": 3, None: 3}
    only = ask_files(tmp_path, {"customers": TEXT}, ["validity"], where={"segment": ["Whole"]})
    result = one(only, "validity", "all")
    assert (result.n, result.components["cells"], result.components["ok"]) == (1, 3, 2)


def test_scores_out_of_range_are_invalid(tmp_path: Path) -> None:
    text = "survey,score,answered_at\nnps,11,2024-01-01\nnps,7.5,2024-01-02\nnps,9,2024-01-03\n"
    words = ["definitions.validity={table: surveys}"]
    report = ask_files(tmp_path, {"surveys": text}, ["validity"], words=words)
    components = one(report, "validity", "all").components
    assert components["score"] == pytest.approx(100 / 3)
    assert components["answered_at"] == components["survey"] == 100.0


def test_the_region_decides_what_a_number_is(tmp_path: Path) -> None:
    text = "customer_id,signup_date,phone\n1,2024-01-01,(650) 253-0000\n"
    for region, share in (("VN", 0.0), ("us", 100.0)):
        words = [f"definitions.validity={{region: {region}}}"]
        report = ask_files(tmp_path, {"customers": text}, ["validity"], words=words)
        assert one(report, "validity", "all").components["phone"] == share
    with pytest.raises(ConfigError):
        ask_files(
            tmp_path, {"customers": text}, ["validity"], words=["definitions.validity={region: XX}"]
        )
