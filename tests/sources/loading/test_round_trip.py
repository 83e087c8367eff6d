"""Any table, written in any supported way and declared so, reads back identical."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, assume, given, settings

from crm_kpi.sources.readers.csv import two_rows
from tests.sources.conftest import AS_OF, read

QUIET = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
         "deadline": None}  # fmt: skip

DAYS = st.dates(date(1900, 3, 1), AS_OF)
AMOUNTS = st.decimals(-(10**12), 10**12, places=4) | st.integers(-5000, 5000).map(Decimal)
NAMES = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), include_characters=' ,;|"\n\t'
    ),
    max_size=12,
).map(str.strip)  # fmt: skip
IDS = NAMES.filter(bool)

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d",
                "%Y%m%d", "excel"]  # fmt: skip
NUMBER_STYLES = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" ", ","),
    "1234.56": ("", "."),
    "1234,56": ("", ","),
}


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    delimiter: str
    eol: str
    quoting: int
    dates: str
    numbers: str
    padded: bool
    encoding: str

    def day(self, day: date) -> str:
        if self.dates == "excel":
            return str((day - date(1899, 12, 30)).days)
        text = day.strftime(self.dates.replace("%Y", f"{day.year:04}"))
        return text if self.padded or "%Y%m" in self.dates else text.replace("/0", "/")

    def number(self, number: Decimal) -> str:
        group, mark = NUMBER_STYLES[self.numbers]
        text = f"{abs(number):,f}".replace(",", "G").replace(".", mark).replace("G", group)
        return f"-{text}" if number < 0 else text

    def write(self, header: list[str], rows: list[list[str]]) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, quoting=self.quoting,
                            lineterminator=self.eol)  # fmt: skip
        writer.writerow(header)
        writer.writerows(rows)
        return text.getvalue().encode(self.encoding)


STYLES = st.builds(
    Style,
    delimiter=st.sampled_from(",;\t|"),
    eol=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    dates=st.sampled_from(DATE_FORMATS),
    numbers=st.sampled_from(list(NUMBER_STYLES)),
    padded=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
SALES = st.lists(st.tuples(IDS, DAYS, AMOUNTS, NAMES, st.sampled_from(["sale", "upsell"])),
                 max_size=12)  # fmt: skip


@settings(max_examples=150, **QUIET)  # type: ignore[arg-type]
@given(rows=SALES, style=STYLES)
def test_transactions(rows: list[tuple[Any, ...]], style: Style) -> None:
    content = style.write(
        ["customer_id", "date", "amount", "product", "kind"],
        [[i, style.day(d), style.number(a), p, k] for i, d, a, p, k in rows],
    )
    loaded = read(
        "transactions", content, walk_in=(), encoding=style.encoding, dates=style.dates,
        numbers=style.numbers, texts={"transactions": frozenset({"product"})},
    )  # fmt: skip
    found = loaded.frame.select("customer_id", "date", "amount", "product", "kind").rows()
    assert found == [(i, d, a, p or None, k) for i, d, a, p, k in rows]
    assert loaded.audit.balanced
    assert loaded.audit.used == loaded.audit.rows == len(rows)


@settings(max_examples=100, **QUIET)  # type: ignore[arg-type]
@given(
    moments=st.lists(st.datetimes(datetime(1970, 1, 2), datetime(2024, 12, 30)), max_size=8),
    date_format=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d"]),
    clock=st.sampled_from([" %H:%M:%S.%f", "T%H:%M:%S.%f", " %H:%M:%S", "T%H:%M", " %I:%M:%S %p",
                           " %I:%M%p", ""]),
    offset=st.sampled_from(["", "Z", "+00:00", " +0000", "+0700", "-03:30", " UTC", "+05"]),
    declared=st.booleans(),
)  # fmt: skip
def test_times(
    moments: list[datetime], date_format: str, clock: str, offset: str, declared: bool
) -> None:
    offset = offset if clock else ""
    lost = {"%f": timedelta(0), "%S": timedelta(seconds=1), "%M": timedelta(minutes=1)}
    grain = next((step for part, step in lost.items() if part in clock), timedelta(days=1))
    expected = [m if not grain else m - (m - datetime(1970, 1, 1)) % grain for m in moments]
    text = "".join(
        f'{i},"{m.strftime(date_format + clock)}{offset}"\n' for i, m in enumerate(expected)
    )
    proof = date(1999, 12, 31).strftime(date_format)
    loaded = read("tickets", f"ticket_id,created_at\n{text}p,{proof}\n",
                  dates=date_format if declared else None)  # fmt: skip
    hours = {"+0700": 7, "-03:30": -3.5, "+05": 5}.get(offset, 0)
    found = loaded.frame["created_at"].to_list()[:-1]
    assert found == [m - timedelta(hours=hours) for m in expected]
    assert loaded.frame["created_at:day"].to_list()[:-1] == [m.date() for m in found]


CELLS = st.sampled_from(
    ["", "A", "B", "007", "2024-01-02", "2024-02-31", "2025-03-04", "13/01/2024", "x", "1.5", "-7",
     "1e3", "N/A", '"q"', '"a""b"', '"l\nm"', " ", "1,5", "refund", "sale", "1.23456"]
)  # fmt: skip


@settings(max_examples=200, **QUIET)  # type: ignore[arg-type]
@given(
    table=st.sampled_from(["customers", "transactions", "tickets", "surveys"]),
    records=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12),
    exclude=st.booleans(),
    duplicates=st.sampled_from([None, "keep", "drop"]),
)
def test_nothing_is_lost_whatever_the_file_holds(
    table: str, records: list[list[str]], exclude: bool, duplicates: str | None
) -> None:
    headers = {
        "customers": "customer_id,signup_date,churn_date,name",
        "transactions": "customer_id,date,amount,kind",
        "tickets": "ticket_id,created_at,solved_at,reopens",
        "surveys": "response_id,answered_at,score,comment",
    }[table]
    first = headers.split(",")[0]
    text = "\n".join([headers, *(",".join(record) for record in records), ""])
    blank = sum(not any(map(str.strip, record)) for record in records)
    # Words below a group of columns, and numbers below them, are the lower half of a header.
    bare = [[cell.strip('"') for cell in record] for record in records]
    assume(not bare or two_rows.joined(headers.split(","), bare[0], bare[1:], bool) is None)
    loaded = read(
        table, text, duplicates=duplicates, dates="%Y-%m-%d", numbers="1234.56",
        exclude={first: ("B",)} if exclude else {},
    )  # fmt: skip
    audit = loaded.audit
    # A first record without id, date or number may explain the header.
    explained = audit.skipped - blank
    assert explained in (0, 1)
    assert audit.rows == len(records) - blank - explained
    assert audit.balanced
    assert audit.used == loaded.frame.height
    assert sum(audit.reasons.values()) == audit.rejected == len(audit.problems)
    assert Counter(p.reason for p in audit.problems) == audit.reasons
    written, line = {}, 2
    for record in records:
        written[line] = ",".join(record)
        line += 1 + written[line].count("\n")
    for problem in audit.problems:
        assert problem.line in written
        if problem.value and not set('\n"') & set(problem.value):
            # Rules between columns show dates and amounts as they were read.
            assert problem.value.split()[0].split(".")[0] in written[problem.line]
