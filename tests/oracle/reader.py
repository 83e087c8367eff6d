"""Files on disk read once more, in plain Python: csv, decimal, datetime, and nothing else.

Written from the contract alone and sharing no code with the program's loader. It is told how
the files are written (`Way`), where the program has to find out; what it then makes of every
record it decides by itself: a typed row, a reject with its reason, or one of the others that
an account knows.

    found = read("transactions", paths, way, zone, as_of)
    found.rows, found.rejected, found.duplicates, found.future, found.skipped
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]

KINDS: dict[str, dict[str, str]] = {
    "customers": {"customer_id": "id", "signup_date": "date", "churn_date": "date"},
    "transactions": {"customer_id": "id", "date": "date", "amount": "money", "kind": "kind"},
    "subscriptions": {
        "customer_id": "id",
        "start_date": "date",
        "amount": "money",
        "subscription_id": "id",
        "end_date": "date",
        "interval": "interval",
        "interval_count": "count",
        "quantity": "count",
        "trial_end": "date",
        "due_date": "date",
        "renewed_at": "date",
    },
    "surveys": {
        "score": "score",
        "answered_at": "time",
        "survey": "survey",
        "response_id": "id",
        "sent_at": "time",
    },
    "tickets": {
        "ticket_id": "id",
        "created_at": "time",
        "first_reply_at": "time",
        "first_solved_at": "time",
        "solved_at": "time",
        "agent_replies": "count",
        "reopens": "count",
    },
    "leads": {
        "lead_id": "id",
        "created_at": "time",
        "converted_at": "time",
        "converted": "flag",
    },
    "opportunities": {
        "opportunity_id": "id",
        "created_at": "time",
        "closed_at": "time",
        "outcome": "outcome",
        "amount": "money",
        "probability": "share",
        "expected_close": "date",
    },
    "stage_changes": {"opportunity_id": "id", "stage": "text", "entered_at": "time"},
    "interactions": {"occurred_at": "time"},
    "costs": {"date": "date", "amount": "money", "kind": "cost"},
}
"""The columns that are more than text."""

REQUIRED = {
    "customers": ("customer_id", "signup_date"),
    "transactions": ("date", "amount"),
    "subscriptions": ("customer_id", "start_date", "amount"),
    "surveys": (),
    "tickets": ("ticket_id", "created_at"),
    "leads": ("lead_id", "created_at"),
    "opportunities": ("opportunity_id",),
    "stage_changes": ("opportunity_id", "stage", "entered_at"),
    "interactions": ("occurred_at",),
    "costs": ("date", "amount"),
}
"""What may not be blank in any row."""

ORDERED = {
    "customers": [("signup_date", "churn_date")],
    "subscriptions": [("start_date", "end_date")],
    "surveys": [("sent_at", "answered_at")],
    "tickets": [
        *(("created_at", name) for name in ("first_reply_at", "first_solved_at", "solved_at")),
        ("first_solved_at", "solved_at"),
    ],
    "leads": [("created_at", "converted_at")],
    "opportunities": [("created_at", "closed_at")],
}
AT = {
    "customers": "signup_date",
    "transactions": "date",
    "subscriptions": "start_date",
    "surveys": "answered_at",
    "stage_changes": "entered_at",
    "interactions": "occurred_at",
    "costs": "date",
}
"""The column that dates a row; created_at of the others."""

IDS = {
    "customers": "customer_id",
    "subscriptions": "subscription_id",
    "surveys": "response_id",
    "tickets": "ticket_id",
    "leads": "lead_id",
    "opportunities": "opportunity_id",
}
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "sale": ("sale", "Sale", "Bán hàng"),
        "refund": ("refund", "Refunded", "Trả hàng"),
        "upsell": ("upsell", "Bán thêm"),
        "cross_sell": ("cross_sell", "Cross-sell", "Bán chéo"),
        "renewal": ("renewal", "Gia hạn"),
    },
    "interval": {
        "day": ("day", "Daily", "ngày"),
        "week": ("week", "Tuần"),
        "month": ("month", "Monthly", "hàng tháng"),
        "quarter": ("quarter", "Quý"),
        "year": ("year", "YEARLY", "năm"),
    },
    "survey": {"nps": ("nps", "NPS"), "csat": ("csat", "Hài lòng"), "ces": ("ces", "Effort")},
    "outcome": {
        "won": ("won", "Closed Won", "Thắng"),
        "lost": ("lost", "Closed Lost", "Thua"),
        "open": ("open", "In progress", "Đang mở"),
    },
    "cost": {
        "acquisition": ("acquisition", "Marketing", "Quảng cáo"),
        "retention": ("retention", "Giữ chân"),
        "service": ("service", "Support", "Hỗ trợ"),
    },
    "flag": {"yes": ("yes", "TRUE", "Có", "1"), "no": ("no", "FALSE", "Không", "0")},
}
"""Per kind of column: our word and how files write it."""

MISSING = {"", "-", "n/a", "na", "null", "none", "#n/a"}
"""In columns of dates and numbers; in others only the empty cell is missing."""

NUMBERS = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" ", ","),
    "1234.56": ("", "."),
    "1234,56": ("", ","),
}


@dataclass(frozen=True)
class Way:
    """How the files of one table are written."""

    delimiter: str = ","
    eol: str = "\n"
    quoting: Any = csv.QUOTE_MINIMAL
    encoding: str = "utf-8"
    packed: bool = False
    day: str = "%Y-%m-%d"
    clock: str = "T%H:%M:%S%z"
    numbers: str = "1234.56"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Theirs: ours, where they differ."""
    titles: Sequence[str] = ()
    """Lines above the header."""
    footers: int = 0
    """Records below the table."""


