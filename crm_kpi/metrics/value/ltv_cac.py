"""LTV to CAC: how many times over a customer brings back what winning them cost.

    ratio = CLV / CAC

    CLV   as in clv, with the same variants
    CAC   acquisition costs of the period / its new customers, as in cac

CLV is revenue here and not profit: what is sold costs something, too. Where CLV is
a floor or rests on little time the ratio does, and is pending with it.

    A CLV of 1,000 and 250 to win a customer: 1,000 / 250 = 4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.value import cac, clv
from crm_kpi.metrics.value.clv import Clv
from crm_kpi.results import Number, Unit


def needs(definition: Clv) -> Mapping[str, Sequence[str]]:
    return {**cac.needs(definition), **clv.needs(definition)}


def parts(definition: Clv) -> Sequence[Aggregation]:
    return [*clv.parts(definition), *cac.parts(definition)]


def answer(state: AggregateState, definition: Clv) -> MetricValue:
    value, price = clv.answer(state, definition), cac.answer(state, definition)
    components: dict[str, Number | None] = {
        **{name: value.components[name] for name in ("apv", "apf", "acl", "customers")},
        **price.components,
        "clv": value.value,
        "cac": price.value,
    }
    if value.value is None or price.value is None:
        lacking = value if value.value is None else price
        return MetricValue(None, value.n, components, reason=lacking.reason)
    worth, cost = clv.lifetime(state, definition).value, cac.cost(state)
    if not cost or worth is None:
        return MetricValue(None, value.n, components, reason=text("metrics.nothing_spent"))
    return MetricValue(
        float(worth / cost), value.n, components, reason=value.reason, status=value.status
    )


METRIC = Metric(
    unit=Unit.RATIO,
    higher_is_better=True,
    formula="clv / cac",
    definition=Clv,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=text("metrics.product_has_no_parts"),
    example="a CLV of 1,000 and 250 to win a customer: 1,000 / 250 = 4",
    sources=(
        "Skok, SaaS Metrics 2.0: A Guide to Measuring and Improving What Matters, For "
        "Entrepreneurs",
    ),
)
