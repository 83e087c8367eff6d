"""Uniqueness: the share of ids, e-mail addresses and telephone numbers that stand once.

    uniqueness = 100 x values that no earlier row has / values

The first row with a value, by date and then by id, has it rightly: of three customers with
one e-mail address one is right and two are not. Compared are the id of `table:` and the
e-mail address and telephone number of customers, without capitals and outer blanks; a
number in its international form, so that 0912 345 678 and +84912345678 are one (`region:`
says where it is dialled). A customer who came back after leaving is no duplicate, nor is an
address in two rows of one customer. Blank cells are not looked at.
Components: cells, ok, and the share per column, the worst first.

Every row of the table is looked at, rejected or not, as it stands in the files today; a
period tells of the rows that were there by its end, by the table's own date (a row
whose date cannot be read is there from `as_of` on), so the last one is the whole table.
Records with too few or too many fields have no cells that could be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_kpi.frames import cell_checks
from crm_kpi.frames.cell_checks import unique_columns
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import _score
from crm_kpi.metrics.quality._score import CONTACTS, Dialled
from crm_kpi.results import Unit
from crm_kpi.tables import TABLES

ID = "uniqueness"


class Uniqueness(Dialled):
    pass


def needs(definition: Uniqueness) -> Mapping[str, Sequence[str]]:
    table = TABLES[definition.table]
    return {table.name: (table.id,) if table.id else table.required}


def parts(definition: Uniqueness) -> Sequence[Aggregation]:
    table = definition.table
    columns = unique_columns(table)
    cells = frame(
        cell_checks.uniqueness_checks, table=table, columns=columns, region=definition.region
    )
    return [_score.part(ID, cells, columns, table)]


def answer(state: AggregateState, definition: Uniqueness) -> MetricValue:
    nothing = text("metrics.nothing_unique", table=definition.table)
    return _score.answer(ID, state, parts(definition), nothing=nothing)


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    spoken_for_by="data_quality",
    formula="100 x ids, e-mail addresses and numbers that no earlier row has / all of them",
    definition=Uniqueness,
    needs=needs,
    optional=CONTACTS,
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: _score.quotient(ID, state, parts(definition)),
    example="150 ids and 150 addresses, of which 6 repeat one before: 100 x 294 / 300 = 98",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
