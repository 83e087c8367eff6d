"""A report that has everything renderers must cope with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import pytest

from crm_kpi.durations import Duration
from crm_kpi.errors import Problem
from crm_kpi.messages import text
from crm_kpi.render import About, render
from crm_kpi.render.formats import FORMATS, REPORT_FORMATS
from crm_kpi.results import (
    FindingLevel,
    KpiFinding,
    MetricInfo,
    NoSource,
    Rating,
    Refused,
    Report,
    Result,
    Skipped,
    SourceAudit,
    Status,
    UnusualSide,
)
from tests.render.workbooks import texts_of


def on_a_terminal(*words: str) -> subprocess.CompletedProcess[str]:
    """What `crm-kpi` with these words says where its answer would go to a terminal."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "crm_kpi", *words]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    os.close(ours)
    return done


TEXTS = [name for name in REPORT_FORMATS if name not in ("xlsx", "png", "svg", "pdf")]
"""Formats that are text and hold a whole answer; the others have tests of their own."""
HOSTILE = '=HYPERLINK("x")|<b>*_`\\ [red]\x1b[31m\n\x9b\u202e'
"""A segment's name that tries every format at once."""

ABOUT = {
    "retention_rate": About(
        "Retention rate",
        "100 × |S ∩ E| / |S|\nS, E: customers at the period's start and end",
        "Retention and buying",
        higher_is_better=True,
    ),
    "churn_rate": About("Churn rate", "100 × lost / S", "Retention and buying", False),
    "revenue": About("Revenue", "Σ amount, net of refunds", "Retention and buying", True),
    "purchase_frequency": About(
        "Purchase frequency", "orders / customers", "Retention and buying", None
    ),
    "nps": About("Net Promoter Score", "100 × (promoters − detractors) / n", "Surveys", True),
    "ces": About("Customer Effort Score", "mean of the scores", "Surveys", True),
    "first_response_time": About(
        "First response time", "median hours created → first reply", "Service", False
    ),
    "tickets": About("Tickets", "tickets created", "Service", None),
    "sales_cycle": About("Sales cycle", "median days created → won", "Sales", False),
}


def result(metric: str, unit: str, month: int, value: Any, **more: Any) -> Result:
    """One result of a month of 2024, with nothing in it that is not said."""
    fields: dict[str, Any] = {
        "metric": metric,
        "period": f"2024-{month:02}",
        "start": date(2024, month, 1),
        "end": date(2024, month + 1, 1) if month < 12 else date(2025, 1, 1),
        "partial": False,
        "segment": {},
        "value": value,
        "unit": unit,
        "n": None,
        "low": None,
        "high": None,
        "components": {},
        "definition": {},
    }
    return Result(**(fields | more))


def no_data(metric: str, unit: str, month: int, reason: str, **more: Any) -> Result:
    return result(metric, unit, month, None, n=0, status=Status.NO_DATA, reason=reason, **more)


