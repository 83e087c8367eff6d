"""Team: owners of deals and agents of tickets side by side.

    deals           won in the range asked for, by close date
    amount          what they are worth
    win_rate        as the metric of that name
    sales_cycle     as the metric: median days from creation to winning
    tickets         created in the range
    first_response  as the metric first_response_time: median hours
    csat            as the metric
    target          what the config says is to be won, and
    target_share    100 x amount / target
    small_n         which of win_rate, sales_cycle, first_response and csat rest
                    on fewer than 5 observations

Owners come from opportunities, agents from tickets and surveys; equal names are
one person, and rows without a name are nobody's, the owner null. What the
sources cannot tell is null. All metrics are as the config defines them. The
highest amount first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.kpi import Definition, Needs
from crm_kpi.metrics._spec import MetricValue
from crm_kpi.metrics._state import ratio

FEW = 5
PERSON = {"opportunities": "owner", "tickets": "agent", "surveys": "agent"}
DATED = {
    "opportunities": ("closed_at", "outcome"),
    "tickets": ("created_at",),
    "surveys": ("survey", "score", "answered_at"),
}
MEASURED = {
    "win_rate": "win_rate",
    "sales_cycle": "sales_cycle",
    "first_response": "first_response_time",
    "csat": "csat",
}
"""Column: metric."""
NOTHING = MetricValue(None)


class Team(Definition):
    target: dict[str, Decimal] | Decimal | None = Field(
        None,
        description="amount to be won in the range asked for: one for everybody, "
        "or owner: amount, such as {An: 500000, Binh: 300000}",
    )

    def of(self, owner: str | None) -> Decimal | None:
        return self.target.get(owner or "") if isinstance(self.target, dict) else self.target


def needs(definition: Team, there: Collection[str]) -> Needs:
    """Whatever there is of the three tables; deals where there is none."""
    tables = [table for table in PERSON if table in there] or ["opportunities"]
    return {table: (*DATED[table], PERSON[table]) for table in tables}


def rows(scope: Scope, definition: Team) -> list[Row]:
    people = scope.measure([*MEASURED.values(), "tickets"], PERSON)
    found = [_row(owner, answers, definition.of(owner)) for owner, answers in people.items()]
    seen = ("deals", "tickets", *MEASURED)
    return sorted((row for row in found if any(row[c] is not None for c in seen)), key=_order)


def _row(owner: str | None, answers: Mapping[str, MetricValue], target: Decimal | None) -> Row:
    closed = answers.get("win_rate", NOTHING).components
    deals = closed.get("won")
    amount = Decimal(0) if deals == 0 else closed.get("won_amount")
    measured = {column: answers.get(metric, NOTHING) for column, metric in MEASURED.items()}
    few = [name for name, answer in measured.items() if answer.n and answer.n < FEW]
    return {
        "owner": owner,
        "deals": deals,
        "amount": amount,
        "win_rate": measured["win_rate"].value,
        "sales_cycle": measured["sales_cycle"].value,
        "tickets": answers.get("tickets", NOTHING).value,
        "first_response": measured["first_response"].value,
        "csat": measured["csat"].value,
        "target": target,
        "target_share": None if not target or amount is None else ratio(100 * amount, target),
        "small_n": ", ".join(few) or None,
    }


def _order(row: Row) -> tuple[Decimal, int, bool, str]:
    return (
        -(row["amount"] or Decimal(0)),
        -(row["deals"] or 0),
        not row["owner"],
        row["owner"] or "",
    )


ANALYSIS = Analysis(
    needs=needs,
    rows=rows,
    definition=Team,
    optional=always(customers=()),
    sources=(
        "own definition: the metrics of these names by owner and agent, side by side and as the "
        "config defines them, so that no figure differs from the report's",
    ),
)
