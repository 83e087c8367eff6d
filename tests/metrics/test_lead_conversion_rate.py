"""Lead conversion: the worked answer, cohorts that are still young, and flags without a date."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Result, Status
from tests.support import ask, one

Row = dict[str, Any]
NAME = "lead_conversion_rate"


def leads(*found: tuple[int, str, str | None]) -> list[Row]:
    """(how many, created, converted)."""
    rows: list[Row] = []
    for count, created, converted in found:
        for _ in range(count):
            rows.append(
                {"lead_id": f"L{len(rows)}", "created_at": created, "converted_at": converted}
            )
    return rows


def rate(rows: list[Row], period: str, as_of: str, definition: str = "{}") -> Result:
    report = ask({"leads": rows}, [NAME], as_of=as_of, definitions={NAME: definition})
    return one(report, NAME, period)


def test_twelve_of_a_hundred() -> None:
    rows = leads((88, "2024-10-05", None), (12, "2024-10-05", "2024-12-30"))
    result = rate(rows, "2024-10", "2024-12-31")
    assert (result.value, result.n, result.status) == (12.0, 100, "ok")
    parts = {"leads": 100, "converted": 12, "pending": 0, "slow_days": 86}
    assert result.components == parts
    # Wilson: z^2 = 3.8415; middle (0.12 + 0.019207) / 1.038415 = 0.134058;
    # half 1.959964 x sqrt(0.12 x 0.88 / 100 + 3.8415 / 40000) / 1.038415 = 0.064064
    assert result.low == pytest.approx(6.9994, abs=1e-3)
    assert result.high == pytest.approx(19.8119, abs=1e-3)


def test_twelve_of_a_hundred_by_yes_and_no() -> None:
    rows = [
        {"lead_id": str(i), "created_at": "2024-10-05", "converted": i < 12} for i in range(100)
    ]
    assert rate(rows, "2024-10", "2024-12-31").value == 12.0
    # When is not known, only that it is so on the last day: 12 conversions in December.
    report = ask(
        {"leads": rows},
        [NAME],
        as_of="2024-12-31",
        definitions={NAME: "{basis: period}"},
    )
    assert one(report, NAME, "2024-10").components["converted"] == 0
    december = one(report, NAME, "2024-12")
    assert december.components == {"leads": 0, "converted": 12, "pending": 0}
    assert (december.value, december.reason) == (None, "no leads created")


def test_a_young_cohort_is_pending_with_the_value_so_far() -> None:
    # As of 14 February 30 days have passed for those of 15 January, not for those of the 16th.
    rows = leads(
        (1, "2024-01-01", "2024-01-31"),  # day 30: inside
        (1, "2024-01-01", "2024-02-01"),  # day 31: late
        (1, "2024-01-15", None),
        (2, "2024-01-16", None),
    )
    young = rate(rows, "2024-01", "2024-02-14", "{window: 30d}")
    assert (young.value, young.status) == (20.0, Status.PENDING)  # 1 of 5
    assert young.components == {"leads": 5, "converted": 1, "pending": 2}
    assert (young.low, young.high) == (None, None)
    assert young.reason == "2 of 5 leads can still convert within 30d"
    ripe = rate(rows, "2024-01", "2024-02-15", "{window: 30d}")
    assert (ripe.value, ripe.status) == (20.0, "low_n")
    assert ripe.components["pending"] == 0
    assert ripe.low is not None


def test_whoever_converted_is_not_pending() -> None:
    rows = leads((2, "2024-01-16", "2024-01-17"), (1, "2024-01-02", None))
    result = rate(rows, "2024-01", "2024-02-10", "{window: 30d}")
    assert (result.components["pending"], result.status) == (0, "low_n")


def test_a_window_of_months_ends_with_the_month() -> None:
    # One month from 31 January is 29 February.
    rows = leads((1, "2024-01-31", "2024-02-29"), (1, "2024-01-31", "2024-03-01"))
    result = rate(rows, "2024-01", "2024-04-30", "{window: 1 month}")
    assert result.value == 50.0
    assert result.definition["window"] == "1 month"


def test_a_cohort_is_young_until_most_conversions_would_have_come() -> None:
    """Days to convert 0, 10, 20, 30, 40: the 90th percentile is 30 + 0.6 x 10 = 36."""
    old = [
        (1, "2024-01-01", f"2024-0{month}-{day}")
        for month, day in ((1, "01"), (1, "11"), (1, "21"), (1, "31"), (2, "10"))
    ]
    rows = leads(*old, (5, "2024-01-01", None), (9, "2024-03-01", None), (1, "2024-03-02", None))
    # On 6 April 36 days have passed since 1 March: of March one of ten is younger.
    march = rate(rows, "2024-03", "2024-04-06")
    assert (march.value, march.status, march.components["pending"]) == (0.0, "low_n", 1)
    assert march.components["slow_days"] == 36
    # A day earlier all ten are.
    march = rate(rows, "2024-03", "2024-04-05")
    assert (march.value, march.status, march.low) == (0.0, Status.PENDING, None)
    assert march.reason == (
        "10 of 10 leads are younger than 36 days, within which 9 of 10 that convert have done so"
    )
    january = rate(rows, "2024-01", "2024-04-05")
    assert (january.value, january.status) == (50.0, "low_n")


def test_the_same_age_for_all_segments() -> None:
    """Those of Bình convert late; so a lead of An's is young for as long."""
    rows = [
        {"lead_id": "1", "created_at": "2024-01-01", "converted_at": "2024-03-01", "owner": "Bình"},
        {"lead_id": "2", "created_at": "2024-02-20", "converted_at": None, "owner": "An"},
    ]
    report = ask({"leads": rows}, [NAME], as_of="2024-03-31", where={"owner": ["An"]})
    assert one(report, NAME, "2024-02").status == Status.PENDING


