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
    needs_help      which of win_rate and csat lie below those of the whole team by
                    more than chance: the whole 95 % interval does

Owners come from opportunities, agents from tickets and surveys; equal names are
one person, and rows without a name are nobody's, the owner null. Whoever has a
target of their own, here or by a threshold `by: owner` or `by: agent`, is listed
also without a row; who has one here has then won nothing. What the sources cannot
tell is null. All metrics are as the config defines them. The highest amount first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from crm_kpi.analyses._spec import Analysis, Row, Scope, always
from crm_kpi.kpi import Definition, Needs
from crm_kpi.metrics._spec import MetricValue
from crm_kpi.metrics._state import ratio
from crm_kpi.results import Number

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
HITS = {"win_rate": "won", "csat": "satisfied"}
"""Columns that are rates, and what they count."""
NOTHING = MetricValue(None)


class Team(Definition):
    target: dict[str, Decimal] | Decimal | None = Field(
        None,
        description="amount to be won in the range asked for: one for everybody, "
        "or owner: amount, such as {An: 500000, Binh: 300000}",
    )

    @property
    def named(self) -> Collection[str]:
        """Those with a target of their own."""
        return self.target if isinstance(self.target, dict) else ()

    def of(self, owner: str | None) -> Decimal | None:
        return self.target.get(owner or "") if isinstance(self.target, dict) else self.target


def needs(definition: Team, there: Collection[str]) -> Needs:
    """Whatever there is of the three tables; deals where there is none."""
    tables = [table for table in PERSON if table in there] or ["opportunities"]
    return {table: (*DATED[table], PERSON[table]) for table in tables}


def rows(scope: Scope, definition: Team) -> list[Row]:
    people = scope.measure([*MEASURED.values(), "tickets"], PERSON)
    rates = {column: _of_all(people.values(), column) for column in HITS}
    found = [_row(who, answers, definition.of(who), rates) for who, answers in people.items()]
    seen = ("deals", "tickets", *MEASURED)
    found = [row for row in found if any(row[c] is not None for c in seen)]
    named = {*definition.named, *(who for c in PERSON.values() for who in scope.with_goals(c))}
    sells = any("win_rate" in answers for answers in people.values())
    nothing_won = {"win_rate": MetricValue(None, components={"won": 0})}
    for who in named - {row["owner"] for row in found}:
        answers = nothing_won if sells and who in definition.named else {}
        found.append(_row(who, answers, definition.of(who), rates))
    return sorted(found, key=_order)


def _of_all(people: Iterable[Mapping[str, MetricValue]], column: str) -> Fraction | None:
    """A rate of everybody, in percent."""
    answers = [answers.get(MEASURED[column], NOTHING) for answers in people]
    hits = sum((Fraction(a.components.get(HITS[column]) or 0) for a in answers), Fraction(0))
    n = sum(answer.n or 0 for answer in answers)
    return 100 * hits / n if n else None


def _row(
    owner: str | None,
    answers: Mapping[str, MetricValue],
    target: Decimal | None,
    rates: Mapping[str, Fraction | None],
) -> Row:
    closed = answers.get("win_rate", NOTHING).components
    deals = closed.get("won")
    amount = Decimal(0) if deals == 0 else closed.get("won_amount")
    measured = {column: answers.get(metric, NOTHING) for column, metric in MEASURED.items()}
    few = [name for name, answer in measured.items() if answer.n and answer.n < FEW]
    below = [
        column
        for column, rate in rates.items()
        if rate is not None and _is_below(measured[column].high, rate)
    ]
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
        "needs_help": ", ".join(below) or None,
    }


def _is_below(high: Number | None, rate: Fraction) -> bool:
    return high is not None and Fraction(high) < rate


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