Place = tuple[str, int]
"""File and line."""

Typed = tuple[Place, Row, Mapping[str, str]]
"""A row with typed values, and the texts that they were."""


class Reject(Exception):
    pass


@dataclass
class Found:
    rows: list[Row] = field(default_factory=list)
    rejected: dict[Place, str] = field(default_factory=dict)
    """Where: why."""
    records: int = 0
    duplicates: int = 0
    future: int = 0
    skipped: int = 0


def read(table: str, paths: Sequence[Path], way: Way, zone: tzinfo, as_of: date) -> Found:
    """All files of one table, in the order in which they are given."""
    found = Found()
    typed: list[Typed] = []
    for path in paths:
        typed += _read_file(table, path, way, zone, found)
    _scale(table, typed, found)
    seen: dict[Any, list[Mapping[str, str]]] = {}
    places: list[Place] = []
    for place, row, cells in typed:
        if _day(row.get(AT.get(table, "created_at")), zone) > as_of:
            found.future += 1
            continue
        try:
            _check(table, row)
        except Reject as reason:
            found.rejected[place] = str(reason)
            continue
        key = _key(table, row, cells)
        before = [] if key is None else seen.setdefault(key, [])
        if cells in before:
            found.duplicates += 1
        elif before:
            found.rejected[place] = "same id with other content"
        else:
            found.rows.append(row)
            places.append(place)
        before.append(cells)
    if table == "customers":
        _reject_overlaps(found, places)
    return found


def _read_file(table: str, path: Path, way: Way, zone: tzinfo, found: Found) -> Iterator[Typed]:
    """The rows of one file whose cells can be read; the other records are counted."""
    (_, header), *records = _records(path, way)
    headers = [way.headers.get(cell.strip(), cell.strip()) for cell in header]
    found.skipped += len(way.titles) + way.footers
    for line, cells in records[: len(records) - way.footers]:
        if not "".join(cells).strip() or cells == header:
            found.skipped += 1
            continue
        found.records += 1
        try:
            yield (
                (path.name, line),
                _typed(table, headers, cells, way, zone),
                _named(headers, cells),
            )
        except Reject as reason:
            found.rejected[path.name, line] = str(reason)


def _day(moment: date | datetime | None, zone: tzinfo) -> date:
    """The local day; the first of all days for a blank."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone).date()
    return moment or date.min


def _reject_overlaps(found: Found, places: Sequence[Place]) -> None:
    """A customer may come back, but not before having left: later stays are then rejected."""
    ends: dict[str, date] = {}
    order = sorted(range(len(places)), key=lambda i: (found.rows[i]["signup_date"], i))
    for i in order:
        row = found.rows[i]
        start, end = row["signup_date"], row["churn_date"] or date.max
        if start == end:
            continue
        if start < ends.get(row["customer_id"], date.min):
            found.rejected[places[i]] = "same id with other content"
        ends[row["customer_id"]] = max(end, ends.get(row["customer_id"], date.min))
    found.rows = [
        row for row, at in zip(found.rows, places, strict=True) if at not in found.rejected
    ]


def _records(path: Path, way: Way) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of each record from the header on. An empty line is a record without."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if way.packed else content).decode(way.encoding)
    lines = text.removeprefix("\ufeff").split(end := "\r" if way.eol == "\r" else "\n")
    reader = csv.reader(
        (line + end for line in lines[len(way.titles) : -1]), delimiter=way.delimiter, strict=True
    )
    line = len(way.titles) + 1
    for cells in reader:
        yield line, cells
        line = len(way.titles) + reader.line_num + 1


def _typed(table: str, headers: Sequence[str], cells: Sequence[str], way: Way, zone: tzinfo) -> Row:
    if len(cells) != len(headers):
        raise Reject("too few fields" if len(cells) < len(headers) else "too many fields")
    named = _named(headers, cells)
    typed: Row = {}
    for name, kind in KINDS[table].items():
        if name in named:
            typed[name] = _cell(kind, named.pop(name).strip(), way, zone)
    for name, cell in named.items():
        typed[name] = cell.strip() or None
    if table == "transactions" and typed.get("kind") == "refund" and typed["amount"] is not None:
        typed["amount"] = -abs(typed["amount"])
    return typed


def _named(headers: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by column. One without a name counts the records, and is none of them."""
    return {name: cell for name, cell in zip(headers, cells, strict=True) if name}


