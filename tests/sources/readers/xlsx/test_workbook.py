"""Workbooks: what stands in a cell is what a person sees there, and a line is a sheet row."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.readings import How
from crm_kpi.sources import DerivedColumn, LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.readers.xlsx import number_formats
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected
from tests.sources.readers.xlsx.workbooks import CUSTOMERS, DAY, As, Row, book, load, packed, part


def cells(*values: Any, column: str = "segment", **how: Any) -> list[str | None]:
    """How cells of a column of texts read."""
    rows = [["customer_id", "signup_date", column]]
    rows += [[f"C{i}", date(2024, 1, 1), value] for i, value in enumerate(values)]
    loaded = load(book(rows), texts={"customers": frozenset({column})}, **how)
    return loaded.frame[column].to_list()


def amounts(*values: Any, **how: Any) -> LoadedTable:
    rows = [["customer_id", "date", "amount"]]
    rows += [["C", date(2024, 1, 1), value] for value in values]
    return load(book(rows), "transactions", **how)


def test_a_sheet_is_read_and_its_file_accounted_for() -> None:
    content = book(CUSTOMERS)
    loaded = load(content)
    assert loaded.frame.rows() == [("A", date(2024, 1, 2)), ("B", date(2024, 2, 13))]
    audit = loaded.audit
    assert (audit.rows, audit.used, audit.bytes) == (2, 2, len(content))
    assert len(audit.sha256[0]) == 64
    assert (audit.notes, audit.assumed) == ([], [])


def test_the_name_of_a_file_says_nothing() -> None:
    assert read("customers", book(CUSTOMERS), "t.csv").audit.used == 2
    assert load(b"customer_id,signup_date\nA,2024-01-02\n").audit.used == 1


def test_ids_are_text_however_they_are_stored() -> None:
    rows = [["customer_id", "signup_date"]]
    rows += [[value, date(2024, 1, 1)] for value in ("007", 901234567, 84901234567890, 7.0, "1e5")]
    frame = load(book(rows)).frame
    assert frame["customer_id"].to_list() == ["007", "901234567", "84901234567890", "7", "1e5"]


def test_numbers_have_the_15_digits_that_a_spreadsheet_is_exact_to() -> None:
    found = amounts(0.1 + 0.2, 1234.56, 12.125, -5, 1e15, "1.5", 0.0001).frame["amount"]
    expected = ("0.3", "1234.56", "12.125", "-5", "1e15", "1.5", "0.0001")
    assert found.to_list() == [Decimal(one) for one in expected]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_plain_and_has_its_15_digits(value: float) -> None:
    shown = number_formats.number(repr(value))
    assert Decimal(shown) == Decimal(f"{value:.15g}")
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2}|\.[0-9]{4,})?", shown)


def test_numbers_that_are_none_are_no_text() -> None:
    for formatter in (number_formats.number, number_formats.percent, number_formats.duration):
        with pytest.raises(ValueError, match="no number"):
            formatter("NaN")


def test_a_number_with_three_decimals_is_never_ambiguous() -> None:
    assert amounts(1.25, 12.125).frame["amount"].to_list() == [Decimal("1.25"), Decimal("12.125")]
    with pytest.raises(DataError, match="with a decimal point and with a decimal comma"):
        amounts(12.125, "1.250.000,5")


def test_declared_styles_are_for_text_and_leave_true_numbers_and_dates_alone() -> None:
    rows = [["customer_id", "date", "amount"]]
    rows += [["C", date(2024, 5, 2), 1234.5], ["C", "03/04/2024", "1.250"]]
    loaded = load(book(rows), "transactions", dates="%d/%m/%Y", numbers="1.234,56")
    assert loaded.frame["amount"].to_list() == [Decimal("1234.5"), Decimal(1250)]
    assert loaded.frame["date"].to_list() == [date(2024, 5, 2), date(2024, 4, 3)]


def test_dates_that_a_program_swapped_are_an_error() -> None:
    rows: list[Row] = [["customer_id", "signup_date"]]
    rows += [["A", date(2024, month, 2)] for month in range(1, 12)]
    text: Row = ["A", "13/02/2024"]
    assert load(book([*rows, text])).audit.used == 1  # days of one number only: as it may be
    rows += [["B", date(2024, 2, day)] for day in range(3, 9)]
    with pytest.raises(DataError, match=r"t.xlsx:19: column signup_date: .* were swapped"):
        load(book([*rows, text]))
    assert load(book([*rows, text, ["C", date(2024, 2, 20)]])).audit.rows == 19
    assert load(book([*rows, text, ["C", "01/02/2024"]])).audit.rows == 19


def test_serial_days_without_a_date_format_are_days_and_said() -> None:
    rows = [["customer_id", "signup_date"], ["A", 45000], ["B", date(2023, 3, 16)], ["C", 99]]
    loaded = load(book(rows))
    assert rejected(loaded) == [(4, "signup_date", "99", "not a date")]
    assert loaded.frame["signup_date"].to_list() == [date(2023, 3, 15), date(2023, 3, 16)]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.CONVENTIONAL, 1)
    rows.pop()
    frame = load(book(rows), dates="excel").frame
    assert frame["signup_date"].to_list() == [date(2023, 3, 15), date(2023, 3, 16)]


def test_days_moments_and_times() -> None:
    shown = cells(
        date(2024, 12, 31),
        datetime(2024, 12, 31, 14, 30),
        datetime(2024, 12, 31, 14, 30, 5, 250_000),
        time(9, 30),
        As(1.5, "[h]:mm:ss"),
        As(-0.25, "[h]:mm"),
        As(45000, "mmm yyyy"),
        As(45000, 'yyyy"年"m"月"d"日"'),
        As(45000, "[$-409]d-mmm-yy;@"),
        As(45000.75, "[$-F400]h:mm:ss AM/PM"),
    )
    assert shown == [
        "2024-12-31",
        "2024-12-31 14:30:00",
        "2024-12-31 14:30:05.250",
        "09:30:00",
        "36:00:00",
        "-06:00:00",
        "2023-03-15",
        "2023-03-15",
        "2023-03-15",
        "2023-03-15 18:00:00",
    ]


def test_a_number_that_is_no_day_stays_a_number() -> None:
    rows = [["customer_id", "signup_date"]]
    rows += [["A", As(value, DAY)] for value in (0, 60, -1, 2_958_466)]
    values = [value for _, _, value, _ in rejected(load(book(rows)))]
    assert values == ["0", "60", "-1", "2958466"]


def test_the_other_way_to_count_days() -> None:
    loaded = load(book(CUSTOMERS, date_1904=True))
    assert loaded.frame["signup_date"].to_list() == [date(2024, 1, 2), date(2024, 2, 13)]


def test_a_join_of_day_and_time() -> None:
    rows = [["ticket_id", "Day", "Time"], ["1", date(2024, 1, 2), time(9, 30)]]
    columns = {"created_at": DerivedColumn(join=("Day", "Time"))}
    loaded = load(book(rows), "tickets", columns=columns)
    assert loaded.frame["created_at"].to_list() == [datetime(2024, 1, 2, 9, 30)]


def test_flags_percent_and_currencies_are_read_as_they_are_shown() -> None:
    shown = cells(True, False, As(0.25, "0%"), As(0.005, "0.00%"), As(5, '#,##0 "kg"'))
    assert shown == ["true", "false", "25%", "0.5%", "5"]
    assert cells(As(901234567, "0000000000"), As(12, "0")) == ["0901234567", "12"]
    assert amounts(As(1250000, '#,##0 "₫"')).currency == "VND"
    assert amounts(As(12.5, "[$€-1] #,##0.00")).currency == "EUR"
    assert amounts(As(12.5, "#,##0.00\\ [$USD]")).frame["amount"].to_list() == [Decimal("12.5")]
    assert amounts(As(0.25, "0%")).audit.reasons == {"not a number": 1}
    with pytest.raises(UsageError, match=r"amounts are in \$, the report is in VND"):
        amounts(As(12.5, '"$"#,##0.00'), currency="VND")


def test_errors_in_cells_are_rejects_and_what_is_not_available_is_missing() -> None:
    def change(out: Any) -> None:
        sheet = out.get_worksheet_by_name("Sheet1")
        for row, error in enumerate(("#REF!", "#N/A", "#DIV/0!"), 1):
            sheet.write_formula(row, 0, "=1/0", None, error)
        sheet.write_formula(4, 2, "=1/0", None, "#NAME?")

    rows = [["customer_id", "date", "amount", "note"], *([None, date(2024, 1, 1), 5],) * 3]
    content = book([*rows, ["A", date(2024, 1, 1), 5]], change=change)
    loaded = load(content, "transactions")
    assert rejected(loaded) == [
        (2, None, None, "#REF! in a cell"),
        (4, None, None, "#DIV/0! in a cell"),
        (5, None, None, "#NAME? in a cell"),
    ]
    assert loaded.frame["customer_id"].to_list() == [None]


def test_errors_in_columns_that_nobody_reads_reject_nothing() -> None:
    def change(out: Any) -> None:
        out.get_worksheet_by_name("Sheet1").write_formula(1, 2, "=1/0", None, "#REF!")

    assert load(book(CUSTOMERS, change=change)).audit.used == 2


def test_formulas_are_their_saved_values() -> None:
    def change(out: Any) -> None:
        sheet = out.get_worksheet_by_name("Sheet1")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_formula(2, 2, '="a"&"b"', None, "ab")

    loaded = load(book([["customer_id", "signup_date", "segment"], *CUSTOMERS[1:]], change=change),
                  texts={"customers": frozenset({"segment"})})  # fmt: skip
    assert loaded.frame["segment"].to_list() == ["2", "ab"]
    assert "formulas that were not computed" in loaded.audit.notes[0]


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
def test_a_formula_that_was_never_computed_is_an_error(value: str) -> None:
    row = f'<row r="2"><c r="A2"><f>B2*2</f>{value}</c></row>'
    with pytest.raises(DataError, match=r"t.xlsx:2: cell A2 holds a formula whose value") as caught:
        load(part(row))
    assert "save it" in str(caught.value.hint)


def test_a_formula_that_gives_no_text_is_an_empty_cell() -> None:
    header = '<row r="1"><c t="inlineStr"><is><t>customer_id</t></is></c>'
    header += '<c t="inlineStr"><is><t>signup_date</t></is></c></row>'
    row = '<row r="2"><c r="A2" t="str"><f>B9</f><v></v></c><c t="d"><v>2024-01-02</v></c></row>'
    assert rejected(load(part(header + row))) == [(2, "customer_id", None, "blank required value")]


def test_lines_are_sheet_rows_whatever_stands_in_cells() -> None:
    rows = [
        ["Danh sách khách hàng"],
        [],
        ["customer_id", "signup_date", "comment"],
        ["A", date(2024, 1, 2), "one\ntwo, three"],
        [],
        ['B "x"', "bad", "\r\n"],
        ["Tổng cộng", None, None],
    ]
    loaded = load(book(rows))
    assert rejected(loaded) == [(6, "signup_date", "bad", "not a date")]
    assert loaded.audit.rows == 2


def test_empty_rows_and_columns_before_the_table() -> None:
    rows = [[], [], [None, "customer_id", "signup_date"], [None, "A", "x"]]
    assert rejected(load(book(rows))) == [(4, "signup_date", "x", "not a date")]


def test_merged_cells_are_said() -> None:
    def change(out: Any) -> None:
        sheet = out.get_worksheet_by_name("Sheet1")
        sheet.merge_range("A2:A3", "A")
        sheet.merge_range("D1:F1", "wide")

    loaded = load(book([*CUSTOMERS[:2], [None, date(2024, 2, 13)]], change=change))
    assert rejected(loaded) == [(3, "customer_id", None, "blank required value")]
    assert loaded.audit.notes == [
        "t.xlsx: merged cells have their value in the first row only: A2:A3"
    ]


NOTES: list[Row] = [["Notes"], ["made on Monday"]]


def test_the_sheet_that_has_the_columns_is_read() -> None:
    loaded = load(book(NOTES, CUSTOMERS, names=("Read me", "Khách")))
    assert loaded.audit.used == 2
    assert loaded.audit.notes == ["t.xlsx: sheet Khách"]
    assert loaded.audit.assumed == ["sheet Khách"]
    assert load(book(CUSTOMERS, NOTES)).audit.notes == []


def test_several_sheets_that_have_the_columns_are_no_guess() -> None:
    content = book(CUSTOMERS, _MORE, names=("Jan", "Feb"))
    with pytest.raises(DataError, match="several sheets that can be read: Jan, Feb") as caught:
        load(content)
    assert "sources.customers.sheet=" in str(caught.value.hint)
    assert load(content, sheet="Feb").audit.rows == 1
    assert load(content, sheets="all").audit.rows == 3


_MORE = [["customer_id", "signup_date", "Note"], ["Z9", date(2024, 1, 2), "x"]]


def test_sheets_with_the_same_headers_are_one_table() -> None:
    more = [CUSTOMERS[0], ["Z9", date(2024, 1, 2), *[None] * (len(CUSTOMERS[0]) - 2)]]
    content = book(CUSTOMERS, NOTES, more, names=("Tháng 1", "Ghi chú", "Tháng 2"))
    loaded = load(content)
    assert loaded.audit.used == 3
    assert "sheets Tháng 1, Tháng 2 as one table" in loaded.audit.assumed
    by_pattern = load(content, sheet="tháng *")
    assert by_pattern.audit.used == 3
    assert "sheets Tháng 1, Tháng 2 as one table" in by_pattern.audit.assumed
    assert load(content, sheet="Tháng 2").audit.used == 1
    all_of_them = load(content, sheets="all")
    assert "sheets Ghi chú not read, as they lack columns" in all_of_them.audit.assumed
    with pytest.raises(UsageError, match="has no sheet 'Quý \\*'"):
        load(content, sheet="Quý *")


@pytest.mark.parametrize(
    "wish", [{"sheets": "all"}, {"sheet": "Tháng *"}, {"sheet": "Tháng 1"}, {"sheet": 1}]
)
def test_sheets_are_named_of_workbooks_and_text_stands_beside_them(wish: dict[str, Any]) -> None:
    more = [CUSTOMERS[0], ["Z9", date(2024, 1, 2), *[None] * (len(CUSTOMERS[0]) - 2)]]
    Path("book.xlsx").write_bytes(book(CUSTOMERS, more, names=("Tháng 1", "Tháng 2")))
    Path("t.csv").write_text("customer_id,signup_date\nC,2024-03-02\n", encoding="utf-8")
    spec = SourceSpec("customers", ("book.xlsx", "t.csv"), **wish)
    loaded = sources.load(TABLES["customers"], [spec], ReadOptions(as_of=AS_OF))
    both = "sheets" in wish or wish["sheet"] == "Tháng *"
    assert loaded.audit.used == (4 if both else 3)


def test_a_place_says_in_which_of_the_sheets() -> None:
    bad = [CUSTOMERS[0], ["Z9", "never", *[None] * (len(CUSTOMERS[0]) - 2)]]
    loaded = load(book(CUSTOMERS, bad, names=("Jan", "Feb")))
    assert [(p.path, p.line) for p in loaded.audit.problems] == [("t.xlsx [Feb]", 2)]


def test_a_sheet_by_name_and_by_number() -> None:
    content = book(NOTES, CUSTOMERS, names=("Read me", "Khách"))
    for sheet in ("khách ", 2):
        loaded = load(content, sheet=sheet)
        assert (loaded.audit.used, loaded.audit.notes) == (2, [])
    for wrong in ("Khach", 0, 3):
        with pytest.raises(UsageError, match="has no sheet") as caught:
            load(content, sheet=wrong)
        assert caught.value.hint == "its sheets are 1 Read me, 2 Khách"
    with pytest.raises(UsageError, match="is no workbook, so it has no sheet 2"):
        read("customers", "customer_id,signup_date\n", sheet=2)


def test_hidden_sheets_come_last_and_charts_never() -> None:
    def change(out: Any) -> None:
        out.get_worksheet_by_name("Old").hide()
        out.add_chartsheet("Chart")

    sheets = [["customer_id", "signup_date"], ["OLD", date(2020, 1, 1)]]
    content = book(CUSTOMERS, sheets, names=("New", "Old"), change=change)
    assert load(content).frame["customer_id"].to_list() == ["A", "B"]
    assert load(content, sheet="Old").frame["customer_id"].to_list() == ["OLD"]


def test_an_empty_sheet_is_an_empty_file() -> None:
    with pytest.raises(DataError, match=r"t.xlsx: is empty"):
        load(book([]))
    assert load(book([["customer_id", "signup_date"]])).audit.rows == 0


def test_other_writers() -> None:
    """Prefixed tags, other orders of attributes, cells without places, blanks between tags."""
    text = '<x:c t="inlineStr"{}><x:is><x:t xml:space="preserve">{}</x:t></x:is></x:c>'
    header = text.format(" r='A1'", "customer_id") + text.format("", "signup_date")
    runs = "<x:r><x:rPr><x:b/></x:rPr><x:t>A &amp; </x:t></x:r><x:r><x:t>&#66;</x:t></x:r>"
    runs += "<x:rPh><x:t>phonetic</x:t></x:rPh>"
    row = f"""
      <x:row>
        <x:c t="inlineStr"><x:is>{runs}</x:is></x:c> <x:c t="str"><x:v>2024-01-02</x:v></x:c>
        <x:c/>
      </x:row>"""
    xml = f"<x:row>{header}</x:row><x:row spans='1:2'/>{row}<x:row r='9'/>"
    sheet = (
        '<?xml version="1.0" encoding="utf-8"?>\n<x:worksheet xmlns:x="http://schemas.openxml'
        f'formats.org/spreadsheetml/2006/main"><x:sheetData>{xml}</x:sheetData></x:worksheet>'
    )
    loaded = load(part("", **{"xl/worksheets/sheet1.xml": sheet}))
    assert loaded.frame.rows() == [("A & B", date(2024, 1, 2))]


def test_escaped_characters() -> None:
    assert cells("a_x000D_b", "x &lt; y") == ["a_x000D_b", "x &lt; y"]


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1"><c r="A1"><v>1</v></c>junk</row>',
        '<row r="1"><c r="A1" t="s"><v>999</v></c></row>',
        '<row r="1"><c r="A1" s="99"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>x</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&bomb;</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        "<oops/>",
    ],
)
def test_a_sheet_that_is_not_understood_is_an_error(xml: str) -> None:
    with pytest.raises(DataError, match="the sheet is damaged, or written in a way"):
        load(part(xml))


def test_a_damaged_archive_is_an_error() -> None:
    content = book([*CUSTOMERS, *([f"id {i * i}", date(2024, 1, 1)] for i in range(2000))])
    for broken in (content[:-30], content[:200], content[:2000] + b"\0" * 50 + content[2050:]):
        with pytest.raises(DataError, match=r"t.xlsx: is a damaged workbook"):
            load(broken)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.csv": "x"}, "is a zip archive, not a table"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "is an OpenDocument file"),
        ({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}, "no .xlsx workbook"),
        ({"_rels/.rels": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "declares a document type"),
    ],
)
def test_other_archives_are_named(files: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(packed(files))


def test_a_part_that_unpacks_to_very_much_is_refused() -> None:
    with pytest.raises(DataError, match=r"would unpack to 6\d MiB"):
        load(part("", **{"xl/sharedStrings.xml": " " * (65 << 20)}))


def test_files_of_before_2007_and_those_with_a_password_are_named() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(DataError, match="is a damaged workbook"):
        load(old)
    with pytest.raises(DataError, match="is protected by a password"):
        load(old + "EncryptedPackage".encode("utf-16-le"))


def test_a_declared_encoding_or_delimiter_is_not_for_workbooks() -> None:
    assert load(book(CUSTOMERS), encoding="cp1258", delimiter=";").audit.used == 2


def test_positions_in_place_of_headers() -> None:
    loaded = load(book(CUSTOMERS[1:]), columns={"customer_id": 1, "signup_date": 2})
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]


def test_rows_equal_in_every_column_are_known_from_all_cells() -> None:
    rows = [["response_id", "score", "answered_at", "note"]]
    rows += [["r1", 9, date(2024, 1, 1), "x"], ["r1", 9, date(2024, 1, 1), "x"]]
    rows += [["r2", 9, date(2024, 1, 1), "x"], ["r2", 9, date(2024, 1, 1), "y"]]
    audit = load(book(rows), "surveys", constants={"survey": "nps"}).audit
    assert (audit.duplicates, audit.rejected, audit.used) == (1, 1, 2)


def test_a_workbook_without_sheets_and_one_without_styles() -> None:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with pytest.raises(DataError, match="has no sheet"):
        load(part("", **{"xl/workbook.xml": f"<workbook {space}><sheets/></workbook>"}))
    rels = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(book(CUSTOMERS))) as archive:
        bare = archive.read(rels).decode().replace("relationships/styles", "relationships/other")
    row = '<row><c t="str"><v>customer_id</v></c><c t="str"><v>signup_date</v></c></row>'
    cells = '<row><c s="3"><v>7</v></c><c t="str"><v>2024-01-02</v></c></row>'
    assert load(part(row + cells, **{rels: bare})).frame["customer_id"].to_list() == ["7"]


def test_an_archive_with_a_password_is_an_error() -> None:
    content = bytearray(book(CUSTOMERS))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + flags] |= 1
            start = content.find(mark, start + 1)
    with pytest.raises(DataError, match=r"damaged workbook \(.* is encrypted"):
        load(bytes(content))


def test_several_tables_of_one_file_are_read_from_it_once() -> None:
    orders: list[Row] = [["customer_id", "date", "amount"], ["A", date(2024, 1, 5), 7]]
    Path("t.xlsx").write_bytes(book(orders, CUSTOMERS))
    specs = {name: [SourceSpec(name, ("t.xlsx",))] for name in ("transactions", "customers")}
    loaded = sources.load_all(specs, ReadOptions(AS_OF))
    assert {name: found.audit.used for name, found in loaded.items()} == {
        "customers": 2,
        "transactions": 1,
    }
    assert loaded["transactions"].audit.unknown_customers == 0


def test_sheets_of_one_file_as_blocks_of_one_table() -> None:
    Path("t.xlsx").write_bytes(book(CUSTOMERS, [CUSTOMERS[0], ["C", date(2024, 3, 1)]]))
    blocks = [SourceSpec("customers", ("t.xlsx",), sheet=sheet) for sheet in (1, 2)]
    audit = sources.load(TABLES["customers"], blocks, ReadOptions(AS_OF)).audit
    assert (audit.rows, audit.used, audit.paths) == (3, 3, ["t.xlsx"])
    assert audit.bytes == Path("t.xlsx").stat().st_size


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=9)
ROWS = st.lists(
    st.tuples(
        st.one_of(TEXTS, st.integers(0, 10**15 - 1)),
        st.dates(date(1901, 1, 1), date(2024, 12, 30)),
        st.decimals(-(10**9), 10**9, places=2),
        st.one_of(st.none(), TEXTS, TEXTS.map("{0}\n{0}".format)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_any_table_reads_from_a_sheet_as_it_does_from_text(rows: list[Row]) -> None:
    header = ("customer_id", "date", "amount", "product")
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    cells = [(ident, day, float(amount), word) for ident, day, amount, word in rows]
    how: dict[str, Any] = {"texts": {"transactions": frozenset({"product"})}}
    one = read("transactions", text.getvalue(), "t.csv", **how)
    other = load(book([header, *cells], strings_to_numbers=False), "transactions", **how)
    assert one.frame.equals(other.frame)
    assert one.audit.reasons == other.audit.reasons
