"""Timeliness: the share of the rows that were updated lately.

    timeliness = 100 x rows updated within `within:` of as_of / rows

The date is `updated_at`, or the one under `updated:`; at exactly so many days it is still
timely. A row whose date is blank or cannot be read is not known to be up to date.
Components: cells (one per row), ok, and the share of the date column.

Every row of the table is looked at, rejected or not, as it stands in the files today; a
period tells of the rows that were there by its end, by the table's own date (a row
whose date cannot be read is there from `as_of` on), so the last one is the whole table.
Records with too few or too many fields have no cells that could be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, field_validator, model_validator

from crm_kpi.durations import Duration
from crm_kpi.frames import cell_checks
from crm_kpi.messages import should_be, text
from crm_kpi.metrics._algebra import Aggregation, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import _score
from crm_kpi.metrics.quality._score import OfTable
from crm_kpi.results import Unit
from crm_kpi.tables import TABLES, Kind

ID = "timeliness"


class Timeliness(OfTable):
    within: Duration = Field(Duration(days=365), description="days before as_of, such as 365d")
    updated: str = Field(
        "updated_at", description="the date or time column that says when a row was last updated"
    )

    @field_validator("within")
    @classmethod
    def _in_days(cls, within: Duration) -> Duration:
        if within.days is None:
            raise ValueError(should_be(text("metrics.days")))
        return within

    @model_validator(mode="after")
    def _updated_is_a_date(self) -> Timeliness:
        if self.updated != "updated_at":
            self.check_columns([self.updated])
            if TABLES[self.table][self.updated].kind not in (Kind.DATE, Kind.TIME):
                raise ValueError(text("metrics.not_a_date_column", column=self.updated))
        return self


def needs(definition: Timeliness) -> Mapping[str, Sequence[str]]:
    return {definition.table: (definition.updated,)}


def parts(definition: Timeliness) -> Sequence[Aggregation]:
    table, column = definition.table, definition.updated
    days = definition.within.days
    assert days is not None
    cells = frame(cell_checks.timeliness_checks, table=table, column=column, days=days)
    return [_score.part(ID, cells, (column,), table)]


def answer(state: AggregateState, definition: Timeliness) -> MetricValue:
    return _score.answer(ID, state, parts(definition), nothing=text("metrics.no_update_date"))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    spoken_for_by="data_quality",
    formula=lambda definition: text("formulas.updated", within=str(definition.within)),
    definition=Timeliness,
    needs=needs,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: _score.quotient(ID, state, parts(definition)),
    example="294 of 300 customers updated within a year: 100 x 294 / 300 = 98",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
