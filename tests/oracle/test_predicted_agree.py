"""The program and the oracle on the same random rows: what is predicted, to five digits.

Both round their parameters to six, and find them in ways of their own, so that the sixth may
differ by one.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support import ask

from . import predicted
from .data import generate
from .periods import calendar

VARIANTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "clv_mbg": ("clv_predicted", "{}", {}),
    "clv_bg": (
        "clv_predicted",
        "{model: bg, horizon: 6 months, discount: 0.25, free_orders: count}",
        {"model": "bg", "months": 6, "discount": 0.25, "free": True},
    ),
    "clv_held": ("clv_predicted", "{prior: 0.5}", {"prior": 0.5}),
}
SEED = 10
"""A company of so many customers that their future can be told."""


@pytest.mark.parametrize("by", [(), ("segment",)], ids=lambda by: "+".join(by) or "total")
@pytest.mark.parametrize("name", VARIANTS)
def test_program_and_oracle_agree(name: str, by: tuple[str, ...]) -> None:
    data = generate(SEED)
    metric, definition, options = VARIANTS[name]
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
    theirs = predicted.clv_predicted(
        periods, data.as_of, data["transactions"], data["customers"], by=by, **options
    )
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
