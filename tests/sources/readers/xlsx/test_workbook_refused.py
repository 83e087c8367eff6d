"""What no spreadsheet program writes is refused, with its cell; and nothing is without bounds."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from typing import Any

import openpyxl
import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.xlsx import number_formats, sheet_csv, xml_stream
from crm_kpi.sources.readers.xlsx.sheets_of_book import sheets_like
from crm_kpi.sources.readers.xlsx.workbook import Workbook
from tests.sources.readers.xlsx.workbooks import CUSTOMERS, As, book, files_of, load, packed, part

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def opened(content: bytes, memory: int = 1 << 29) -> Workbook:
    return Workbook(FileBytes("t.xlsx", size=len(content), memory=content), memory)


def text(content: bytes) -> list[str]:
    """The first sheet, as the lines of its CSV."""
    workbook = opened(content)
    return workbook.read(workbook.sheets[0])[0].decode().split("\r")[:-1]


def sheet(rows: str, after: str = "", declaration: str = "") -> str:
    return (
        f'{declaration}<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData>{after}'
        "</worksheet>"
    )


def changed(name: str, old: str, new: str) -> bytes:
    """A whole workbook, with another text in one of its parts."""
    files = files_of(book(CUSTOMERS))
    assert old in files[name]
    return packed(files | {name: files[name].replace(old, new)})


@pytest.mark.parametrize("index", ["-1", "1_0", " 1", "1 ", "+1", "١", "1.0", "99", "", "9" * 5000])
def test_an_index_that_is_no_plain_number_within_range(index: str) -> None:
    where = r"t\.xlsx: sheet Sheet1, cell B2: "
    with pytest.raises(DataError, match=where):
        text(part(f'<row r="2"><c r="B2" t="s"><v>{index}</v></c></row>'))
    with pytest.raises(DataError, match=where):
        text(part(f'<row r="2"><c r="B2" s="{index}"><v>1</v></c></row>'))
    with pytest.raises(DataError, match=where):
        text(part(f'<row r="2"><c r="B2" s="{index}" t="str"><v>x</v></c></row>'))


NO_NUMBERS = [
    "1_0", "0x10", "١٢", "nan", "NaN", "inf", "-INF", "Infinity", " 1", "1 ", "1,5", "--1", "1e",
    "e5", ".", "1e999", "1" * 401, "1.5.2",
]  # fmt: skip


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_numbers_are_as_xml_writes_them(number: str) -> None:
    with pytest.raises(DataError, match=r"t\.xlsx: sheet Sheet1, cell B2: .* is no number"):
        text(part(f'<row r="2"><c r="B2"><v>{number}</v></c></row>'))
    formats = [
        number_formats.formatter(code, since_1904=False) for code in ("0%", "[h]:mm", 14, "00")
    ]
    for formatter in filter(None, formats):
        with pytest.raises(ValueError, match=r"no number|larger than"):
            formatter(number)


def test_numbers_that_xml_writes_in_other_ways() -> None:
    cells = "".join(f"<c><v>{one}</v></c>" for one in ("+5", "1.", ".5", "-0", "007", "1E+3"))
    assert text(part(f"<row>{cells}</row>")) == ["5,1,0.5,0,7,1000"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('<row r="2"><c r="B2" t="b"><v>true</v></c></row>', "cell B2: 'true' is neither 0 nor 1"),
        ('<row r="2"><c r="B2" t="b"><v>2</v></c></row>', "cell B2: '2' is neither"),
        ('<row r="2"><c r="B2" t="x"><v>2</v></c></row>', "cell B2: its type 'x' is not known"),
        ('<row r="2"><c r="B2" t="N"><v>2</v></c></row>', "cell B2: its type 'N' is not known"),
        ('<row r="2"><c r="B2" t="x"/></row>', "cell B2: its type 'x' is not known"),
        ('<row r="2"><c r="B3"><v>2</v></c></row>', "cell B3: a cell 'B3' stands in row 2"),
        ('<row r="2"><c r="b2"><v>2</v></c></row>', "cell b2: 'b' is no column"),
        ('<row r="2"><c r="$B2"><v>2</v></c></row>', "'$B' is no column"),
        ('<row r="2"><c r="2"><v>2</v></c></row>', "'' is no column"),
        ('<row r="2"><c r="B2"/><c r="B2"/></row>', "cell B2: a cell 'B2' stands behind B"),
        ('<row r="2"><c r="C2"/><c r="B2"/></row>', "cell B2: a cell 'B2' stands behind C"),
        ('<row r="2"><c r="XFE2"/></row>', "cell XFE2: 'XFE' is no column"),
        ('<row r="2"><c r="XFD2"/><c/></row>', "beyond the last column"),
        ('<row r="02"/>', "row 1: '02' is no number to count with"),
        ('<row r="-1"/>', "row 1: '-1' is no number"),
        ('<row r="1048577"/>', "a row with the number '1048577'"),
        ('<row r="1048576"/><row/>', "more rows than a sheet has"),
        ('<row r="2"/><row r="2"/>', "row 3: a row with the number '2' follows row 2"),
        ('<row r="2"><c r="B2" t="str"><v>_xD83D_</v></c></row>', "cell B2: .* half a character"),
        ('<row r="2"><c r="B2" t="str"><v>_xDE00__xD83D_</v></c></row>', "half a character"),
        ('<row r="2"><c r="B2" t="str"><v>_xD83D__xDE00_</v></c></row>', "half a character"),
        ('<row r="2"><c r="B2" t="str"><v>a_x0000_</v></c></row>', "cell B2: it holds a NUL"),
        ('<row r="2"><c r="B2" t="str"><v>&#xD800;</v></c></row>', "cell B2: its XML is damaged"),
        ('<row r="2"><c r="B2" t="str"><v>&#0;</v></c></row>', "cell B2: its XML is damaged"),
        ('<row r="2"><c r="B2" t="str"><v>\x01</v></c></row>', "cell B2: its XML is damaged"),
        ('<row r="2"><c r="B2" t="str"><v>\x00</v></c></row>', "cell B2: its XML is damaged"),
        ('<row r="2"><c r="B2" t="str"><v>&bomb;</v></c></row>', "cell B2: its XML is damaged"),
        ('<row r="2"><c r="B2" r="C2"/></row>', "duplicate attribute"),
        ('<row r="2"><c r="B2" t="inlineStr"><v>1</v></c></row>', "value is not of its type"),
        ('<row r="2"><c r="B2"><is><t>1</t></is></c></row>', "value is not of its type"),
        ('<row r="2"><c r="B2"><v>1</v><v>2</v></c></row>', "cell B2: <v> stands in it"),
        ('<row r="2"><c r="B2"><v>1<b/></v></c></row>', "cell B2: <b> stands in a value"),
        ('<row r="2"><c r="B2"><v>1</v>junk</c></row>', "cell B2: a text stands between elements"),
        ('<row r="2"><c r="B2"><is>x</is></c></row>', "cell B2: a text stands between elements"),
        ('<row r="2"><c r="B2"><is><b/></is></c></row>', "cell B2: <b> stands in a string"),
        ('<row r="2"><v>1</v></row>', "row 2: <v> stands in it"),
        ("<c/>", "row 1: <c> stands between rows"),
    ],
)  # fmt: skip
def test_cells_that_no_program_writes(row: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"t\.xlsx: sheet Sheet1, .*{said.replace('$', '[$]')}"):
        text(part(row))


def test_escapes_are_what_xml_cannot_hold() -> None:
    row = '<row><c t="str"><v>a_x0009_b_x005F_</v></c><c t="str"><v>_x005F_x0041_</v></c></row>'
    assert text(part(row)) == ["a\tb_,_x0041_"]


def test_shared_strings_are_as_strict_as_cells() -> None:
    for item in ("<si><t>_xD83D_</t></si>", "<si>x</si>", "<si><t>a<t>b</t></t></si>"):
        with pytest.raises(DataError, match=r"damaged workbook \(shared string 0: |stands in"):
            text(changed(STRINGS, "<si>", f"{item}<si>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["_rels/.rels", BOOK, RELATIONS, "xl/styles.xml", STRINGS, SHEET])
def test_no_part_declares_a_document_type(name: str, encoding: str) -> None:
    files: dict[str, Any] = dict(files_of(book(CUSTOMERS)))
    _, _, body = files[name].partition("?>")
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]>{body}'
    with pytest.raises(DataError, match="it declares a document type"):
        text(packed(files | {name: bomb.encode(encoding)}))


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "UTF-8", "utf-8"]
)
def test_parts_in_any_encoding_that_xml_declares(encoding: str) -> None:
    said = encoding.removesuffix("-sig").removesuffix("-le")
    xml = sheet(
        '<row><c t="str"><v>é</v></c></row>', declaration=f'<?xml version="1.0" encoding="{said}"?>'
    )
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    assert text(packed(files_of(part("")) | {SHEET: (mark + xml).encode(encoding)})) == ["é"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-7", "rot13", "x" * 1000])
def test_an_encoding_that_no_program_writes(encoding: str) -> None:
    xml = sheet("", declaration=f'<?xml version="1.0" encoding="{encoding}"?>')
    with pytest.raises(DataError, match=r"sheet Sheet1: its XML is"):
        text(packed(files_of(part("")) | {SHEET: xml}))


def test_what_stands_around_the_rows_is_passed_over() -> None:
    after = (
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><sheetData><row r="9"/></sheetData>'
        "</mc:Choice></mc:AlternateContent><!-- <row/> --><?pi <row/>?>"
        '<x><![CDATA[<row r="1">]]></x><extLst><ext/></extLst>'
    )
    cell = '<c t="str"><v>a<![CDATA[<b>]]>&amp;<!-- x -->c</v><extLst><x>y</x></extLst></c>'
    rows = f"<row>{cell}<extLst><c><v>5</v></c></extLst></row>"
    assert text(part("", **{SHEET: sheet(rows, after)})) == ["a<b>&c"]


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<oops/>", "it is no <worksheet>"),
        ("<worksheet/>", "it has no rows"),
        ("<worksheet><sheetData/><sheetData/></worksheet>", "it has its rows twice"),
        ("<worksheet><sheetData/></worksheet>x", "junk after document element"),
    ],
)
def test_a_part_that_is_no_sheet(xml: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"t\.xlsx: sheet Sheet1: .*{said}"):
        text(part("", **{SHEET: xml}))


def test_cells_that_are_merged() -> None:
    def merged(cells: str) -> bytes:
        after = f'<mergeCells><mergeCell ref="{cells}"/></mergeCells>'
        return part("", **{SHEET: sheet("", after)})

    for cells in ("A1", "A1:B2", "XFD1048576:A1"):
        assert text(merged(cells)) == []
    for cells in ("", "A", "1:2", "A1:B2:C3", "A0", "A1:XFE2", "A1:B1048577", "a1:b2"):
        with pytest.raises(DataError, match="sheet Sheet1: "):
            text(merged(cells))


def test_parts_are_found_however_they_are_written() -> None:
    expected = text(book(CUSTOMERS))
    plain = 'Target="worksheets/sheet1.xml"'
    targets = (
        "/xl/worksheets/sheet1.xml",
        "worksheets\\sheet1.xml",
        "../xl/worksheets/sheet1.xml",
        "../../../xl/./worksheets/sheet1.xml",
        "worksheets/sheet%31.xml",
        "WorkSheets/Sheet1.XML",
    )
    for target in targets:
        assert text(changed(RELATIONS, plain, f'Target="{target}"')) == expected
    outside = changed(RELATIONS, plain, f'{plain} TargetMode="External"')
    with pytest.raises(DataError, match="has no sheet"):
        opened(outside)


def test_an_archive_that_can_be_read_in_two_ways() -> None:
    content = book(CUSTOMERS)
    for name in (SHEET, SHEET.upper()):
        file = io.BytesIO(content)
        with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(name, sheet(""))
        with pytest.raises(DataError, match=r"sheet1\.xml is in the archive twice"):
            text(file.getvalue())
    twice = changed(RELATIONS, 'Id="rId2"', 'Id="rId1"')
    with pytest.raises(DataError, match="the reference 'rId1' stands there twice"):
        opened(twice)
    strings = changed(RELATIONS, "relationships/theme", "relationships/sharedStrings")
    with pytest.raises(DataError, match="are both its sharedStrings"):
        text(strings)
    names = book(CUSTOMERS, CUSTOMERS, names=("a", "b"))
    files = files_of(names)
    with pytest.raises(DataError, match="is no name of a sheet, or that of two"):
        opened(packed(files | {BOOK: files[BOOK].replace('name="b"', 'name="A"')}))


def test_parts_that_are_not_there_or_packed_in_another_way() -> None:
    with pytest.raises(DataError, match=r"sheet9\.xml is not in the archive"):
        text(changed(RELATIONS, "sheet1.xml", "sheet9.xml"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in files_of(book(CUSTOMERS)).items():
            archive.writestr(name, content)
    with pytest.raises(DataError, match=r"\.rels is packed in a way that is not known"):
        text(file.getvalue())


def test_formats_are_scanned_once_and_as_long_as_excel_takes() -> None:
    xml = files_of(book([[As(5, "0.0")]]))["xl/styles.xml"]
    assert 'formatCode="0.0"' in xml
    files = files_of(book([[As(5, "0.0")]]))
    for code in ("[$" * 127, "[" * 255, '"' * 255, "\\" * 255, "_" * 255, "[h" * 127, ";" * 9):
        changed_code = xml.replace("0.0", code.replace('"', "&quot;"))
        assert len(text(packed(files | {"xl/styles.xml": changed_code}))) == 1
    long = xml.replace("0.0", "0" * 256)
    with pytest.raises(DataError, match=r"number format \d+: it has 256 characters"):
        text(packed(files | {"xl/styles.xml": long}))
    with pytest.raises(DataError, match="is no number to count with"):
        text(packed(files | {"xl/styles.xml": re.sub('numFmtId="0"', 'numFmtId="x"', xml)}))


def test_serials_at_the_ends_of_all_days_stay_numbers() -> None:
    day = number_formats.formatter(14, since_1904=False)
    assert day is not None
    assert (day("2958465"), day("2958465.9999999999")) == ("9999-12-31", "2958466")
    assert number_formats.duration("1e308") == number_formats.number("1e308")


def test_errors_are_few_and_short() -> None:
    cells = "".join(f'<row><c t="e"><v>#E{i}!</v></c></row>' for i in range(101))
    with pytest.raises(DataError, match=r"cell A101: '#E100!' is no error"):
        text(part(cells))
    with pytest.raises(DataError, match="is no error"):
        text(part(f'<row><c t="e"><v>#{"E" * 100}</v></c></row>'))


def test_one_cell_far_out_does_not_make_a_sheet_of_empty_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet_csv, "MOST_EMPTY", 100_000)
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(2, 12))
    far = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    assert len(text(part(far + rows[: rows.index('<row r="6"')]))) == 5
    with pytest.raises(DataError, match=r"t\.xlsx: sheet Sheet1: cell XFD1 stands so far out"):
        text(part(far + rows))


def test_rows_are_padded_to_the_widest_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_csv, "_PIECE", 3)
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c></row><row r="4"><c><v>2</v></c><c/><c><v>3</v></c></row>'
    )
    assert text(part(rows + '<row r="5"><c><v>4</v></c></row>')) == ["", ",1,", "", "2,,3", "4,,"]


def test_what_is_held_stays_within_the_memory_that_it_may_use() -> None:
    long = "<row>" + '<c t="s"><v>0</v></c>' * 1000 + "</row>"
    content = part(long, **{STRINGS: f"<sst><si><t>{'x' * 10_000}</t></si></sst>"})
    workbook = opened(content, memory=1 << 20)
    with pytest.raises(DataError, match=r"sheet Sheet1: it needs more than the 1 MiB of memory"):
        workbook.read(workbook.sheets[0])
    assert opened(content).read(workbook.sheets[0])


@pytest.mark.parametrize(
    ("name", "before", "item", "behind"),
    [
        (STRINGS, "<sst>", "<si><t>ab</t></si>", "</sst>"),
        (SHEET, "<worksheet><sheetData/><mergeCells>", '<mergeCell ref="A1:A2"/>',
         "</mergeCells></worksheet>"),
        (SHEET, "<worksheet><sheetData>", '<row><c t="e"><v>#REF!</v></c></row>',
         "</sheetData></worksheet>"),
        ("xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>", "</cellXfs></styleSheet>"),
        (BOOK, "<workbook><sheets>", '<sheet name="{0}"/>', "</sheets></workbook>"),
        (RELATIONS, "<Relationships>", '<Relationship Id="{0}"/>', "</Relationships>"),
    ],
)  # fmt: skip
def test_all_that_is_kept_is_counted(name: str, before: str, item: str, behind: str) -> None:
    items = "".join(item.format(i) for i in range(25_000))
    content = packed(files_of(part("")) | {name: f"{before}{items}{behind}"})

    def whole() -> None:
        workbook = opened(content, memory=1 << 20)
        workbook.read(workbook.sheets[0])

    with pytest.raises(DataError, match="it needs more than the 1 MiB"):
        whole()


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("<x>" * 200, "stand more than 100 deep"),
        ("".join(f"<a{i}/>" for i in range(20_000)), "too many different names"),
        (f"<x a='{'x' * 400_000}'/>", "a tag is longer than"),
        (f"<!--{'x' * 400_000}-->", "a tag is longer than"),
        (f"<x>{'x' * 1_200_000}</x>", "a text is longer than 1,000,000 characters"),
        ("<x/>" * 60_000, "unpacks to far more than a workbook of its size holds"),
        ('<x a="" b=""/>' * 20_000, "unpacks to far more than a workbook of its size holds"),
    ],
)
def test_xml_that_asks_for_too_much(after: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "LONGEST_TEXT", 1_000_000)
    monkeypatch.setattr(xml_stream, "HARMLESS_TAGS", 50_000)
    monkeypatch.setattr(xml_stream, "HARMLESS_ATTRIBUTES", 35_000)
    with pytest.raises(DataError, match=rf"sheet Sheet1: .*{said}") as caught:
        text(part("", **{SHEET: sheet("", after)}))
    assert "damaged" not in str(caught.value)
    assert "save the sheet as CSV" in str(caught.value.hint)


def test_a_fault_below_the_rows_that_are_wanted_hides_none_of_them() -> None:
    rows = "<row><c><v>1</v></c></row>" * 3
    workbook = opened(part(f"{rows}<row><c><v>x</v></c></row>"))
    assert workbook.read(workbook.sheets[0], most=3)[0] == b"1\r1\r1\r"


def test_cells_read_as_another_program_reads_them() -> None:
    rows: list[list[Any]] = [["text", "number", "flag"], ['a, "b"\nc', 0.1, True]]
    rows += [["x" * 300, -12.5, False], ["_x000D_", 1e15, None], [None, 12345678901, True]]
    rows += [[f"id {i}", i * 1.25, i % 2 == 0] for i in range(50)]
    content = book(rows)
    peer = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    theirs = [list(row) for row in peer.worksheets[0].iter_rows(values_only=True)]
    raw = opened(content)
    ours = csv.reader(io.StringIO(raw.read(raw.sheets[0])[0].decode(), newline=""))
    for mine, other in zip(ours, theirs, strict=True):
        assert [_same(a, b) for a, b in zip(mine, other, strict=True)] == [True] * 3


def _same(ours: str, theirs: Any) -> bool:
    if theirs is None or isinstance(theirs, bool):
        return ours == {None: "", True: "true", False: "false"}[theirs]
    return ours == theirs if isinstance(theirs, str) else float(ours) == theirs


def test_a_workbook_of_very_many_sheets_is_not_looked_through() -> None:
    files = files_of(part(""))
    entries = "".join(f'<sheet name="S{i}" r:id="rId1"/>' for i in range(1001))
    xml = f'<workbook xmlns:r="x"><sheets>{entries}</sheets></workbook>'
    with pytest.raises(DataError, match="has 1,001 sheets, too many") as caught:
        load(packed(files | {BOOK: xml}))
    assert "sources.customers.sheet=" in str(caught.value.hint)
    book = opened(packed(files | {BOOK: xml}))
    with pytest.raises(UsageError) as missing:
        sheets_like(book.path, book.sheets, "x")
    assert str(missing.value.hint).endswith("50 S49 and 951 more")
