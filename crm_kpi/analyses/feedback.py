"""Feedback: what customers say who are not content, newest first.

    date      the day of the answer
    survey    nps, csat or ces
    score     nps from 0 to 6; csat below satisfied; ces below the upper three, or
              above the lower three where a low score means easy
    comment   what the customer wrote

With customer_id, agent and channel. Answers of the range asked for, whether or
not they have a comment; scales and bounds are those of the metrics, as the config
defines them. Of answers at one moment the lower score comes first.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.conditions import Condition, compare
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.frames.context import rows_in_periods
from crm_kpi.kpi import Definition
from crm_kpi.metrics.surveys._scores import Scored
from crm_kpi.tables import SURVEYS, day

TOLD = ("comment", "customer_id", "agent", "channel")


def rows(scope: Scope, definition: Definition) -> list[Row]:
    context, at = scope.context, "answered_at"
    answers = context.frame(rows_in_periods, table="surveys", at=day(at))
    low = [expression(compare("survey", "==", survey) & _low(scope, survey)) for survey in SURVEYS]
    answers = answers.filter(nw.any_horizontal(*low, ignore_nulls=True)).with_columns(
        **{c: nw.lit(None, nw.String) for c in TOLD if not context.has("surveys", c)},
        date=nw.col(day(at)),
    )
    found = scope.rows(answers.select(at, "date", "survey", "score", *TOLD))
    found.sort(key=lambda row: [row["score"], *(row[c] or "" for c in ("survey", *TOLD))])
    found.sort(key=lambda row: row[at], reverse=True)
    return [{name: value for name, value in row.items() if name != at} for row in found]


def _low(scope: Scope, survey: str) -> Condition:
    definition = scope.in_force(survey)
    assert isinstance(definition, Scored)
    return definition.low


ANALYSIS = Analysis(
    needs=always(surveys=("survey", "score", "answered_at")),
    rows=rows,
    optional=always(surveys=("comment", "agent", "channel")),
    sources=(
        "own definition: the answers that each survey's metric counts as not content, as these "
        "are the ones to read",
    ),
)