def test_ever_has_no_pending_leads_where_nobody_converted() -> None:
    result = rate(leads((1, "2024-01-31", None)), "2024-01", "2024-01-31")
    assert (result.value, result.status, result.components["pending"]) == (0.0, "low_n", 0)


def test_a_conversion_after_as_of_has_not_happened() -> None:
    rows = leads((1, "2024-01-10", "2024-02-01"), (1, "2024-01-10", "2024-01-31"))
    assert rate(rows, "2024-01", "2024-01-31").value == 50.0
    said = [{**row, "converted": True} for row in rows]
    assert rate(said, "2024-01", "2024-01-31").value == 50.0  # whatever the flag says


def test_by_period_counts_conversions_of_any_age() -> None:
    rows = leads((3, "2024-01-10", "2024-02-05"), (2, "2024-02-01", None), (1, "2024-02-01", None))
    report = ask({"leads": rows}, [NAME], as_of="2024-02-29", definitions={NAME: "{basis: period}"})
    february = one(report, NAME, "2024-02")
    assert (february.value, february.n) == (100.0, 3)  # 3 conversions over 3 new leads
    assert (february.low, february.high) == (None, None)
    assert one(report, NAME, "2024-01").value == 0.0


def test_a_flag_without_a_date_says_nothing_of_a_window_that_has_passed() -> None:
    rows = [
        {"lead_id": "1", "created_at": "2024-01-05", "converted": True},
        {"lead_id": "2", "created_at": "2024-01-05", "converted": False},
        {"lead_id": "3", "created_at": "2024-03-20", "converted": True},
    ]
    report = ask({"leads": rows}, [NAME], as_of="2024-03-31", definitions={NAME: "{window: 30d}"})
    january, march = (one(report, NAME, p) for p in ("2024-01", "2024-03"))
    assert january.value is None
    assert january.reason == (
        "1 of 2 leads converted without a date, so whether it was within 30d cannot be told"
    )
    assert march.value == 100.0  # the window is open still, so it was inside


def test_a_blank_date_beside_a_flag() -> None:
    rows: list[Row] = [
        {"lead_id": "1", "created_at": "2024-01-05", "converted_at": None, "converted": True},
        {"lead_id": "2", "created_at": "2024-01-05", "converted_at": "2024-01-06"},
        {"lead_id": "3", "created_at": "2024-01-05"},
    ]
    assert rate(rows, "2024-01", "2024-03-31").components["converted"] == 2


def test_segments_add_up() -> None:
    rows: list[Row] = [
        {"lead_id": "1", "created_at": "2024-01-05", "converted_at": "2024-01-06", "owner": "An"},
        {"lead_id": "2", "created_at": "2024-01-05", "owner": "An"},
        {"lead_id": "3", "created_at": "2024-01-05", "owner": None},
    ]
    report = ask({"leads": rows}, [NAME], as_of="2024-01-31", by=("owner",))
    assert one(report, NAME, "2024-01", owner="An").value == 50.0
    assert one(report, NAME, "2024-01", owner=None).value == 0.0


def test_a_file_that_does_not_say_who_converted() -> None:
    report = ask(
        {"leads": [{"lead_id": "1", "created_at": "2024-01-05"}]}, [NAME], as_of="2024-01-31"
    )
    assert [s.reason for s in report.skipped] == ["leads has no column converted_at or converted"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{window: 48h}", "days or months"),
        ("{window: soon}", "length of time"),
        ("{basis: period, window: 30d}", "window goes with basis: cohort"),
    ],
)
def test_windows_that_are_none(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        rate([], "2024-01", "2024-01-31", text)
    assert any(words in str(problem) for problem in error.value.problems)
