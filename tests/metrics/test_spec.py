"""States: only names that were declared, and every metric reads no others."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from random import Random
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.conditions import flag
from crm_kpi.config import load_config
from crm_kpi.engine.plan import everything, requests
from crm_kpi.frames import pipeline
from crm_kpi.kpi import of_type
from crm_kpi.metrics._algebra import Aggregation, Count, Ordered, Sum, frame
from crm_kpi.metrics._spec import AggregateState, Metric
from crm_kpi.periods import Period
from tests.engine.company import variants

JANUARY = Period(
    "2024-01", date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 1), date(2023, 12, 1), False
)


def test_a_name_that_is_not_declared() -> None:
    state = AggregateState(JANUARY, {"refunds": -5, "gross": 20}, {"refunds", "gross", "orders"})
    assert state.gross + state.refunds == 15
    assert (state.orders, state.get("orders")) == (0, None)
    with pytest.raises(AttributeError, match="no refund;"):
        state.refund  # noqa: B018
    with pytest.raises(AttributeError, match="no order;"):
        state.get("order")
    with pytest.raises(AttributeError, match="no odds;"):
        state.rows("odds")


def test_the_names_of_an_aggregation() -> None:
    state = {"won": Count(flag("won")), "amount": Sum("amount")}
    assert Aggregation(frame(pipeline.deals), state).names == ["won", "amount"]
    stock = Aggregation(frame(pipeline.deals), state, running_total=True)
    assert stock.names == ["won_start", "won_end", "amount_start", "amount_end"]
    curve = Aggregation(frame(pipeline.deals), state, detail_keys=("odds",), name="curve")
    assert curve.names == ["curve"]
    assert "seconds:n" in Aggregation(frame(pipeline.deals), {"seconds": Ordered("seconds")}).names


def test_a_running_total_is_made_of_what_adds_up() -> None:
    with pytest.raises(TypeError, match="days"):
        Aggregation(frame(pipeline.deals), {"days": Ordered("days")}, running_total=True)


def test_every_metric_reads_what_it_declares() -> None:
    """Answers to states of many kinds, as what is read depends on what is there."""
    config = load_config(
        None, [f"definitions.{name}={text}" for name, text in variants().items()], env={}
    )
    asked = of_type(requests(config, everything(config)), Metric)
    assert {request.name for request in asked} > {*catalogue.ids(KpiKind.SCALAR)}
    for request in asked:
        parts = request.kpi.parts(request.definition)
        details = {part.name for part in parts if part.detail_keys}
        names = request.kpi.names(request.definition)
        for seed in range(60):
            values = _values(sorted(names - details), Random(seed))
            state = AggregateState(JANUARY, values, names)
            # Numbers that no rows give can break the arithmetic, which is not looked at here.
            with suppress(ArithmeticError, ValueError):
                request.kpi.answer(state, request.definition)
            if request.kpi.identity is not None:
                with suppress(ArithmeticError):
                    request.kpi.identity(state, request.definition)


def _values(names: list[str], random: Random) -> dict[str, Any]:
    """Nothing, all the same, or whatever comes."""
    most = random.choice((0, 1, 9))
    return {name: random.randint(0 if most < 9 else -most, most) for name in names}
