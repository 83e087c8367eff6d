"""The program and the oracle on the same random rows: what is predicted, to five digits.

Both round their parameters to six, and find them in ways of their own, so that the sixth may
differ by one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from crm_kpi.models import _leaving
from tests.analyses.support import table
from tests.support import ask

from . import leaving, predicted
from .common import Answers
from .data import Dataset, generate
from .periods import Period, calendar

VARIANTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "clv_mbg": ("clv_predicted", "{}", {}),
    "clv_bg": (
        "clv_predicted",
        "{model: bg, horizon: 6 months, discount: 0.25, free_orders: count}",
        {"model": "bg", "months": 6, "discount": 0.25, "free": True},
    ),
    "clv_held": ("clv_predicted", "{prior: 0.5}", {"prior": 0.5}),
    "churn_mbg": ("expected_churn", "{basis: activity}", {}),
    "churn_bg": (
        "expected_churn",
        "{model: bg, horizon: 30d, free_orders: count}",
        {"model": "bg", "days": 30, "free": True},
    ),
    "churn_of_contracts": ("expected_churn", "{basis: contract}", {}),
    "churn_of_contracts_by_columns": (
        "expected_churn",
        "{columns: [segment, region], ridge: 5, horizon: 45d}",
        {"columns": ("segment", "region"), "ridge": 5, "days": 45},
    ),
    "risks": ("churn_risk", "{}", {}),
    "values": ("customers_value", "{}", {}),
}
TABLES = ("churn_risk", "customers_value")
SEED = 10
"""A company of so many customers that their future can be told."""


def theirs_of(name: str, data: Dataset, periods: Sequence[Period], by: tuple[str, ...]) -> Answers:
    metric, _, options = VARIANTS[name]
    if "contracts" in name:
        return leaving.expected_churn(periods, data.as_of, data["customers"], by=by, **options)
    answer = getattr(predicted, metric)
    found: Answers = answer(
        periods, data.as_of, data["transactions"], data["customers"], by=by, **options
    )
    return found


@pytest.mark.parametrize("by", [(), ("segment",)], ids=lambda by: "+".join(by) or "total")
@pytest.mark.parametrize("name", [name for name in VARIANTS if VARIANTS[name][0] not in TABLES])
def test_program_and_oracle_agree(
    name: str, by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    metric, definition, _ = VARIANTS[name]
    data = generate(SEED)
    # Columns that are drawn by lot would be dropped.
    monkeypatch.setattr(_leaving, "LEAST_SKILL", -math.inf)
    report = ask(
        data.tables,
        [metric],
        as_of=data.as_of,
        every="year",
        by=by,
        timezone=data.timezone,
        definitions={metric: definition},
    )
    found = {(r.period, tuple(r.segment.values())): r for r in report.results}
    periods = calendar("year", min(r.start for r in report.results), data.as_of)
    theirs = theirs_of(name, data, periods, by)
    told = 0
    for (period, segment), expected in theirs.items():
        result = found[period.label, segment]
        assert result.n == expected.n
        pairs = [(result.value, expected.value)]
        pairs += [(result.components[key], part) for key, part in expected.components.items()]
        for ours, other in pairs:
            assert (ours is None) == (other is None), (period, segment)
            if ours is not None and other is not None:
                assert math.isclose(float(ours), float(other), rel_tol=1e-5), (period, segment)
        told += expected.value is not None
    assert told


@pytest.mark.parametrize("name", ["risks", "values"])
def test_program_and_oracle_agree_of_each_customer(name: str) -> None:
    data, analysis = generate(SEED), VARIANTS[name][0]
    ours = table(data.tables, analysis, as_of=data.as_of, timezone=data.timezone)
    theirs = getattr(predicted, analysis)(data["transactions"], data.as_of)
    assert len(ours) == len(theirs) > 100
    for row, other in zip(ours, theirs, strict=True):
        assert row.keys() == other.keys()
        for column, value in other.items():
            if isinstance(value, str) or value is None:
                assert row[column] == value, column
            else:
                assert math.isclose(float(row[column]), float(value), rel_tol=2e-5), column
