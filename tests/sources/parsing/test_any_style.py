"""Any table, written in any way and declared or not, reads back identical, or is refused.

What is refused must really be open: where the rows prove how the column is written, it is
read. The proof is looked for here once more, in the texts alone.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, assume, given, settings

from crm_kpi.errors import DataError
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import AS_OF, read

EXAMPLES = int(os.environ.get("CRM_KPI_EXAMPLES", "100"))
QUIET = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

DAYS = st.dates(date(1900, 3, 1), AS_OF)
AMOUNTS = st.decimals(-(10**9), 10**9, places=4) | st.integers(-(10**7), 10**7).map(Decimal)
TEXTS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), include_characters=' ,;|"\n\r\t\u00a0'
    ),
    max_size=10,
)

VIETNAMESE = 1
"""Which of the headers below is Vietnamese."""
ORDERS = {"year": "%Y-%m-%d", "day": "%d/%m/%Y", "month": "%m/%d/%Y"}
DAY_FORMATS = [
    *(("year", f) for f in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")),
    *(("day", f) for f in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")),
    *(("month", f) for f in ("%m/%d/%Y", "%m-%d-%Y")),
]
NUMBER_STYLES = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" ", ","),
    "1234.56": ("", "."),
    "1234,56": ("", ","),
}
HEADERS: dict[str, dict[str, Sequence[str]]] = {
    "transactions": {
        "customer_id": ("customer_id", "Mã KH", "CUSTOMER ID"),
        "date": ("date", "Ngày mua", "Order date"),
        "amount": ("amount", "Thành tiền", "Total"),
        "product": ("product", "Sản phẩm", "Lineitem name"),
        "kind": ("kind", "Loại giao dịch", "Transaction Type"),
    },
    "customers": {
        "customer_id": ("customer_id", "Mã khách hàng (*)", "Customer ID"),
        "signup_date": ("signup_date", "Ngày đăng ký", "Created at"),
        "churn_date": ("churn_date", "Ngày hủy", "Cancelled at"),
        "acquisition_cost": ("acquisition_cost", "Chi phí thu hút", "CAC"),
        "segment": ("segment", "Nhóm khách hàng", "Tier"),
    },
    "surveys": {
        "response_id": ("response_id", "Mã phản hồi", "Submission ID"),
        "answered_at": ("answered_at", "Dấu thời gian", "Timestamp"),
        "score": ("score", "Điểm", "Rating"),
        "survey": ("survey", "Khảo sát", "Survey type"),
        "comment": ("comment", "Góp ý", "Feedback"),
    },
}


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    delimiter: str
    eol: str
    quoted: str
    """Which cells are: as few as possible, all, or those at odd places, too."""
    padded: bool
    """Blanks around the cells that are not quoted."""
    order: tuple[str, str]
    short: bool
    """Days and months under ten in one digit."""
    clock: str
    numbers: str
    decimals: int | None
    """Always so many, or as few as the number needs."""
    encoding: str
    names: int
    final_end: bool

    def day(self, day: date) -> str:
        text = day.strftime(self.order[1].replace("%Y", f"{day.year:04}"))
        return re.sub(r"\b0", "", text) if self.short else text

    def moment(self, moment: datetime) -> str:
        return self.day(moment.date()) + moment.strftime(self.clock)

    def number(self, number: Decimal) -> str:
        group, mark = NUMBER_STYLES[self.numbers]
        places = max(self.decimals or 0, -int(number.normalize().as_tuple().exponent))
        text = f"{abs(number):,.{places}f}"
        text = text.replace(",", "G").replace(".", mark).replace("G", group)
        return f"-{text}" if number < 0 else text

    def text(self, text: str) -> str:
        """What of a text this encoding can hold, as it is read: without outer blanks."""
        kept = text.encode(self.encoding, "ignore").decode(self.encoding)
        return unicodedata.normalize("NFC", kept).strip() if self.declares else kept.strip()

    @property
    def declares(self) -> bool:
        return not self.encoding.startswith("utf")

    def write(self, rows: Sequence[Sequence[str]]) -> bytes:
        lines = (
            self.delimiter.join(self._cell(cell, i + j) for j, cell in enumerate(row))
            for i, row in enumerate(rows)
        )
        text = self.eol.join(lines) + self.eol * self.final_end
        return unicodedata.normalize("NFC", text).encode(self.encoding) if self.declares else (
            text.encode(self.encoding)
        )  # fmt: skip

    def _cell(self, text: str, place: int) -> str:
        must = set(text) & {self.delimiter, '"', "\n", "\r"}
        if must or self.quoted == "all" or (self.quoted == "odd" and place % 2):
            return '"' + text.replace('"', '""') + '"'
        return f" {text} " if self.padded and self.delimiter != "\t" else text


Write = dict[str, Callable[[Any], str]]
"""How the cells of a column are written, where they are not text."""

STYLES = st.builds(
    Style,
    delimiter=st.sampled_from(",;\t|"),
    eol=st.sampled_from(["\n", "\r\n", "\r"]),
    quoted=st.sampled_from(["few", "all", "odd"]),
    padded=st.booleans(),
    order=st.sampled_from(DAY_FORMATS),
    short=st.booleans(),
    clock=st.sampled_from([" %H:%M:%S", "T%H:%M:%S", " %I:%M:%S %p", " %H:%M:%SZ"]),
    numbers=st.sampled_from(list(NUMBER_STYLES)),
    decimals=st.sampled_from([None, None, 2, 4]),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1258", "cp1252"]),
    names=st.integers(0, 2),
    final_end=st.booleans(),
)


def open_days(texts: Sequence[str]) -> bool:
    """Whether days written with slashes or dashes, year last, could be read in either order."""
    pairs = [
        (int(found[1]), int(found[2]))
        for text in texts
        if (found := re.match(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]", text))
    ]
    return any(a != b for a, b in pairs) and all(max(pair) <= 12 for pair in pairs)


def proves_order(texts: Sequence[str]) -> bool:
    """Whether days written year last can only be read in one order."""
    found = [re.match(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]", text) for text in texts]
    return any(max(int(day[1]), int(day[2])) > 12 for day in found if day)


def open_numbers(texts: Sequence[str]) -> bool:
    """Whether no number of the column says which mark is the decimal one, and it matters."""
    marked = [text.lstrip("-") for text in texts if set(text) & set(".,")]
    # One mark, three digits behind it and one to three before it, of which the first is no 0.
    return bool(marked) and all(re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", t) for t in marked)


def check(
    table: str,
    style: Style,
    rows: Sequence[Sequence[Any]],
    write: Write,
    *,
    declared: bool,
) -> None:
    """Write the rows, read them, compare. `write` by column; other cells are text."""
    names = HEADERS[table]
    given = [
        ["" if v is None else write.get(c, str)(v) for c, v in zip(names, row, strict=True)]
        for row in rows
    ]
    header = [style.text(options[style.names]) for options in names.values()]
    columns = dict(zip(names, zip(*given, strict=True), strict=True)) if given else {}
    dated = [name for name, how in write.items() if how in (style.day, style.moment)]
    counted = [name for name, how in write.items() if how == style.number]
    open_dates = [name for name in dated if open_days(columns.get(name, ()))]
    open_counts = [texts for n in counted if open_numbers(texts := columns.get(n, ()))]
    if any(proves_order(columns.get(name, ())) for name in dated):
        open_dates = []
    if not declared and header == [options[VIETNAMESE] for options in names.values()]:
        assume(not open_dates or style.order[0] == "day")
        dots = [texts for texts in open_counts if any("." in text for text in texts)]
        assume(not dots or style.numbers == "1.234,56")
        open_dates, open_counts = [], [texts for texts in open_counts if texts not in dots]
    elif not declared and style.names == VIETNAMESE:
        # Written in another language's encoding, its headers may be Vietnamese or not.
        assume(not open_dates and not open_counts)
    is_open = not declared and bool(open_dates or open_counts)
    how = {"dates": style.order[1], "numbers": style.numbers} if declared else {}
    mapped = dict(zip(names, header, strict=True)) if style.declares else {}
    content = style.write([header, *given])
    how |= {"delimiter": style.delimiter} if declared else {}
    how |= {"encoding": style.encoding} if style.declares else {}

    def load() -> LoadedTable:
        texts = {table: frozenset(names)}
        return read(table, content, columns=mapped, texts=texts, **how)

    if is_open:
        with pytest.raises(DataError) as caught:
            load()
        assert caught.value.problems or f"sources.{table}." in str(caught.value.hint)
        return
    loaded = load()
    audit = loaded.audit
    assert audit.balanced
    assert audit.used == audit.rows == len(rows), (audit.problems, content)
    assert loaded.frame.select(list(names)).rows() == [tuple(row) for row in rows]


@QUIET
@given(
    rows=st.lists(st.tuples(TEXTS, DAYS, AMOUNTS, TEXTS), max_size=8),
    style=STYLES,
    declared=st.booleans(),
)
def test_transactions(rows: list[tuple[Any, ...]], style: Style, declared: bool) -> None:
    kinds = ("sale", "upsell", "renewal")
    typed = [
        (style.text(f"C{c}"), day, amount, style.text(product) or None, kinds[i % 3])
        for i, (c, day, amount, product) in enumerate(rows)
    ]
    write: Write = {"date": style.day, "amount": style.number}
    check("transactions", style, typed, write, declared=declared)


@QUIET
@given(
    rows=st.lists(st.tuples(TEXTS, DAYS, st.none() | st.integers(0, 4000), AMOUNTS), max_size=8),
    style=STYLES,
    declared=st.booleans(),
)
def test_customers(rows: list[tuple[Any, ...]], style: Style, declared: bool) -> None:
    typed = []
    for i, (text, signup, stays, cost) in enumerate(rows):
        churn = None if stays is None else min(signup + timedelta(stays), AS_OF)
        typed.append((f"{i}x", signup, churn, cost, style.text(text) or None))
    write: Write = {
        "signup_date": style.day,
        "churn_date": style.day,
        "acquisition_cost": style.number,
    }
    check("customers", style, typed, write, declared=declared)


@QUIET
@given(
    rows=st.lists(
        st.tuples(
            st.datetimes(datetime(1970, 1, 2), datetime(2024, 12, 30)),
            st.none() | st.integers(0, 10),
            TEXTS,
        ),
        max_size=8,
    ),
    style=STYLES,
    declared=st.booleans(),
)
def test_surveys(rows: list[tuple[Any, ...]], style: Style, declared: bool) -> None:
    typed = [
        (f"{i:03}", moment.replace(microsecond=0), score, "nps", style.text(comment) or None)
        for i, (moment, score, comment) in enumerate(rows)
    ]
    check("surveys", style, typed, {"answered_at": style.moment}, declared=declared)
