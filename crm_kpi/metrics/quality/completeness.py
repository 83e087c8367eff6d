"""Completeness: the share of the cells that should be filled and are.

    completeness = 100 x filled cells / cells

    cells     of the required columns of `table:` and of those under `columns:`, one per row
    filled    something stands there, be it right or wrong

Without `columns:` the e-mail and telephone number of customers are looked at where the
file has them. A survey that was sent and not answered has no score to fill in.
Components: cells, ok, and the share per column, the worst first.

Every row of the table is looked at, rejected or not, as it stands in the files today; a
period tells of the rows that were there by its end, by the table's own date (a row
whose date cannot be read is there from `as_of` on), so the last one is the whole table.
Records with too few or too many fields have no cells that could be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, model_validator

from crm_kpi.frames import cell_checks
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import _score
from crm_kpi.metrics.quality._score import CONTACTS, OfTable
from crm_kpi.results import Unit
from crm_kpi.tables import TABLES

ID = "completeness"


class Completeness(OfTable):
    columns: tuple[str, ...] | None = Field(
        None,
        description="columns that should be filled, beside the required ones; default: email "
        "and phone of customers, where the file has them",
    )

    @model_validator(mode="after")
    def _columns_are_of_the_table(self) -> Completeness:
        self.check_columns(self.columns or ())
        return self


def needs(definition: Completeness) -> Mapping[str, Sequence[str]]:
    required = TABLES[definition.table].required
    return {definition.table: tuple(dict.fromkeys([*required, *(definition.columns or ())]))}


def parts(definition: Completeness) -> Sequence[Aggregation]:
    table = definition.table
    chosen = CONTACTS.get(table, ()) if definition.columns is None else definition.columns
    columns = tuple(dict.fromkeys([*TABLES[table].required, *chosen]))
    cells = frame(cell_checks.completeness_checks, table=table, columns=columns)
    return [_score.part(ID, cells, columns, table)]


def answer(state: AggregateState, definition: Completeness) -> MetricValue:
    return _score.answer(ID, state, parts(definition), nothing=text("metrics.no_cell_to_fill"))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    spoken_for_by="data_quality",
    formula="100 x filled cells / cells that should be filled",
    definition=Completeness,
    needs=needs,
    optional=CONTACTS,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: _score.quotient(ID, state, parts(definition)),
    example="294 of 300 cells filled: 100 x 294 / 300 = 98",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
