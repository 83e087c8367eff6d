"""Typed rows become files as people have them: in any dialect, with rows that are none.

    ways, found = write(dataset, folder, random)

Each table is written in a way of its own, into one to three files. Between its rows stand
faulty ones, each with one fault; title lines above, a total below, blank lines, repeated
headers, an index, and columns that nobody asked for.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from .data import Dataset
from .reader import AT, IDS, KINDS, NUMBERS, REQUIRED, WORDS, Row, Way

DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y")
CLOCKS = ("T%H:%M:%S%z", " %H:%M:%S %z", " %H:%M:%S%z")
LOCAL_CLOCKS = (" %H:%M:%S", "T%H:%M:%S", " %I:%M:%S %p")
STILL = ("UTC", "Asia/Ho_Chi_Minh")
"""Zones whose clocks are never changed, so that a local time says which moment it is."""

NAMES = {
    "customers": {"customer_id": "Mã khách hàng", "signup_date": "Ngày đăng ký"},
    "transactions": {"customer_id": "Mã KH", "date": "Ngày mua", "amount": "Thành tiền"},
    "subscriptions": {"start_date": "Ngày bắt đầu", "end_date": "Ngày kết thúc", "plan": "Gói"},
    "surveys": {"score": "Điểm", "answered_at": "Dấu thời gian"},
    "tickets": {"ticket_id": "Ticket No.", "created_at": "Opened at"},
    "leads": {"lead_id": "Mã lead", "created_at": "Ngày tạo"},
    "opportunities": {"opportunity_id": "Deal ID", "closed_at": "Close Date"},
    "costs": {"amount": "Số tiền"},
}
TITLES = (
    (),
    (),
    ("Report of the year",),
    ("BÁO CÁO", "Từ ngày 01/01/2023 đến ngày 31/12/2024", ""),
)
NOTES = ("", "plain", 'said "no", twice', "one\ntwo", "a;b|c\td", "Tổng cộng")

Cells = list[str]


def way_of(random: Random, table: str, columns: Sequence[str], zone: str) -> Way:
    clocks = (*CLOCKS, *LOCAL_CLOCKS) if zone in STILL else CLOCKS
    known = NAMES.get(table, {})
    style = random.choice(("own", "theirs", "capitals"))
    names = {
        "own": {},
        "theirs": {theirs: ours for ours, theirs in known.items() if ours in columns},
        "capitals": {name.upper().replace("_", " "): name for name in columns},
    }[style]
    titles = random.choice(TITLES)
    # A file of CR alone has no title lines: its lines would be one for most readers.
    eol = random.choice(("\n", "\r\n") if titles else ("\n", "\n", "\r\n", "\r"))
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    return Way(
        delimiter=random.choice(",;\t|"),
        eol=eol,
        # The csv module leaves an LF bare where lines end in CR.
        quoting=csv.QUOTE_ALL if eol == "\r" else quoting,
        encoding=random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16")),
        packed=random.random() < 0.2,
        day=random.choice(DAYS),
        clock=random.choice(clocks),
        numbers=random.choice(tuple(NUMBERS)),
        headers=names,
        titles=titles,
    )


def write_table(
    table: str,
    rows: Sequence[Row],
    folder: Path,
    zone: str,
    as_of: date,
    random: Random,
    at: tzinfo,
) -> tuple[list[Path], Way]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    way = way_of(random, table, columns, zone)
    lines = [_texts(table, row, columns, way, random, at) for row in rows]
    sound = [
        cells
        for cells, row in zip(lines, rows, strict=True)
        if row.get("probability") is None  # some of them are odds beyond all odds
    ]
    indexed = random.random() < 0.2
    for fault in FAULTS:
        if indexed and fault is _twice:
            continue  # whether two rows are equal that only their numbers tell apart is a question
        for _ in range(random.choice((0, 0, 1, 2))):
            spoilt = fault(table, columns, list(random.choice(sound)), way, random)
            if spoilt is not None:
                lines.insert(random.randint(0, len(lines)), spoilt)
    if random.random() < 0.5:
        columns = [*columns, "Notes"]
        for cells in lines:
            # The same for equal rows, which stay equal.
            cells.append(NOTES[crc32("".join(cells).encode()) % len(NOTES)])
    theirs = {ours: name for name, ours in way.headers.items()}
    header = [theirs.get(name, name) for name in columns]
    if indexed:
        header = ["", *header]
    total = KINDS[table].get("amount") == "money" and random.random() < 0.3
    if total and header[0]:
        way = replace(way, footers=1)
    paths = []
    for i, part in enumerate(_parts(table, columns, lines, random)):
        suffix = ".csv.gz" if way.packed else ".csv"
        path = folder / f"{table}-{i}{suffix}"
        if indexed:
            part = [[str(number), *cells] for number, cells in enumerate(part)]
        part = [header, *_between(part, header, random)]
        if way.footers:
            part.append(["Total", *([""] * (len(header) - 1))])
        path.write_bytes(_bytes(part, way))
        paths.append(path)
    return paths, way


def _parts(
    table: str, columns: Sequence[str], lines: Sequence[Cells], random: Random
) -> list[list[Cells]]:
    """The lines in files. Those of one id stand in one: of two files the newer one would tell."""
    count = random.choice((1, 1, 2, 3))
    if len(lines) <= count:
        return [list(lines)]
    bounds = [0, *sorted(random.sample(range(1, len(lines)), count - 1)), len(lines)]
    parts: list[list[Cells]] = [[] for _ in range(count)]
    of_id: dict[str, int] = {}
    key = columns.index(IDS[table]) if table in IDS else None
    for i, (start, end) in enumerate(pairwise(bounds)):
        for cells in lines[start:end]:
            name = cells[key] if key is not None and key < len(cells) else ""
            parts[of_id.setdefault(name, i) if name else i].append(cells)
    return [part for part in parts if part]


def write_texts(
    tables: Mapping[str, Sequence[Mapping[str, str]]], folder: Path, random: Random
) -> dict[str, str]:
    """Rows that are text already, faults and all, in any dialect: the path of each table."""
    paths = {}
    for table, rows in tables.items():
        way = way_of(random, table, list(rows[0]), "UTC")
        theirs = {ours: name for name, ours in way.headers.items()}
        header = [theirs.get(name, name) for name in rows[0]]
        path = folder / f"{table}.csv"
        path.write_bytes(_bytes([header, *(list(row.values()) for row in rows)], way))
        paths[table] = str(path)
    return paths


def _bytes(records: Sequence[Cells], way: Way) -> bytes:
    text = io.StringIO(newline="")
    text.writelines(f"{title}{way.eol}" for title in way.titles)
    writer = csv.writer(text, delimiter=way.delimiter, lineterminator=way.eol, quoting=way.quoting)
    writer.writerows(records)
    content = text.getvalue().encode(way.encoding)
    return gzip.compress(content, mtime=0) if way.packed else content


def _between(lines: Sequence[Cells], header: Cells, random: Random) -> list[Cells]:
    """The records, and between some of them a blank one or the header once more."""
    found: list[Cells] = []
    for cells in lines:
        if random.random() < 0.02:
            found.append(random.choice(([""] * len(header), header)))
        found.append(cells)
    return found


def _texts(
    table: str, row: Row, columns: Sequence[str], way: Way, random: Random, at: tzinfo
) -> Cells:
    kinds = KINDS[table]
    return [_text(kinds.get(name, "text"), row.get(name), way, random, at) for name in columns]


def _text(kind: str, value: Any, way: Way, random: Random, at: tzinfo) -> str:
    if value is None:
        typed = kind in ("date", "time", "money", "count", "share")
        return random.choice(("", "", "-", "N/A")) if typed else ""
    if kind == "flag":
        return random.choice(WORDS[kind]["yes" if value else "no"])
    if kind in WORDS:
        return random.choice(WORDS[kind][value])
    if kind == "date":
        return str(value.strftime(way.day))
    if kind == "time":
        moment = value if "%z" in way.clock else value.astimezone(at)
        return str(moment.strftime(way.day + way.clock))
    if kind in ("money", "share"):
        return _number(Decimal(str(value)), way)
    return str(value)


def _number(number: Decimal, way: Way) -> str:
    group, mark = NUMBERS[way.numbers]
    text = f"{number:,}".replace(",", "G").replace(".", mark)
    return text.replace("G", group)


Fault = Callable[[str, Sequence[str], Cells, Way, Random], Cells | None]


def _one(random: Random, table: str, columns: Sequence[str], *kinds: str) -> int | None:
    """The place of a column of one of these kinds."""
    found = [i for i, name in enumerate(columns) if KINDS[table].get(name) in kinds]
    return random.choice(found) if found else None


def _short(table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random) -> Cells:
    return cells[:-1]


def _long(table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random) -> Cells:
    return [*cells, "x"]


def _blank(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    if not REQUIRED[table]:
        return None
    cells[columns.index(random.choice(REQUIRED[table]))] = random.choice(("", " "))
    return cells


def _no_date(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    place = _one(random, table, columns, "date", "time")
    if place is None:
        return None
    last = date(2023, 4, 30).strftime(way.day)
    kind = KINDS[table][columns[place]]
    never = last.replace("30", "31") + (
        datetime(2023, 4, 30).strftime(" %H:%M:%S") if kind == "time" else ""
    )
    cells[place] = random.choice((never, "soon", "2023", "32/13/2023", "45322"))
    return cells


def _no_number(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    place = _one(random, table, columns, "money", "count", "score")
    if place is None:
        return None
    cells[place] = random.choice(
        ("NaN", "inf", "1e309", "1e5e5", "five", "--5", "0x10", "#REF!", "5%")
    )
    return cells


def _too_precise(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    place = _one(random, table, columns, "money")
    if place is None:
        return None
    cells[place] = f"1{NUMBERS[way.numbers][1]}23456"
    return cells


def _fraction(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    place = _one(random, table, columns, "count", "score")
    if place is None:
        return None
    cells[place] = f"1{NUMBERS[way.numbers][1]}5"
    return cells


def _no_word(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    place = _one(random, table, columns, *WORDS)
    if place is None:
        return None
    cells[place] = "quiz"
    return cells


def _too_high(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    if table != "surveys":
        return None
    cells[columns.index("score")] = random.choice(("11", "-1"))
    return cells


def _ends_early(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    ends = {"customers": ("signup_date", "churn_date"), "subscriptions": ("start_date", "end_date")}
    if table not in ends:
        return None
    start, end = (columns.index(name) for name in ends[table])
    day = datetime.strptime(cells[start], way.day) if cells[start].strip("-N/A") else None
    if day is None:
        return None
    cells[end] = (day - timedelta(days=1)).strftime(way.day)
    return cells


def _negative(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    if table != "subscriptions":
        return None
    cells[columns.index("amount")] = "-1"
    return cells


def _twice(table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random) -> Cells:
    return cells


def _other_content(
    table: str, columns: Sequence[str], cells: Cells, way: Way, random: Random
) -> Cells | None:
    if table not in IDS or table == "customers":
        return None
    free = [
        i for i, name in enumerate(columns) if name not in KINDS[table] and name != AT.get(table)
    ]
    cells[random.choice(free)] = "another"
    return cells


FAULTS: tuple[Fault, ...] = (
    *(_short, _long, _blank, _no_date, _no_number, _too_precise, _fraction, _no_word),
    *(_too_high, _ends_early, _negative, _twice, _other_content),
)


def tells(table: str, rows: Sequence[Row], way: Way, zone: tzinfo) -> bool:
    """Whether every column of days and times shows by itself which number is the day."""
    if way.day.startswith("%Y") or "." in way.day:
        return True
    for name, kind in KINDS[table].items():
        days = [row[name] for row in rows if row.get(name) is not None]
        if kind == "time" and "%z" not in way.clock:
            days = [moment.astimezone(zone) for moment in days]
        if kind in ("date", "time") and days and all(day.day <= 12 for day in days):
            return False
    return True


def write(dataset: Dataset, folder: Path, random: Random) -> Mapping[str, tuple[list[Path], Way]]:
    """Every table of the dataset as files in `folder`."""
    return {
        table: write_table(
            table, rows, folder, dataset.timezone, dataset.as_of, random, dataset.zone
        )
        for table, rows in dataset.tables.items()
        if rows
    }
