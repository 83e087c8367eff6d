"""Data quality: how far a table can be relied on, over five dimensions.

    data quality = sum of (weight x score) / sum of weights

    scores    completeness, validity, uniqueness, consistency and timeliness, 0 to 100
    weights   under `weights:`; all the same by default, and 0 leaves a dimension out

A dimension with nothing to look at, such as timeliness of a file without a date of the last
update, is null and counts in neither sum. The other keys are those of the dimensions; they
are set here again, because a definition belongs to one metric. Accuracy, the sixth
dimension of the field, needs a reference to compare with and is not pretended.
Components: the five scores, and all cells looked at with those that are right. n counts
the rows of the table.

Every row of the table is looked at, rejected or not, as it stands in the files today; a
period tells of the rows that were there by its end, by the table's own date (a row
whose date cannot be read is there from `as_of` on), so the last one is the whole table.
Records with too few or too many fields have no cells that could be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from pydantic import Field, model_validator

from crm_kpi.kpi import Definition
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import (
    _score,
    completeness,
    consistency,
    timeliness,
    uniqueness,
    validity,
)
from crm_kpi.metrics.quality._score import CONTACTS
from crm_kpi.metrics.quality.completeness import Completeness
from crm_kpi.metrics.quality.consistency import Consistency
from crm_kpi.metrics.quality.timeliness import Timeliness
from crm_kpi.metrics.quality.uniqueness import Uniqueness
from crm_kpi.metrics.quality.validity import Validity
from crm_kpi.results import Number, Unit

DIMENSIONS = (completeness, validity, uniqueness, consistency, timeliness)


class Weights(Definition):
    completeness: Decimal = Field(Decimal(1), ge=0, description="weight of completeness")
    validity: Decimal = Field(Decimal(1), ge=0, description="weight of validity")
    uniqueness: Decimal = Field(Decimal(1), ge=0, description="weight of uniqueness")
    consistency: Decimal = Field(Decimal(1), ge=0, description="weight of consistency")
    timeliness: Decimal = Field(Decimal(1), ge=0, description="weight of timeliness")

    @model_validator(mode="after")
    def _one_counts(self) -> Weights:
        if not any(weight for _, weight in self):
            raise ValueError(text("metrics.weights_all_zero"))
        return self


class DataQuality(Completeness, Validity, Uniqueness, Consistency, Timeliness):
    weights: Weights = Field(Weights(), description="how much each dimension counts")


def needs(definition: DataQuality) -> Mapping[str, Sequence[str]]:
    table = definition.table
    columns = [*completeness.needs(definition)[table], *validity.needs(definition)[table]]
    return {table: tuple(dict.fromkeys(columns))}


def parts(definition: DataQuality) -> Sequence[Aggregation]:
    return [part for dimension in DIMENSIONS for part in dimension.parts(definition)]


def answer(state: AggregateState, definition: DataQuality) -> MetricValue:
    every = parts(definition)
    scores = {d.ID: _score.score(d.ID, state, every) for d in DIMENSIONS}
    values = {name: found.value for name, found in scores.items()}
    rows = scores[completeness.ID].rows
    components: dict[str, Number | None] = {
        **{name: None if value is None else float(value) for name, value in values.items()},
        "cells": sum(found.cells for found in scores.values()),
        "ok": sum(found.ok for found in scores.values()),
    }
    weights = {name: Fraction(weight) for name, weight in definition.weights}
    top = sum((weights[n] * v for n, v in values.items() if v is not None), Fraction(0))
    bottom = sum((weights[n] for n, v in values.items() if v is not None), Fraction(0))
    if not bottom:
        nothing = text("metrics.no_dimension") if rows else text("general.no_rows")
        return MetricValue(None, rows, components, reason=nothing)
    return MetricValue(float(top / bottom), rows, components)


METRIC = Metric(
    unit=Unit.SCORE,
    higher_is_better=True,
    formula="sum of weight x score of each dimension / sum of weights",
    definition=DataQuality,
    needs=needs,
    optional={**consistency.METRIC.optional, **CONTACTS},
    parts=parts,
    answer=answer,
    quotient=text("metrics.weights_have_no_parts"),
    example="98, 97, 99 and 96, timeliness not known: (98 + 97 + 99 + 96) / 4 = 97.5",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
