"""What exports put around a table changes nothing of what is read, and all of it is counted."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.conftest import AS_OF, read

HEADERS = ["Customer ID", "Date", "Amount", "Product"]
WORDS = st.sampled_from(
    ["A1", "Total", "Tổng", "tổng cộng", "Sum", "2 records", "Copyright", "Ghi chú:", "sep=;",
     "Confidential Information", "Date", "Customer ID", "x, y", "a;b", 'say "so"', "two\nlines",
     "-", "0"]
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        WORDS,
        st.dates(date(1970, 1, 1), AS_OF).map(str),
        st.integers(-999, 10**6).map(str),
        st.one_of(WORDS, st.just("")),
    ),
    min_size=1,
    max_size=30,
)
TITLES = st.lists(
    st.sampled_from([[""], ["Báo cáo bán hàng"], ["From", "2024-01-01"], ["Customer"], ["a", "b"]]),
    max_size=5,
)
FOOTERS = st.lists(
    st.sampled_from(
        [[""], ["", "", "", ""], ["Total", "", "7", ""], ["", "", "Tổng cộng: 7", ""],
         ["Grand Totals (7 records)"], ["Confidential Information - Do Not Distribute"]]
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    titles=TITLES,
    footers=FOOTERS,
    repeated=st.booleans(),
    blank=st.booleans(),
    ends=st.sampled_from([0, 0, 1, 2]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    eol=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    declares=st.booleans(),
    packed=st.booleans(),
)
def test_a_table_is_read_whatever_stands_around_it(
    rows: list[tuple[str, ...]],
    titles: list[list[str]],
    footers: list[list[str]],
    repeated: bool,
    blank: bool,
    ends: int,
    delimiter: str,
    eol: str,
    quoting: int,
    encoding: str,
    declares: bool,
    packed: bool,
) -> None:
    padding = [""] * ends
    middle = [[""]] * blank + [HEADERS] * repeated
    half = len(rows) // 2
    records = [
        *titles,
        HEADERS,
        *([*row, *padding] for row in rows[:half]),
        *middle,
        *([*row, *padding] for row in rows[half:]),
        *([*line, *padding] if len(line) > 1 else line for line in footers),
    ]
    if eol == "\r":
        quoting = csv.QUOTE_ALL  # or else the module leaves line feeds inside fields unquoted
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=eol, quoting=quoting)  # type: ignore[arg-type]
    for record in records:
        if record == [""]:
            text.write(eol)
        else:
            writer.writerow(record)
    first = f"sep={delimiter}{eol}" if declares else ""
    content = (first + text.getvalue()).encode(encoding)
    loaded = read(
        "transactions",
        gzip.compress(content) if packed else content,
        texts={"transactions": frozenset({"product"})},
        duplicates="keep",
        walk_in=(),
        totals="skip",
    )
    audit = loaded.audit
    assert audit.problems == []
    frame = loaded.frame
    found = zip(
        frame["customer_id"], map(str, frame["date"]), map(str, frame["amount"]), frame["product"],
        strict=True,
    )  # fmt: skip
    clean = [(one, day, f"{amount}.0000", product or None) for one, day, amount, product in rows]
    assert list(found) == clean
    assert audit.rows == audit.used == len(rows)
    assert audit.skipped == len(titles) + declares + len(middle) + len(footers)
