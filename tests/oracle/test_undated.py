"""Customers who have left, nobody knows when: the program and the oracle on the same rows."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from crm_kpi.results import Report
from tests.support import ask

from .data import Dataset, generate
from .periods import calendar
from .test_agree import VARIANTS, differences

TOUCHED = {
    name: variant
    for name, variant in VARIANTS.items()
    if variant[0] in ("retention_rate", "churn_rate", "customers")
}


def with_flags(seed: int, share: float) -> Dataset:
    """Of the customers without a date of leaving, so many have left."""
    data, random = generate(seed), Random(seed)
    gone = {row["customer_id"] for row in data["customers"] if random.random() < share}
    rows = [
        row | {"churned": True if row["churn_date"] is None else random.choice((None, True))}
        if row["customer_id"] in gone
        else row | {"churned": random.choice((None, False))}
        for row in data["customers"]
    ]
    return replace(data, tables=data.tables | {"customers": rows})


def asked(data: Dataset, every: str, by: tuple[str, ...]) -> Report:
    return ask(
        data.tables,
        list(TOUCHED),
        as_of=data.as_of,
        every=every,
        by=by,
        timezone=data.timezone,
        definitions={
            name: text.replace("{", f"{{metric: {metric}, ", 1).replace(", }", "}")
            for name, (metric, text, _) in TOUCHED.items()
        },
    )


@pytest.mark.parametrize("by", [(), ("segment",)], ids=["total", "segment"])
@pytest.mark.parametrize("every", ["month", "year"])
@pytest.mark.parametrize(("seed", "share"), [(3, 0.02), (4, 0.02), (5, 0.3), (8, 0.005)])
def test_program_and_oracle_agree(seed: int, share: float, every: str, by: tuple[str, ...]) -> None:
    data = with_flags(seed, share)
    report = asked(data, every, by)
    found = {(r.metric, r.period, tuple(r.segment.values())): r for r in report.results}
    periods = calendar(every, min(r.start for r in report.results), data.as_of)
    wrong: list[Any] = []
    for name, (_, _, oracle) in TOUCHED.items():
        for (period, segment), expected in oracle(periods, data, by=by).items():
            result = found[name, period.label, segment]
            wrong += [
                (name, period.label, segment, *w) for w in differences(name, result, expected)
            ]
    assert not wrong


def test_some_of_them_leave_a_value_and_some_do_not() -> None:
    results = [
        result
        for seed, share in ((3, 0.02), (4, 0.02), (5, 0.3), (8, 0.005))
        for result in asked(with_flags(seed, share), "month", ()).results
    ]
    kinds = {(bool(r.components["undated"]), r.value is None) for r in results}
    assert kinds >= {(True, True), (True, False), (False, False)}
    assert any("the file does not say when" in (r.reason or "") for r in results)
