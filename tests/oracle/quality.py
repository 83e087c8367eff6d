"""Data quality, from the definitions: loops over the rows of files, all of them text.

Each dimension says of one period and segment: rows looked at, and per check how many cells
it applies to and how many are right. A row counts from its own date on; one whose date
cannot be read on the last day. Rows dated after `as_of` are not there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from .data_quality import AS_OF, EMAILS, PHONES, Row

Files = Mapping[str, Sequence[Row]]
Checks = dict[str, tuple[bool, bool]]
"""Name: applies, right."""


@dataclass
class Tally:
    rows: int = 0
    checks: dict[str, list[int]] = field(default_factory=dict)

    def add(self, checks: Checks) -> None:
        self.rows += 1
        for name, (applies, right) in checks.items():
            cells = self.checks.setdefault(name, [0, 0])
            cells[0] += applies
            cells[1] += applies and right

    @property
    def cells(self) -> int:
        return sum(cells for cells, _ in self.checks.values())

    @property
    def ok(self) -> int:
        return sum(right for _, right in self.checks.values())

    @property
    def value(self) -> Fraction | None:
        return Fraction(100 * self.ok, self.cells) if self.cells else None

    @property
    def shares(self) -> dict[str, Fraction]:
        return {n: Fraction(100 * ok, cells) for n, (cells, ok) in self.checks.items() if cells}


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def email_key(text: str) -> str | None:
    """None where blank; an address that is not on the list is plain and right."""
    if not text:
        return None
    return EMAILS.get(text) or text.casefold()


def email_is_right(text: str) -> bool:
    return EMAILS.get(text, text) is not None


def phone_key(text: str) -> str | None:
    if not text:
        return None
    known = PHONES.get(text, f"+84{text[1:]}")
    return known or text.casefold()


def phone_is_right(text: str) -> bool:
    return PHONES.get(text, text) is not None


def there(rows: Iterable[Row], at: str) -> list[tuple[date, Row]]:
    """The rows that are there on `as_of`, with the day from which on they count."""
    dated = [(day(row[at]) or AS_OF, row) for row in rows]
    return [(when, row) for when, row in dated if when <= AS_OF]


def used_ids(files: Files) -> set[str]:
    """The customers of whom a row can be used, so that others know their segment."""
    found = set()
    for _, row in there(files["customers"], "signup_date"):
        start, end = day(row["signup_date"]), day(row["churn_date"])
        readable = all(not row[name] or day(row[name]) for name in ("churn_date", "updated_at"))
        cost = row["acquisition_cost"]
        good = readable and (not cost or is_number(cost)) and not (start and end and end < start)
        if row["customer_id"] and start and good:
            found.add(row["customer_id"])
    return found


def segment_of_buyer(files: Files) -> Callable[[Row], str | None]:
    used = used_ids(files)
    segments = {r["customer_id"]: r["segment"] for r in files["customers"]}
    return lambda row: (
        (segments[row["customer_id"]] or None) if row["customer_id"] in used else None
    )


def completeness(files: Files, row: Row) -> Checks:
    names = ("customer_id", "signup_date", "email", "phone")
    return {name: (True, bool(row[name])) for name in names}


def validity(files: Files, row: Row) -> Checks:
    dates = ("signup_date", "churn_date", "updated_at")
    checks = {name: (bool(row[name]), day(row[name]) is not None) for name in dates}
    cost = row["acquisition_cost"]
    return checks | {
        "acquisition_cost": (bool(cost), is_number(cost)),
        "email": (bool(row["email"]), email_is_right(row["email"])),
        "phone": (bool(row["phone"]), phone_is_right(row["phone"])),
        "segment": (bool(row["segment"]), row["segment"].lower() == "smb"),
    }


def timeliness(files: Files, row: Row) -> Checks:
    when = day(row["updated_at"])
    return {"updated_at": (True, when is not None and when >= AS_OF - timedelta(days=200))}


def by_row(
    rule: Callable[[Files, Row], Checks],
) -> Callable[[Files], list[tuple[date, str | None, Checks]]]:
    def judge(files: Files) -> list[tuple[date, str | None, Checks]]:
        rows = there(files["customers"], "signup_date")
        return [(when, row["segment"] or None, rule(files, row)) for when, row in rows]

    return judge


def _place(found: tuple[date, Row]) -> tuple[bool, date, str]:
    """The order in which rows claim a value: by date and id, those without an id last."""
    when, row = found
    return not row["customer_id"], when, row["customer_id"]


def _first_rows(
    rows: Iterable[Row], column: str, key: Callable[[str], str | None]
) -> dict[str | None, Row]:
    found: dict[str | None, Row] = {}
    for row in rows:
        value = key(row[column])
        if value is not None:
            found.setdefault(value, row)
    return found


def uniqueness(files: Files) -> list[tuple[date, str | None, Checks]]:
    rows = there(files["customers"], "signup_date")
    ends = {id(row): day(row["churn_date"]) or date.max for _, row in rows}
    repeated = set()
    latest: dict[str, date] = {}
    for _, row in sorted(rows, key=lambda found: (found[0], ends[id(found[1])])):
        name, end, start = row["customer_id"], ends[id(row)], day(row["signup_date"])
        if name in latest and not (start and latest[name] <= start < end):
            repeated.add(id(row))
        latest[name] = max(latest.get(name, date.min), end)
    judged = []
    first = {
        column: _first_rows([row for _, row in sorted(rows, key=_place)], column, key)
        for column, key in (("email", email_key), ("phone", phone_key))
    }
    for when, row in rows:
        name = row["customer_id"]
        checks: Checks = {"customer_id": (bool(name), id(row) not in repeated)}
        for column, key in (("email", email_key), ("phone", phone_key)):
            value = key(row[column])
            owner = first[column].get(value)
            right = owner is row or (
                owner is not None and bool(name) and owner["customer_id"] == name
            )
            checks[column] = value is not None, right
        judged.append((when, row["segment"] or None, checks))
    return judged


def consistency(files: Files) -> list[tuple[date, str | None, Checks]]:
    rows = there(files["customers"], "signup_date")
    addresses: dict[str, str] = {}
    for _, row in sorted(rows, key=lambda f: (f[0], email_key(f[1]["email"]) or "")):
        value = email_key(row["email"])
        if value is not None:
            addresses.setdefault(row["customer_id"], value)
    judged = []
    for when, row in rows:
        start, end, name = day(row["signup_date"]), day(row["churn_date"]), row["customer_id"]
        value = email_key(row["email"])
        checks = {
            "signup_date_to_churn_date": (
                start is not None and end is not None,
                start is not None and end is not None and end >= start,
            ),
            "one_email": (bool(name) and value is not None, addresses.get(name) == value),
        }
        judged.append((when, row["segment"] or None, checks))
    known = {row["customer_id"] for _, row in rows}
    segment = segment_of_buyer(files)
    for when, row in there(files["transactions"], "date"):
        name = row["customer_id"]
        judged.append(
            (when, segment(row), {"transactions.customer_id": (bool(name), name in known)})
        )
    return judged


DIMENSIONS = {
    "completeness": by_row(completeness),
    "validity": by_row(validity),
    "uniqueness": uniqueness,
    "consistency": consistency,
    "timeliness": by_row(timeliness),
}


def tally(
    judged: Iterable[tuple[date, str | None, Checks]], until: date, segment: tuple[str | None, ...]
) -> Tally:
    """What had been there before `until`, of one segment or () of all."""
    found = Tally()
    for when, mine, checks in judged:
        if when < until and (not segment or segment == (mine,)):
            found.add(checks)
    return found
