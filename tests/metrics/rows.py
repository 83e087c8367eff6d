"""Rows of the input tables, and the one answer that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]


def answer(
    metric: str,
    tables: Mapping[str, Sequence[Row]],
    period: str,
    definition: str = "{}",
    *,
    as_of: str = "2024-03-31",
    **options: Any,
) -> Result:
    """The total of this metric and period."""
    report = ask(tables, [metric], as_of=as_of, definitions={metric: definition}, **options)
    assert not report.skipped
    return one(report, metric, period)


def customers(*spans: tuple[int, str, str | None]) -> list[Row]:
    """(how many, signup, churn): that many customers each with an id of its own."""
    rows: list[Row] = []
    for count, signup, churn in spans:
        for _ in range(count):
            rows.append(
                {"customer_id": f"C{len(rows)}", "signup_date": signup, "churn_date": churn}
            )
    return rows


def sale(customer: str | None, day: str, amount: float, **more: Any) -> Row:
    return {"customer_id": customer, "date": day, "amount": amount, **more}


def scores(survey: str, *values: int | None, day: str = "2024-03-04") -> list[Row]:
    """One answer each, by customers C0, C1 and so on."""
    return [
        {"survey": survey, "score": score, "answered_at": f"{day}T09:00", "customer_id": f"C{i}"}
        for i, score in enumerate(values)
    ]


def sold(customer: str, start: str, amount: float, end: str | None = None, **more: Any) -> Row:
    return {
        "customer_id": customer,
        "start_date": start,
        "end_date": end,
        "amount": amount,
        **more,
    }


def ticket(number: int, created: str, solved: str | None, **more: Any) -> Row:
    return {"ticket_id": str(number), "created_at": created, "solved_at": solved, **more}


# 100 pay 100 a month, 50 pay 600 a year: an MRR of 100 x 100 + 50 x 50 = 12,500.
MIXED = [sold(f"M{i}", "2023-05-01", 100, interval="month") for i in range(100)]
MIXED += [sold(f"Y{i}", "2023-05-01", 600, interval="year") for i in range(50)]

# February: N is new with 600, R comes back with 50, E goes from 100 to 250,
# C from 100 to 50, L with 150 leaves; S stays. Start 100 + 100 + 150 + 40 = 390.
MOVING = [
    sold("N", "2024-02-10", 600),
    sold("R", "2023-06-01", 20, "2023-07-01"),
    sold("R", "2024-02-05", 50),
    sold("E", "2023-06-01", 100),
    sold("E", "2024-02-05", 150),
    sold("C", "2023-06-01", 100, "2024-02-01"),
    sold("C", "2024-02-01", 50),
    sold("L", "2023-06-01", 150, "2024-02-20"),
    sold("S", "2023-06-01", 40),
]

FLOW = [
    ticket(1, "2024-01-10T12:00", "2024-01-11T12:00"),
    ticket(2, "2024-01-20T00:00", "2024-02-03T00:00"),
    ticket(3, "2024-02-10T00:00", None),
    ticket(4, "2024-02-20T00:00", "2024-03-01T00:00"),
    ticket(5, "2024-02-28T12:00", "2024-04-05T00:00"),  # after as_of
]
"""Tickets whose backlog changes from month to month."""
