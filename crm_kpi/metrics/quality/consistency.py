"""Consistency: the share of the cells that agree with what stands elsewhere.

    consistency = 100 x agreeing cells / compared cells

START_to_END          where both dates of a row are there: the second is not before the first,
                      such as signup_date_to_churn_date or created_at_to_solved_at
one_email             rows of one customer have the e-mail address of the customer's first
TABLE.customer_id     rows of TABLE that name a customer name one whom the customers table has

With `table: customers` the customers of every other table are looked up; with another table
those of its own rows. n is the number of all rows that are looked at.
Components: cells, ok, and the share of each comparison, the worst first.

Every row of the table is looked at, rejected or not, as it stands in the files today; a
period tells of the rows that were there by its end, by the table's own date (a row
whose date cannot be read is there from `as_of` on), so the last one is the whole table.
Records with too few or too many fields have no cells that could be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_kpi.frames import cell_checks
from crm_kpi.frames.cell_checks import consistency_names
from crm_kpi.messages import text
from crm_kpi.metrics._algebra import Aggregation, frame
from crm_kpi.metrics._spec import AggregateState, Metric, MetricValue
from crm_kpi.metrics.quality import _score
from crm_kpi.metrics.quality._score import OfTable
from crm_kpi.results import Unit
from crm_kpi.tables import TABLES

ID = "consistency"
NAMING = tuple(name for name in TABLES if name != "customers" and "customer_id" in TABLES[name])
"""The tables whose rows name customers."""


class Consistency(OfTable):
    pass


def needs(definition: Consistency) -> Mapping[str, Sequence[str]]:
    return {definition.table: TABLES[definition.table].required}


def parts(definition: Consistency) -> Sequence[Aggregation]:
    table = definition.table
    cells = frame(cell_checks.consistency_checks, table=table)
    found = [_score.part(ID, cells, consistency_names(table), table)]
    for name in NAMING if table == "customers" else (table,):
        if name in NAMING:
            # The table's own rows are counted above.
            rows = name if name != table else None
            known = frame(cell_checks.referential_checks, table=name)
            found.append(_score.part(ID, known, [f"{name}:customer_id"], rows))
    return found


def answer(state: AggregateState, definition: Consistency) -> MetricValue:
    return _score.answer(ID, state, parts(definition), nothing=text("metrics.nothing_to_compare"))


METRIC = Metric(
    unit=Unit.PERCENT,
    higher_is_better=True,
    spoken_for_by="data_quality",
    formula="100 x cells that agree with what stands elsewhere / cells compared",
    definition=Consistency,
    needs=needs,
    optional={"customers": ("email",), **dict.fromkeys(NAMING, ())},
    parts=parts,
    answer=answer,
    quotient=lambda state, definition: _score.quotient(ID, state, parts(definition)),
    example="50 customers left, 2 before they came; 250 orders, 4 of strangers: 294 / 300 = 98 %",
    sources=(
        "DAMA UK Working Group, The Six Primary Dimensions for Data Quality Assessment, 2013",
    ),
)
