"""The term of each subscription, and the days on which it is due."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .common import Row
from .mrr import paid_span

FEWEST = {0: 0, 1: 27, 3: 88, 12: 362}
"""Days of the shortest terms of so many months: of the fewest days that they can have, and one
less, as some write a term's last day."""


@dataclass
class Term:
    """A paid row; `months` or `days` is its term, or none of them: from start to end."""

    row: Row
    months: int | None = None
    days: int | None = None

    @property
    def start(self) -> date:
        return paid_span(self.row)[0]

    @property
    def end(self) -> date | None:
        end: date | None = self.row["end_date"]
        return end

    @property
    def length(self) -> int:
        """In days, of 30 and 7/16 to a month."""
        if self.days is not None:
            return self.days
        if self.months is not None:
            return self.months * 1461 // 48
        assert self.end
        return (self.end - self.start).days

    def boundary(self, number: int) -> date:
        if self.days is not None:
            return self.start + timedelta(days=number * self.days)
        assert self.months is not None
        year, month = divmod(self.start.year * 12 + self.start.month - 1 + number * self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.start.day, last))

    def patience(self, grace: int) -> int:
        return grace if self.length > 2 * grace else 0

    def due(self, grace: int, until: date) -> list[date]:
        """Every day on which it is due, up to the one on which it does not go on, or `until`."""
        if self.row.get("due_date") is not None:
            return [self.row["due_date"]] if self.row["due_date"] > self.start else []
        if self.months is None and self.days is None:
            assert self.end
            return [self.end]
        found: list[date] = []
        while not found or self.runs_past(found[-1], grace):
            found.append(self.boundary(len(found) + 1))
            if found[-1] > until:
                break
        return found

    def runs_past(self, day: date, grace: int) -> bool:
        return self.end is None or self.end > day + timedelta(days=self.patience(grace))


def terms(rows: Sequence[Row], as_of: date, grace: int) -> list[Term]:
    """Of the paid rows; none has a `term_months`, a status, or a header of its own."""
    agreed = [
        row["end_date"] is not None and (row["end_date"] > as_of or _is_followed(row, rows, grace))
        for row in rows
    ]
    found = []
    for row, own in zip(rows, agreed, strict=True):
        plan = [other for other in rows if other.get("plan") == row.get("plan")]
        listed = all(other["end_date"] is not None for other in plan) and any(
            sure for other, sure in zip(rows, agreed, strict=True) if other in plan
        )
        if own or listed:
            found.append(Term(row))
            continue
        count = row.get("interval_count") or 1
        months = {"month": 1, "quarter": 3, "year": 12}.get(row.get("interval") or "")
        days = {"day": 1, "week": 7}.get(row.get("interval") or "")
        if months is None and days is None:
            due, start = row.get("due_date"), paid_span(row)[0]
            if due is not None and due > start:
                found.append(Term(row, days=(due - start).days))
                continue
            months, count = 1, 1
        found.append(Term(row, months and months * count, days and days * count))
    return found


def _is_followed(row: Row, rows: Sequence[Row], grace: int) -> bool:
    end = row["end_date"]
    return any(
        other["customer_id"] == row["customer_id"]
        and other.get("plan") == row.get("plan")
        and other["start_date"] > row["start_date"]
        and abs((other["start_date"] - end).days) <= grace
        and (other["end_date"] is None or other["end_date"] > end)
        for other in rows
    )
