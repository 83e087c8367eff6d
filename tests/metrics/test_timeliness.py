"""Timeliness, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.errors import ConfigError
from tests.metrics.files import ask_files
from tests.support import ask, one

TEXT = """customer_id,signup_date,updated_at
1,2023-01-01,2024-06-30
2,2023-01-01,2023-07-01
3,2023-01-01,2023-06-30
4,2023-01-01,
5,2023-01-01,yesterday
"""


def test_within_a_year_of_the_last_day(tmp_path: Path) -> None:
    result = one(ask_files(tmp_path, {"customers": TEXT}, ["timeliness"]), "timeliness", "all")
    # 2024-06-30 less 365 days is 2023-07-01 (2024 has a 29 February): in time, the day before not.
    assert (result.value, result.n) == (40.0, 5)
    assert result.components == {"cells": 5, "ok": 2, "updated_at": 40.0}


@pytest.mark.parametrize(("within", "ok"), [("0d", 1), ("366d", 3), ("1w", 1)])
def test_other_lengths(tmp_path: Path, within: str, ok: int) -> None:
    words = [f"definitions.timeliness={{within: {within}}}"]
    report = ask_files(tmp_path, {"customers": TEXT}, ["timeliness"], words=words)
    assert one(report, "timeliness", "all").components["ok"] == ok


@pytest.mark.parametrize(("zone", "ok"), [("UTC", 1), ("Asia/Ho_Chi_Minh", 2)])
def test_a_time_counts_on_its_local_day(zone: str, ok: int) -> None:
    rows = [
        {"ticket_id": "1", "created_at": "2024-06-01", "solved_at": "2024-06-28T18:00:00+00:00"},
        {"ticket_id": "2", "created_at": "2024-06-01", "solved_at": "2024-06-29T00:00:00+00:00"},
    ]
    report = ask(
        {"tickets": rows},
        ["timeliness"],
        as_of="2024-06-30",
        every="all",
        timezone=zone,
        definitions={"timeliness": "{table: tickets, updated: solved_at, within: 1d}"},
    )  # 18:00 UTC is 01:00 of the 29th in Vietnam
    assert one(report, "timeliness", "all").components["ok"] == ok


def test_only_days_and_dates(tmp_path: Path) -> None:
    for wrong in ("within: 2 months", "updated: name", "updated: nothing"):
        with pytest.raises(ConfigError):
            ask_files(
                tmp_path,
                {"customers": TEXT},
                ["timeliness"],
                words=[f"definitions.timeliness={{{wrong}}}"],
            )
