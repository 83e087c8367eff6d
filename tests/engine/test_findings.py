"""What of the last whole period a reader should know, and in which order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.engine.findings import find
from crm_kpi.results import FindingLevel, Rating, Result, UnusualSide
from tests.support import ask

FAMILIES = {"arr": "mrr", "arpa": "mrr", "churn_rate": "retention_rate"}


def result(metric: str, value: Any, month: int = 12, **more: Any) -> Result:
    fields: dict[str, Any] = {
        "period": f"2024-{month:02}",
        "start": date(2024, month, 1),
        "end": date(2024 + month // 12, month % 12 + 1, 1),
        "partial": False,
        "segment": {},
        "unit": "percent",
        "n": 100,
        "low": None,
        "high": None,
        "components": {},
        "definition": {},
    }
    return Result(metric=metric, value=value, **(fields | more))


def missed(metric: str, value: Any, target: Any, **more: Any) -> Result:
    return result(metric, value, **({"target": target, "rating": Rating.MISSED} | more))


def near(metric: str, value: Any, target: Any, **more: Any) -> Result:
    return missed(metric, value, target, rating=Rating.WARNING, **more)


def unusual(metric: str, value: Any, side: UnusualSide, **more: Any) -> Result:
    more = {"usual_low": 40.0, "usual_high": 60.0, **more}
    return result(metric, value, unusual=True, unusual_side=side, **more)


def told(*results: Result, **more: Any) -> list[tuple[str, str]]:
    return [(each.level, each.metric) for each in find(results, **more)]


def test_the_worst_first() -> None:
    worse, changed, better = UnusualSide.WORSE, UnusualSide.CHANGED, UnusualSide.BETTER
    assert told(
        unusual("leads", 90, better),
        unusual("tickets", 61, worse),
        near("nps", 48.9, 50),
        missed("csat", 70.0, 80),  # 12.5 % of the target
        unusual("interactions", 20, changed),
        unusual("reopen_rate", 90, worse),
        missed("fcr", 60.0, 90),  # 33 % of it
        missed("first_response_time", 20.0, 4),  # 400 % of it
        result("revenue", Decimal(5)),
        result("win_rate", None),
    ) == [
        ("missed", "first_response_time"),
        ("missed", "fcr"),
        ("missed", "csat"),
        ("worse", "reopen_rate"),
        ("worse", "tickets"),
        ("warning", "nps"),
        ("changed", "interactions"),
        ("better", "leads"),
    ]


def test_a_target_of_0_is_missed_by_all() -> None:
    assert told(missed("fcr", 1.0, 90), missed("unresolved", 3, 0)) == [
        ("missed", "unresolved"),
        ("missed", "fcr"),
    ]


def test_a_value_has_one_finding_and_the_worse_one() -> None:
    bad = {"usual_low": 40.0, "usual_high": 60.0, "unusual": True}
    worse = bad | {"unusual_side": UnusualSide.WORSE}
    (finding,) = find([near("fcr", 30.0, 90, **worse)])
    assert finding.level is FindingLevel.WORSE
    assert (finding.text_key, finding.gap) == ("findings.below_usual", 60.0)
    (finding,) = find([missed("fcr", 30.0, 90, **worse)])
    assert (finding.level, finding.text_key) == (FindingLevel.MISSED, "findings.below_goal")
    met = result("fcr", 95.0, target=90, rating=Rating.MET, **worse)
    (finding,) = find([met])
    assert (finding.level, finding.gap) == (FindingLevel.WORSE, 0)
    assert finding.text_key == "findings.above_usual"


def test_one_of_a_family_speaks() -> None:
    worse = UnusualSide.WORSE
    rows = [unusual(name, 30, worse) for name in ("arpa", "arr", "mrr")]
    assert told(*rows, speakers=FAMILIES) == [("worse", "mrr")]
    assert told(*rows[:2], speakers=FAMILIES) == [("worse", "arpa")]
    assert told(
        missed("churn_rate", 9.0, 5), missed("retention_rate", 91.0, 95), speakers=FAMILIES
    ) == [("missed", "retention_rate")]
    # A goal that is missed is told, though the speaker has a lesser thing to say.
    assert told(
        missed("churn_rate", 9.0, 5),
        unusual("retention_rate", 90, UnusualSide.BETTER),
        speakers=FAMILIES,
    ) == [("missed", "churn_rate")]


def test_segments_speak_for_themselves() -> None:
    by_region = [
        missed("mrr", 5.0, 10, segment={"region": region}) for region in ("Huế", None, "Hà Nội")
    ]
    found = find([*by_region, missed("arr", 50.0, 200)], FAMILIES)
    assert [(f.metric, f.segment) for f in found] == [
        ("arr", {}),
        ("mrr", {"region": "Huế"}),
        ("mrr", {"region": None}),
        ("mrr", {"region": "Hà Nội"}),
    ]


def test_the_last_whole_period_alone_is_told() -> None:
    rows = [missed("fcr", 60.0, 90, month=10), missed("fcr", 70.0, 90, month=11)]
    (finding,) = find([*rows, missed("fcr", 10.0, 90, month=12, partial=True)])
    assert (finding.period, finding.value) == ("2024-11", 70.0)
    tet = missed("fcr", 1.0, 90, month=12, period="Tet")
    (finding,) = find([*rows, tet], custom={"Tet"})
    assert finding.period == "2024-11"
    assert find([*rows, result("fcr", 95.0, target=90, rating=Rating.MET)]) == []


@pytest.mark.parametrize(
    ("finding", "key", "words"),
    [
        (missed("fcr", 64.6, 90), "findings.below_goal", "25.4 short of the goal of 90"),
        (
            near("nps", 48.9, 50, low=33.0, high=65.0),
            "findings.below_goal_within_error",
            "1.1 short of the goal of 50, within the error",
        ),
        (missed("tickets", 120, 100), "findings.above_goal", "20.0 above the goal of 100"),
        (
            missed("reopen_rate", 6.0, 5, low=3.0, high=9.0),
            "findings.above_goal_within_error",
            "1.0 above the goal of 5, within the error",
        ),
        (
            unusual("leads", 30, UnusualSide.WORSE),
            "findings.below_usual",
            "below the usual 40.0 to 60.0",
        ),
        (
            unusual("leads", 61, UnusualSide.BETTER),
            "findings.above_usual",
            "above the usual 40.0 to 60.0",
        ),
    ],
)
def test_what_is_said(finding: Result, key: str, words: str) -> None:
    (told_,) = find([finding])
    assert told_.text_key == key

    def spoken(name: str, number: Any) -> str:
        return str(number) if name == "target" else f"{number:.1f}"

    assert told_.in_words(spoken) == words
    assert told_.in_words(spoken).key == key


def test_a_gap_is_exact() -> None:
    (finding,) = find([near("revenue", Decimal("99.99"), Decimal(100), unit="VND")])
    assert finding.gap == Decimal("0.01")
    (finding,) = find([near("fcr", 89.9, Decimal(90))])
    assert finding.gap == 0.1


def test_a_run_tells_them() -> None:
    """Eleven quiet months, and then three times as many tickets; a goal that is missed."""
    rows = [
        {"ticket_id": f"{month}-{n}", "created_at": f"2024-{month:02}-05T10:00"}
        for month in range(1, 13)
        for n in range(150 if month == 12 else 50 + month % 3)
    ]
    report = ask({"tickets": rows}, ["tickets"], as_of="2024-12-31")
    (finding,) = report.findings
    assert (finding.level, finding.metric, finding.value) == ("worse", "tickets", 150)
    assert finding.usual_high is not None
    assert finding.usual_high < 60
    goal = ["thresholds.tickets={target: 100, warning: 120}"]
    (finding,) = ask({"tickets": rows}, ["tickets"], as_of="2024-12-31", set_=goal).findings
    assert (finding.level, finding.gap) == ("missed", 50)
