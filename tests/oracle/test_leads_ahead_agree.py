"""Expected conversions and their oracle on the same random leads, to the last digits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.support import ask

from .data import Dataset, generate
from .data_sales import sales
from .leads_ahead import expected_conversions
from .periods import calendar
from .test_agree import differences

NAME = "expected_conversions"
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "of a quarter, which is short for these": ("{}", {}),
    "of half a year": ("{history: 200d}", {"history": 200}),
    "of a year, for a month": ("{horizon: 30d, history: 365d}", {"horizon": 30, "history": 365}),
}
SPLITS = [(), ("channel",), ("segment", "owner")]


@cache
def data(seed: int) -> Dataset:
    base = generate(seed)
    return replace(base, tables=sales(seed).tables | base.tables)


@pytest.mark.parametrize("by", SPLITS, ids=lambda by: "+".join(by) or "total")
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", [1, 3, 5])
def test_program_and_oracle_agree(seed: int, variant: str, by: tuple[str, ...]) -> None:
    company: Dataset = data(seed)
    definition, options = VARIANTS[variant]
    report = ask(
        company.tables,
        [NAME],
        as_of=company.as_of,
        every="quarter",
        by=by,
        timezone=company.timezone,
        definitions={NAME: definition},
    )
    found = {(r.period, tuple(r.segment.values())): r for r in report.results}
    periods = calendar("quarter", min(r.start for r in report.results), company.as_of)
    tables = (company[name] for name in ("leads", "customers", "transactions"))
    theirs = expected_conversions(periods, company.as_of, company.zone, *tables, by=by, **options)
    told = 0
    for (period, segment), expected in theirs.items():
        result = found.get((period.label, segment))
        if result is None:
            assert not any(expected.components.values())
            continue
        assert differences(NAME, result, expected) == []
        told += expected.value is not None
    assert told > 1 or not options