def _cell(kind: str, cell: str, way: Way, zone: tzinfo) -> Any:
    if kind in ("id", "text"):
        return cell or None
    if kind in WORDS:
        words = {w.casefold(): ours for ours, all_ in WORDS[kind].items() for w in all_}
        if not cell:
            return None
        if cell.casefold() not in words:
            raise Reject("not yes or no" if kind == "flag" else "unknown word")
        word = words[cell.casefold()]
        return word == "yes" if kind == "flag" else word
    if cell.casefold() in MISSING:
        return None
    if kind in ("date", "time"):
        return _moment(kind, cell, way, zone)
    return _number(kind, cell, way)


def _moment(kind: str, cell: str, way: Way, zone: tzinfo) -> date | datetime:
    try:
        if kind == "date":
            return datetime.strptime(cell, way.day).date()
        moment = datetime.strptime(cell, way.day + way.clock)
    except ValueError:
        raise Reject("not a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _number(kind: str, cell: str, way: Way) -> Decimal | int:
    group, mark = NUMBERS[way.numbers]
    whole = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
    if not re.fullmatch(rf"-?(?:{whole})(?:{re.escape(mark)}[0-9]+)?", cell):
        raise Reject("not a number")
    number = Decimal((cell.replace(group, "") if group else cell).replace(mark, "."))
    if kind == "share":
        return number
    if kind == "money":
        if number != round(number, 4):
            raise Reject("more than 4 decimals")
        return number
    if number != int(number):
        raise Reject("fractional score" if kind == "score" else "not a whole number")
    if kind == "count" and number < 0:
        raise Reject("negative count")
    return int(number)


def _scale(table: str, typed: list[Typed], found: Found) -> None:
    """Probabilities become shares: in percent all of them when one is above 1."""
    if table != "opportunities":
        return
    given = [row["probability"] for _, row, _ in typed if row["probability"] is not None]
    top = 100 if any(number > 1 for number in given) else 1
    for entry in list(typed):
        place, row, _ = entry
        if row["probability"] is not None:
            row["probability"] /= top
            if not 0 <= row["probability"] <= 1:
                found.rejected[place] = "probability out of range"
                typed.remove(entry)


def _check(table: str, row: Row) -> None:
    """What must hold within a row."""
    for name in REQUIRED[table]:
        if row[name] is None:
            raise Reject("blank required value")
    if table == "surveys" and row["score"] is not None:
        if row["answered_at"] is None:
            raise Reject("blank required value")
        low, high = SCALES.get(row["survey"], (row["score"], row["score"]))
        if not low <= row["score"] <= high:
            raise Reject("score out of range")
    for start, end in ORDERED.get(table, ()):
        if row.get(start) is not None and row.get(end) is not None and row[end] < row[start]:
            raise Reject("end before start")
    if table == "subscriptions" and row["amount"] < 0:
        raise Reject("negative subscription amount")
    if row.get("interval", "") is None:
        raise Reject("blank required value")
    if table == "opportunities" and row["outcome"] in ("won", "lost") and row["closed_at"] is None:
        raise Reject("won or lost without closed_at")


def _key(table: str, row: Row, cells: Mapping[str, str]) -> Any:
    """What two rows may not share unless they are equal; None where they may.

    The stays of a customer are apart in time, and so are no second claim on the id.
    """
    if table not in IDS or row.get(IDS[table]) is None:
        return None
    if table == "customers":
        return tuple(cells.values())
    return row[IDS[table]], row.get("survey")