@pytest.fixture
def report() -> Report:
    """All statuses, units and ratings; missing values; segments with a blank; hostile text."""
    contract = {"basis": "contract"}
    business = {
        "hours": "business",
        "business_hours": {"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "18:00"},
    }
    scale = {"scale": [0, 10], "per": "response", "survey": None, "latest": True}
    vnd = "VND"
    results = [
        result(
            "retention_rate",
            "percent",
            1,
            95.0,
            n=20,
            low=76.38691,
            high=99.11186,
            components={
                "customers_start": 20,
                "customers_end": 24,
                "customers_new": 5,
                "customers_returned": 0,
                "customers_lost": 1,
                "annualised": 54.036009,
            },
            definition=contract,
            target=95,
            warning=90,
            progress=100.0,
            rating=Rating.MET,
            status=Status.LOW_N,
        ),
        result(
            "retention_rate",
            "percent",
            2,
            94.96,
            n=2520,
            low=94.03,
            high=95.75,
            definition=contract,
            previous=95.0,
            change=-0.04,
            target=95,
            warning=90,
            progress=99.96,
            rating=Rating.WARNING,
        ),
        result(
            "retention_rate",
            "percent",
            3,
            66.66666666666667,
            n=30,
            low=48.8,
            high=80.8,
            definition=contract,
            previous=94.96,
            change=-28.29333333333333,
            target=95,
            warning=90,
            progress=-12.5,
            rating=Rating.MISSED,
            change_low=-46.21,
            change_high=-14.17,
            significant=True,
            usual_low=91.25,
            usual_high=98.5,
            unusual=True,
            unusual_side=UnusualSide.WORSE,
            benchmark={
                "value": Decimal("62.50"),
                "industry": "retail",
                "source": "A survey, 2023 <b>",
                "year": None,
                "region": "US",
                "grade": "C",
            },
        ),
        no_data(
            "retention_rate",
            "percent",
            4,
            "no customers at the start",
            definition=contract,
            target=95,
            warning=90,
        ),
        result(
            "churn_rate",
            "percent",
            1,
            0.034,
            n=5000,
            target=Decimal("0.05"),
            rating=Rating.MET,
            definition={"rule": "set"},
        ),
        result(
            "churn_rate",
            "percent",
            2,
            -0.0,
            n=5000,
            previous=0.034,
            change=-0.034,
            target=Decimal("0.05"),
            rating=Rating.MET,
            definition={"rule": "set"},
        ),
        result(
            "revenue",
            vnd,
            1,
            Decimal("98765432109876543210987654321098.7650"),
            n=3,
            components={"orders": 3, "gross": Decimal("12500000000.0000"), "refunds": Decimal(0)},
        ),
        result(
            "revenue",
            vnd,
            2,
            Decimal("-1250000.5000"),
            n=12,
            previous=Decimal("100.0000"),
            change=Decimal("-1250100.5000"),
            components={"orders": 12, "gross": Decimal("0E-10"), "refunds": None},
        ),
        result("purchase_frequency", "ratio", 1, 1e-7, n=10),
        result("purchase_frequency", "ratio", 2, 1e22, n=10, previous=1e-7, change=1e22),
        *(
            result(
                "nps",
                "points",
                12,
                value,
                n=n,
                partial=True,
                definition=scale,
                segment=segment,
                low=-30.25,
                high=82.75,
                target=60,
                rating=Rating.MET if value >= 60 else Rating.MISSED,
                components={"promoters": n - 1, "passives": 0, "detractors": 1},
            )
            for segment, value, n in (
                ({}, 62.0, 50),
                ({"kênh bán": None}, 60.0, 4),
                ({"kênh bán": "Cửa hàng Hà Nội"}, -5.88235294117647, 17),
                ({"kênh bán": HOSTILE}, 60.0, 3),
                ({"kênh bán": "-12.5"}, 0.0, 2),
                ({"kênh bán": "客戶服務"}, 100.0, 24),
            )
        ),
        result(
            "ces",
            "score",
            1,
            4.08,
            n=1000,
            previous=4.08,
            change=0.0,
            definition={"method": "mean", "window": Duration(days=90), "fee": Decimal("1.50")},
        ),
        result(
            "first_response_time",
            "hours",
            1,
            0.0166666666666667,
            n=12,
            previous=3.25,
            change=-3.2333333333333333,
            definition=business,
            components={"mean": 4.083333333333333, "p90": 26.5, "unanswered": 2},
        ),
        result(
            "first_response_time",
            "hours",
            2,
            None,
            status=Status.PENDING,
            partial=True,
            reason="the period has not begun",
            definition=business,
        ),
        result("tickets", "count", 1, 1234567, n=1234567, previous=1234560, change=7),
        result(
            "sales_cycle",
            "days",
            1,
            45.25,
            n=8,
            previous=40.0,
            change=5.25,
            status=Status.LOW_N,
            reason="8 of 30",
        ),
    ]
    customers = SourceAudit(
        "customers",
        paths=["data/khách hàng.csv", "data/\udcff.csv"],
        bytes=2048,
        sha256=["a" * 64, "0" * 64],
        rows=1000,
        used=990,
        rejected=4,
        duplicates=3,
        excluded=2,
        future=1,
        skipped=1,
        unknown_customers=0,
        reasons=Counter({"not an e-mail": 1, "not a date": 2, "blank id": 1}),
        problems=[
            Problem("not a date", "data/khách hàng.csv", 17, "signup_date", "31/02/2024"),
            Problem("blank id", "data/khách hàng.csv", 18, "customer_id", "\x00\x7f", "fill it in"),
        ],
        columns={"customer_id": "Mã khách hàng", "signup_date": "Ngày đăng ký"},
        notes=["dates read as %d/%m/%Y"],
    )
    return Report(
        version="0.1.0",
        as_of=date(2024, 12, 20),
        timezone="Asia/Ho_Chi_Minh",
        currency="VND",
        sources={"customers": customers, "tickets": SourceAudit("tickets")},
        results=results,
        tables={"cohorts": cohorts(), "rfm": []},
        skipped=[
            Skipped("fcr", (NoSource(("tickets",)),)),
            Skipped("sla_attainment", (Refused("column <due>"),)),
        ],
        metrics={
            name: MetricInfo(each.title, each.title, "retention", None, True, each.formula)
            for name, each in ABOUT.items()
        },
        findings=[*findings()],
    )


def findings() -> Iterator[KpiFinding]:
    """A missed goal in a hostile segment, and an unusual amount."""
    numbers: dict[str, Any] = dict.fromkeys(("previous", "change", "usual_low", "usual_high"))
    yield KpiFinding(
        level=FindingLevel.MISSED,
        metric="nps",
        segment={"kênh bán": HOSTILE},
        period="2024-12",
        value=60.0,
        target=Decimal(65),
        gap=5.0,
        within_error=True,
        text=text("findings.below_goal_within_error", gap=5.0, target=Decimal(65)),
        **numbers,
    )
    ends = {"low": Decimal("98765432109876543210987654321098.7650"), "high": 1e35}
    yield KpiFinding(
        level=FindingLevel.CHANGED,
        metric="revenue",
        segment={},
        period="2024-02",
        value=Decimal("-1250000.5000"),
        target=None,
        gap=None,
        within_error=False,
        text=text("findings.below_usual", **ends),
        **(numbers | {f"usual_{name}": end for name, end in ends.items()}),
    )


def cohorts() -> list[dict[str, Any]]:
    return [
        {
            "cohort": date(2024, 1, 1),
            "size": 1200,
            "offset": 0,
            "active": 1200,
            "share": 1.0,
            "mature": True,
            "note": "=1+1",
        },
        {
            "cohort": date(2024, 1, 1),
            "size": 1200,
            "offset": 1,
            "active": 800,
            "share": 0.6666666666666666,
            "mature": True,
            "note": HOSTILE,
        },
        {
            "cohort": date(2024, 2, 1),
            "size": 1,
            "offset": 1,
            "active": None,
            "share": None,
            "mature": False,
            "amount": Decimal("12.3450"),
        },
    ]


@pytest.fixture
def about() -> dict[str, About]:
    return ABOUT


@pytest.fixture
def hostile() -> str:
    return HOSTILE


class Binary(TextIOWrapper):
    """A stream of which the bytes are looked at."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), encoding="utf-8", newline="")

    def getvalue(self) -> str:
        """All texts of the workbook, a line each."""
        return "\n".join(texts_of(self.content))

    @property
    def content(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, BytesIO)
        return buffer.getvalue()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def booked() -> Callable[..., bytes]:
    """Renders a report as a workbook."""

    def booked(
        report: Report, *, language: str = "en", about: Mapping[str, About] = ABOUT
    ) -> bytes:
        stream = Binary()
        render(report, "xlsx", stream, about=about, language=language)
        return stream.content

    return booked


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Renders a report to text, to a pipe or to a terminal of some width; its results alone where
    the format cannot hold its tables, too. Of a workbook the texts of its cells."""

    def shown(
        report: Report,
        format: str,
        *,
        width: int | None = None,
        verbose: bool = False,
        language: str = "en",
        about: Mapping[str, About] = ABOUT,
        **environment: str,
    ) -> str:
        for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "COLUMNS"):
            monkeypatch.delenv(name, raising=False)
        if width is not None:
            monkeypatch.setenv("COLUMNS", str(width))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        if report.results and format in FORMATS and not FORMATS[format].several:
            report = replace(report, tables={})
        stream: Any = StringIO() if width is None else Terminal()
        if format == "xlsx":
            stream = Binary()
        render(report, format, stream, about=about, verbose=verbose, language=language)
        return str(stream.getvalue())

    return shown
