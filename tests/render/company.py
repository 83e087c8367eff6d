"""A report as a company gets it: thirteen months of some KPIs, goals, findings and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crm_kpi import catalogue
from crm_kpi.engine import metric_info
from crm_kpi.messages import text
from crm_kpi.render import About
from crm_kpi.results import (
    FindingLevel,
    KpiFinding,
    MetricInfo,
    Rating,
    Report,
    Result,
    SourceAudit,
    Status,
)

UNITS = {
    "customers": "count",
    "retention_rate": "percent",
    "revenue": "VND",
    "average_order_value": "VND",
    "time_between_purchases": "days",
    "loyal_customers": "count",
    "purchase_frequency": "ratio",
    "revenue_per_customer": "VND",
    "nps": "points",
    "csat": "percent",
    "ces": "score",
    "first_response_time": "hours",
    "tickets": "count",
    "reopen_rate": "percent",
}
LESS = ("time_between_purchases", "first_response_time", "reopen_rate")
"""Of these less is better."""
ABOUT = {
    name: About(entry.title_said, "a / b", entry.heading, name not in LESS)
    for name, entry in catalogue.entries().items()
    if name in UNITS
}
MONTHS = [(2023, 12), *((2024, month) for month in range(1, 13))]
SEGMENTS = ("Khách lẻ", "Quán cà phê", None)


def company(*, by: bool = False) -> Report:
    """The report of December 2024; `by`: with the segments of three KPIs."""
    results = [result for name in UNITS for result in _months(name)]
    if by:
        cut = ("revenue", "nps", "reopen_rate")
        results = [
            result
            for name in cut
            for segment in ({}, *({"segment": word} for word in SEGMENTS))
            for result in _months(name, segment)
        ]
    customers = SourceAudit("customers", paths=["customers.csv"], rows=11_405, used=11_400)
    customers.rejected = 5
    return Report(
        version="0.1.0",
        as_of=date(2024, 12, 31),
        timezone="Asia/Ho_Chi_Minh",
        currency="VND",
        sources={"customers": customers},
        results=results,
        tables={} if by else {"cohorts": [*_cohorts()], "funnel": _funnel()},
        metrics={
            name: MetricInfo(
                each.title,
                metric_info.short_title(name),
                "retention",
                UNITS[name],
                each.higher_is_better,
                each.formula,
            )
            for name, each in ABOUT.items()
        },
        findings=[*_findings()],
    )


def _months(name: str, segment: dict[str, str | None] | None = None) -> Iterator[Result]:
    values = _values(name, 0 if not segment else 1 + SEGMENTS.index(segment["segment"]))
    for place, ((year, month), value) in enumerate(zip(MONTHS, values, strict=True)):
        before = values[place - 1] if place else None
        last, share = place == len(MONTHS) - 1, UNITS[name] in ("percent", "points")
        found = Result(
            metric=name,
            period=f"{year}-{month:02}",
            start=date(year, month, 1),
            end=date(year + month // 12, month % 12 + 1, 1),
            partial=False,
            segment=segment or {},
            value=value,
            unit=UNITS[name],
            n=None if value is None else 12 if name == "reopen_rate" else 293,
            low=value - 4 if share and value is not None else None,
            high=value + 4 if share and value is not None else None,
            components={},
            definition={},
            previous=before,
            change=None if None in (value, before) else value - before,
        )
        if value is None:
            found.status, found.reason = Status.NO_DATA, text("metrics.no_answers")
        elif name == "reopen_rate" or segment == {"segment": None}:
            found.status = Status.LOW_N
        if name in ("nps", "first_response_time") and not segment:
            found.target, found.warning = (50, 40) if name == "nps" else (8, 12)
            found.rating = Rating.WARNING if name == "nps" and last else Rating.MET
        yield found


def _values(name: str, shift: int) -> Sequence[Any]:
    """Made up of sums alone, so that they are the same everywhere."""
    steps = [(7 * place + 3 * shift) % 10 for place in range(len(MONTHS))]
    size = {
        "VND": Decimal(1_250_000), "count": 30, "percent": 4.8, "points": 3.77, "days": 3.4,
        "hours": 0.35, "ratio": 0.21, "score": 0.4,
    }[UNITS[name]]  # fmt: skip
    if name == "ces":
        return [None if place % 3 else 4 + size * step for place, step in enumerate(steps)]
    if name == "revenue":
        size *= 23
    return [size * (9 + step) for step in steps]


def _cohorts() -> Iterator[dict[str, Any]]:
    for begun in range(6):
        for offset in range(6 - begun):
            active = 20 - 3 * offset + begun if offset else 24
            share = 100 * active / 24
            row = {"cohort": f"2024-{7 + begun:02}", "size": 24, "offset": offset}
            yield row | {"active": active, "share": share}


def _funnel() -> list[dict[str, Any]]:
    stages = [("Tiếp cận", 200), ("Khảo sát", 150), ("Báo giá", 90), ("Thắng", 45)]
    return [
        {
            "stage": stage,
            "reached": reached,
            "step_rate": None if not place else 100 * reached / stages[place - 1][1],
            "overall_rate": reached / 2,
            "median_days": None if stage == "Thắng" else 4.5,
        }
        for place, (stage, reached) in enumerate(stages)
    ]


def _findings() -> Iterator[KpiFinding]:
    ends = {"low": Decimal(258_750_000), "high": Decimal(360_000_000)}
    yield KpiFinding(
        level=FindingLevel.WARNING,
        metric="nps",
        segment={},
        period="2024-12",
        value=_values("nps", 0)[-1],
        previous=None,
        change=None,
        target=50,
        gap=1.0,
        within_error=True,
        usual_low=None,
        usual_high=None,
        text=text("findings.below_goal_within_error", gap=1.0, target=50),
    )
    yield KpiFinding(
        level=FindingLevel.BETTER,
        metric="revenue",
        segment={},
        period="2024-12",
        value=_values("revenue", 0)[-1],
        previous=None,
        change=None,
        target=None,
        gap=None,
        within_error=False,
        usual_low=ends["low"],
        usual_high=ends["high"],
        text=text("findings.above_usual", **ends),
    )
