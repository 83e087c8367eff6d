"""One polluted byte in a valid file is harmless or flagged, never a wrong number in silence.

Flagged: an error, or an account that says more than the clean file's: a rejected, skipped
or dropped row, another note, another column. Without a flag every cell must read as before,
but for the one cell that the byte fell into, and there the byte must be lawful content: the
cell then reads as exactly what it now says. A changed digit in an amount gives another
amount, which no reader can know; anything that is not of the column's alphabet, and
anything that moves a field or a record, must show.

The cells of the polluted file are found here once more, letter by letter.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from crm_kpi.errors import CrmKpiError
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read

EXAMPLES = int(os.environ.get("CRM_KPI_EXAMPLES", "60"))
STEP = 1 if EXAMPLES > 1000 else 11
"""Of the places of a file that are tried one after the other; all of them take minutes."""
QUIET = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ROWS = [
    ("A-17", "2024-01-31", "1250.50", "Trà sữa", "sale"),
    ("B 2", "2023-12-05", "-7.25", 'size 5"', "refund"),
    ("007", "2024-02-29", "100.00", "tea, green", "sale"),
    ("", "2024-03-10", "0.01", "", "renewal"),
    ("Ánh", "2022-11-11", "33.10", "two\nlines", "sale"),
    ("7", "2024-06-30", "2000000.00", "x;y|z", "upsell"),
]
COLUMNS = ("customer_id", "date", "amount", "product", "kind")
KINDS = {"sale", "refund", "upsell", "renewal"}


@dataclass(frozen=True)
class Way:
    """How the clean file is written."""

    delimiter: str
    eol: str
    quoting: Any
    encoding: str = "utf-8"

    def write(self) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.eol, quoting=self.quoting
        )
        writer.writerows([COLUMNS, *ROWS])
        return text.getvalue().encode(self.encoding)

    def cells(self, content: bytes) -> list[list[str]]:
        """Every field of every record, header included; blank records are left out.

        Letter by letter, as the csv module ends a record at any CR or LF, whereas a file
        has one line end. Raises ValueError for a quotation mark where none can stand.
        """
        text = content.decode(self.encoding).removeprefix("\ufeff")
        end = "\r" if self.eol == "\r" else "\n"
        rows, row, cell = [], [], ""
        state = "start"  # of a field, then bare, quoted, or closed
        for letter in text.removesuffix(end) + end:
            if state == "quoted":
                state, cell = ("closed", cell) if letter == '"' else (state, cell + letter)
            elif letter in (self.delimiter, end):
                row.append(cell)
                cell, state = "", "start"
                if letter == end:
                    rows.append(row)
                    row = []
            elif letter == '"':
                if state == "bare":
                    raise ValueError(rows)
                cell, state = (cell + '"' if state == "closed" else ""), "quoted"
            elif state == "closed" and letter != "\r":
                raise ValueError(rows)
            elif state != "closed":
                cell, state = cell + letter, "bare"
        if state != "start":
            raise ValueError(rows)
        return [row for row in rows if "".join(row).strip()]


WAYS = {
    "comma": Way(",", "\n", csv.QUOTE_MINIMAL),
    "semicolon": Way(";", "\r\n", csv.QUOTE_ALL),
    "tab": Way("\t", "\r\n", csv.QUOTE_MINIMAL),
    "pipe": Way("|", "\r", csv.QUOTE_MINIMAL),
    "utf-16": Way(",", "\n", csv.QUOTE_MINIMAL, "utf-16"),
}
SEQUENCES = [
    *(b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b" ", b".", b"-", b"e"),
    *(b"\xff", b"\x80", b"\xc2", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe"),
    *("\u0085".encode(), "\u0092".encode(), "\u00a0".encode(), "\u2028".encode()),
    *("\u200b".encode(), "٣".encode(), "５".encode(), b"\x1a", b"\x1b", b"\\", b"#", b"="),
]
BYTES = st.sampled_from(SEQUENCES) | st.integers(0, 255).map(lambda byte: bytes([byte]))
ACTS = st.sampled_from(["insert", "replace", "delete"])


def pollute(content: bytes, place: int, act: str, polluting: bytes) -> bytes:
    before, after = content[:place], content[place:]
    if act == "insert":
        return before + polluting + after
    return before + (polluting if act == "replace" else b"") + after[1:]


def audit(loaded: LoadedTable) -> dict[str, Any]:
    """What is said of the rows, but for what always changes with the bytes."""
    found = loaded.audit
    return {
        "rejected": found.rejected,
        "skipped": found.skipped,
        "duplicates": found.duplicates,
        "excluded": found.excluded,
        "future": found.future,
        "notes": found.notes,
        "meaning": found.meaning,
        "columns": found.columns,
        "currency": loaded.currency,
    }


def rows_of(loaded: LoadedTable) -> list[tuple[Any, ...]]:
    return loaded.frame.select(COLUMNS).rows()


def load(content: bytes, path: str = "t.csv") -> LoadedTable:
    return read(
        "transactions", content, path, texts={"transactions": frozenset({"product"})}
    )  # fmt: skip


BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\x1c\x1d\x1e\x1f")
"""What Unicode calls white space; Python adds four control characters of C0 to it."""


def meaning(column: str, cell: str) -> Any:
    """What a lawful cell says; raises ValueError for a cell that is not of its column."""
    cell = cell.strip(BLANKS)
    if column == "date":
        found = re.fullmatch("([1-9][0-9]{3})-([0-9]{1,2})-([0-9]{1,2})", cell)
        if found is None:
            raise ValueError(cell)
        return date(*map(int, found.groups()))
    if column == "amount":
        # Blanks and apostrophes may part thousands, and a blank may follow the sign.
        blanks = " ,'\u00a0\u202f\u2009"
        grouped = re.fullmatch(rf"[-+]?[0-9]{{1,3}}([{blanks}][0-9]{{3}})+(\.[0-9]+)?", cell)
        if grouped:
            cell = "".join(letter for letter in cell if letter in "-+.0123456789")
        cell = re.sub(r"^([-+])[ \u00a0\u202f\u2009]", r"\1", cell)
        if not re.fullmatch(r"[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)", cell):
            raise ValueError(cell)
        return Decimal(cell)
    if column == "kind":
        word = re.sub(r"[\W_]", "", cell.casefold())
        if word and word not in KINDS:
            raise ValueError(cell)
        return word or None
    return cell or None


@cache
def clean(way: Way) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    loaded = load(way.write())
    return audit(loaded), rows_of(loaded)


def judge(way: Way, polluted: bytes) -> None:
    said, before = clean(way)
    try:
        loaded = load(polluted)
    except CrmKpiError:
        return
    assert loaded.audit.balanced
    if audit(loaded) != said:
        return
    after = rows_of(loaded)
    if after == before:
        return
    written = way.cells(polluted)[1:]  # a file that reads without a flag is a CSV to others, too
    assert len(after) == len(before) == len(written), (before, after)
    changed = [
        (row, column)
        for row, (old, new) in enumerate(zip(before, after, strict=True))
        for column, a, b in zip(COLUMNS, old, new, strict=True)
        if a != b
    ]
    assert len(changed) == 1, changed
    [(row, column)] = changed
    value = after[row][COLUMNS.index(column)]
    cell = written[row][COLUMNS.index(column)]
    expected = meaning(column, cell)
    # A refund is negative, whichever sign it has in the file.
    if column == "amount" and after[row][COLUMNS.index("kind")] == "refund":
        value, expected = abs(value), abs(expected)
    assert value == expected, (cell, value)


@pytest.mark.parametrize("name", list(WAYS))
def test_the_clean_file_is_clean(name: str) -> None:
    loaded = load(WAYS[name].write())
    assert [(i or "", d.isoformat(), str(a)[:-2], p or "", k) for i, d, a, p, k in rows_of(loaded)
            ] == ROWS  # fmt: skip
    assert loaded.audit.rejected == loaded.audit.skipped == 0


@pytest.mark.parametrize("name", list(WAYS))
@QUIET
@given(place=st.integers(0, 10_000), act=ACTS, polluting=BYTES)
def test_one_polluted_byte(name: str, place: int, act: str, polluting: bytes) -> None:
    content = WAYS[name].write()
    judge(WAYS[name], pollute(content, place % (len(content) + 1), act, polluting))


@pytest.mark.parametrize("polluting", [b'"', b"\n", b"\r", b",", b"\0", b"\xff"], ids=repr)
def test_structural_bytes_everywhere(polluting: bytes) -> None:
    """All over the file, put in and put over."""
    way = WAYS["comma"]
    content = way.write()
    for place in range(0, len(content) + 1, STEP):
        for act in ("insert", "replace"):
            judge(way, pollute(content, place, act, polluting))


def test_bytes_left_out_everywhere() -> None:
    for way in (WAYS["comma"], WAYS["semicolon"]):
        content = way.write()
        for place in range(0, len(content), STEP):
            judge(way, pollute(content, place, "delete", b""))


@QUIET
@given(place=st.integers(0, 10_000), act=ACTS, polluting=BYTES)
@example(place=0, act="delete", polluting=b"")
def test_one_polluted_byte_of_a_packed_file(place: int, act: str, polluting: bytes) -> None:
    """Its checksum tells: the rows are the same, or the file is refused."""
    content = gzip.compress(WAYS["comma"].write(), mtime=0)
    polluted = pollute(content, place % (len(content) + 1), act, polluting)
    try:
        loaded = load(polluted, "t.csv.gz")
    except CrmKpiError:
        return
    assert rows_of(loaded) == clean(WAYS["comma"])[1]


def test_a_misread_cell_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the property is worth: a reader that drops a record without a word fails it."""
    way = WAYS["comma"]
    original = load
    clean(way)

    def careless(content: bytes, path: str = "t.csv") -> LoadedTable:
        loaded = original(way.write(), path)
        if content != way.write():
            loaded.frame = loaded.frame.head(3)
        return loaded

    monkeypatch.setattr(f"{__name__}.load", careless)
    with pytest.raises(AssertionError):
        judge(way, pollute(way.write(), 60, "insert", b"x"))
