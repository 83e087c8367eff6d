"""Validity: the share of the filled cells that hold what they should.

    validity = 100 x right cells / filled cells

A cell is right when its text could be read as the date, number, score or word that its
column holds and is in range, an e-mail address when it follows the rules for addresses
(no mailbox is asked), a telephone number when it can be dialled (in `region:` where it
has no country code; a lost leading 0 is put back), and any column under `allowed:` when
its value is one of those, in any capitals. Other ids and texts cannot be wrong.
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
from crm_kpi.frames.cell_checks import judged_columns
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import _score
from crm_kpi.metrics.quality._score import CONTACTS, Dialled
from crm_kpi.results import Unit
from crm_kpi.tables import TABLES

ID = "validity"


class Validity(Dialled):
    allowed: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="column: the values that it may have, such as {segment: [Retail, Wholesale]}",
    )

    @model_validator(mode="after")
    def _allowed_columns_are_of_the_table(self) -> Validity:
        self.check_columns(self.allowed)
        return self


def needs(definition: Validity) -> Mapping[str, Sequence[str]]:
    required = TABLES[definition.table].required
    return {definition.table: tuple(dict.fromkeys([*required, *definition.allowed]))}


def parts(definition: Validity) -> Sequence[Aggregation]:
    table = definition.table
    columns = tuple(dict.fromkeys([*judged_columns(table), *definition.allowed]))
    cells = frame(
        cell_checks.validity_checks,
        table=table,
        columns=columns,
        region=definition.region,
        allowed=tuple(definition.allowed.items()),
    )
    return [_score.part(ID, cells, columns, table)]


def answer(state: AggregateState, definition: Validity) -> MetricValue:
    return _score.answer(ID, state, parts(definition), nothing=text("metrics.no_filled_cell"))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    spoken_for_by="data_quality",
    formula="100 x cells that hold what they should / filled cells",
    definition=Validity,
    needs=needs,
    optional=CONTACTS,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: _score.quotient(ID, state, parts(definition)),
    example="200 dates and 100 e-mail addresses, 6 of them wrong: 100 x 294 / 300 = 98",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
