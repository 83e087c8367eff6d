"""Where a table stands in its file: titles above, totals below, fields that the header lacks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_kpi.errors import DataError
from crm_kpi.messages import Message
from crm_kpi.sources.readers.csv.footers import footers
from tests.sources.conftest import read, rejected

HEAD = "customer_id,date,amount,product\n"
ROWS = "A,2024-01-02,5,x\nB,2024-01-03,6,y\n"


def used(content: str | bytes, table: str = "transactions", **how: object) -> list[object]:
    """The ids of the rows that are used; nothing may have been rejected."""
    loaded = read(table, content, **how)
    assert rejected(loaded) == []
    assert loaded.audit.balanced
    return loaded.frame["customer_id"].to_list()


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("Sales report\n", 1),
        ("Báo cáo bán hàng,,,\nTừ ngày,01/01/2024,,\n,,,\n", 3),
        ("\n\nOrders of 2024\n\n", 4),
        ("Customer,All,Date,2024\n", 1),
        ("Khách hàng\n", 1),
        ('"A title, quoted\nover two lines"\n', 2),
        ('Doanh thu "Tết"\n', 1),
        ("".join(f"line {i}\n" for i in range(30)), 30),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_titles_above_the_header_are_skipped(above: str, lines: int, eol: str) -> None:
    loaded = read("transactions", (above + HEAD + ROWS + "C,x,1,z\n").replace("\n", eol))
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert rejected(loaded) == [(lines + 4, "date", "x", "not a date")]
    shown = "line 1" if lines == 1 else f"lines 1-{lines}"
    assert f"t.csv: {shown} above the table skipped" in loaded.audit.notes
    assert loaded.audit.assumed == ["title lines skipped"]
    assert loaded.audit.skipped == (1 if "quoted" in above else lines)
    assert loaded.audit.rows == 3


def test_more_titles_than_are_looked_at_are_an_error() -> None:
    with pytest.raises(DataError, match="no column for date, amount"):
        read("transactions", "".join(f"line {i}\n" for i in range(31)) + HEAD + ROWS)


def test_a_declared_header_is_known() -> None:
    text = "Tháng 1\nwho,when,how much\nA,2024-01-02,5\n"
    columns = {"customer_id": "who", "date": "when", "amount": "how much"}
    assert used(text, columns=columns) == ["A"]


def test_a_title_may_be_known_as_a_header_too() -> None:
    assert used("customer\ncustomer,date\nA,2024-01-02\n", constants={"amount": "1"}) == ["A"]


def test_a_file_that_begins_with_its_header_is_read_from_there() -> None:
    second = "customer_id,date,amount,product,category,channel\nZ,2024-01-02,5,x,y,z\n"
    loaded = read("transactions", "customer_id,date,amount,z\nA,2024-01-02,5,1\n\n" + second)
    assert loaded.frame["customer_id"].to_list() == ["A"]
    assert [line for line, *_ in rejected(loaded)] == [4, 5]


def test_words_in_rows_make_no_header() -> None:
    text = "customer_id,Ngày,Kênh\nA,2024-01-02,Email\nB,2024-01-03,Phone\n"
    assert used(text, "interactions") == ["A", "B"]
    with pytest.raises(DataError, match="it has 'code', 'Tên gì', 'x'"):
        read("customers", "code,Tên gì,x\n1,email,phone\n2,x,y\n")


def test_sep_line() -> None:
    text = "sep=;\n" + HEAD.replace(",", ";") + ROWS.replace(",", ";")
    loaded = read("transactions", text)
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert loaded.audit.skipped == 1
    assert loaded.audit.assumed == ["separated by ;", "title lines skipped"]
    tabs = ("sep=\t\n" + HEAD + ROWS).replace(",", "\t")
    assert used(tabs) == ["A", "B"]
    assert used('"sep=,"\r\nTitle\r\n' + HEAD + ROWS) == ["A", "B"]
    assert used("sep=;\n" + HEAD + ROWS, delimiter=",") == ["A", "B"]
    assert used("sep=^\n" + (HEAD + ROWS).replace(",", "^")) == ["A", "B"]
    with pytest.raises(DataError, match="no column for"):
        read("transactions", "sep=;\n")


@pytest.mark.parametrize("blank", [",,,", '"","","",""', " , ,,", ",", ";|", "\t,"])
def test_rows_without_anything_are_empty_lines(blank: str) -> None:
    loaded = read("transactions", HEAD + blank + "\n" + ROWS + f"{blank}\n{blank}\n")
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert (loaded.audit.rows, loaded.audit.skipped) == (2, 3)
    assert loaded.audit.notes == ["t.csv: 3 empty lines skipped"]
    assert loaded.audit.assumed == []


def test_a_row_that_has_something_in_a_column_nobody_reads_is_no_empty_line() -> None:
    loaded = read("transactions", HEAD + ROWS + ",,,lamp\n")
    assert rejected(loaded) == [(4, "date", None, "blank required value")]


@pytest.mark.parametrize(
    "line",
    ["Total,,11,", "Total:,,11,", ",,Total,11", "Grand Total,,11.00,", "Subtotal,,(11),",
     "Grand Totals (57 records),,,", '"Grand Totals (1,057 records)",,,', "Sum,,$11,",
     "Tổng cộng,,11 ₫,", "TỔNG CỘNG,,11,", "Tổng,,11.00 ₫,5", "Tổng số: 2 bản ghi,,,",
     "Cộng,,11,", "Total,,11", "Total", "Tổng cộng: 11", "2 records", "(57 rows)", "2 dòng",
     "Tổng cộng (2 đơn hàng),,11,", "Average,,5.5,", "Total amount: 11,,,",
     "Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved.",
     "Confidential Information - Do Not Distribute",
     "Confidential Information - Do Not Distribute,,,", "Generated by An on 31/12/2024,,,",
     "Ngày xuất: 31/12/2024,,,", "© Acme,,,"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "\n"])
def test_lines_below_the_table_are_skipped(line: str, before: str) -> None:
    loaded = read("transactions", HEAD + ROWS + before + line + "\n")
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert loaded.frame["amount"].sum() == Decimal(11)
    assert (loaded.audit.rows, loaded.audit.skipped) == (2, 1 + len(before))
    place = f"t.csv:{4 + len(before)}: below the table, skipped: "
    assert loaded.audit.notes[-1].startswith(place)
    assert loaded.audit.assumed == ["footer lines skipped"]


def test_the_last_lines_of_salesforce() -> None:
    text = (
        'Amount,Account Name,Customer ID,Date\n"5","Acme","A","2024-01-02"\n\n'
        '"Grand Totals (1 records)"\n\n"Sales of 2024"\n'
        '"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  An  31/12/2024 10:00"\n'
        '"Acme"\n\n'
    )
    loaded = read("transactions", text)
    assert (loaded.audit.rows, loaded.audit.used, loaded.audit.skipped) == (1, 1, 9)
    places = [note.split(": ")[0] for note in loaded.audit.notes if "below" in note]
    assert places == [f"t.csv:{line}" for line in (4, 6, 7, 8, 9, 10)]


@pytest.mark.parametrize(
    "line",
    ["Total,2024-01-04,7,z",  # a customer whose id is Total
     "Tổng Văn A,2024-01-04,7,z",
     "Sum,2024-01-04,7,",
     ",2024-01-04,7,Total"],
)  # fmt: skip
def test_a_row_is_a_row_whatever_its_words(line: str) -> None:
    loaded = read("transactions", HEAD + ROWS + line + "\n")
    assert loaded.audit.used == 3
    assert loaded.audit.skipped == 0


@pytest.mark.parametrize(
    "line",
    ["Total,,7,lamp",  # a text beside it
     "Total Gas,,7,", "Tổng Văn A,,7,", "Grand Total of all,,7,",
     "B",  # all that is left of a row
     "B,2024-01", "copyrighted goods,,7,", "Copyright,,7,z"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "\n"])
def test_what_is_no_footer_for_sure_is_rejected(line: str, before: str) -> None:
    loaded = read("transactions", HEAD + ROWS + before + line + "\n")
    assert loaded.audit.rejected == 1
    assert loaded.audit.skipped == len(before)


def test_totals_with_an_id_or_a_date_are_rows() -> None:
    head = "Name,customer_id,signup_date,churn_date,visits\n"
    for line in ("Total,7,45292,,5", "Total,7,,,5", "Total,,45292,,5"):
        loaded = read("customers", head + "An,1,45000,,2\n" + line + "\n", dates="excel")
        assert loaded.audit.rows == 2, line


def test_totals_stand_within_the_table_too() -> None:
    loaded = read("transactions", HEAD + "Total,,11,\n" + ROWS + "Total,,11,\nTotal,,11,\n")
    assert rejected(loaded) == []
    assert loaded.audit.skipped == 3
    loaded = read("transactions", HEAD + ROWS + "Total,,11,\n" + "A,2024-02-02,5,x\n" * 70)
    assert (loaded.audit.used, loaded.audit.skipped) == (72, 1)


def test_footers_need_a_table() -> None:
    assert footers([], 3, {0}) == {}
    assert footers([(0, ["Total"])], 1, {0}) == {}
    assert footers([(0, ["Total", "5"])], 2, ()) == {}, "nothing is known of its columns"
    assert footers([(0, []), (1, ["All rights reserved"])], 2, {0}) == {}, "nothing above it"
    constants = {"answered_at": "2024-01-02", "survey": "nps"}
    loaded = read("surveys", "score\n9\nTotal\n", constants=constants)
    assert rejected(loaded) == [(3, "score", "Total", "not a number")]


def test_repeated_headers_are_skipped() -> None:
    text = HEAD + ROWS + "\ufeff" + HEAD + ROWS.replace("A", "C").replace("B", "D") + HEAD
    loaded = read("transactions", text)
    assert loaded.audit.used == 4
    assert loaded.audit.skipped == 2
    assert loaded.audit.notes == ["t.csv: header repeated on line 4, 7, skipped"]
    assert loaded.audit.assumed == ["repeated headers skipped"]
    many = read("transactions", HEAD + (ROWS + HEAD) * 7)
    assert "and 2 more, skipped" in many.audit.notes[0]


def test_a_footer_may_read_as_a_note_does() -> None:
    loaded = read("transactions", HEAD + ROWS + "\nrepeated header\n")
    assert loaded.audit.assumed == ["footer lines skipped"]
    assert "t.csv:5: below the table, skipped: 'repeated header'" in loaded.audit.notes


def test_notes_tell_code_what_they_say() -> None:
    loaded = read("transactions", "Report\n" + HEAD.replace(",", "\t") + ROWS.replace(",", "\t"))
    notes = [(note.key, note.values) for note in loaded.audit.notes if isinstance(note, Message)]
    assert ("files.titles", {"path": "t.csv", "count": 1}) in notes
    assert ("files.separator", {"path": "t.csv", "delimiter": "tab"}) in notes
    words = [word.key for word in loaded.audit.assumed if isinstance(word, Message)]
    assert words == ["files.separator_short", "files.titles_short"]


def test_a_row_with_a_header_in_it_is_a_row() -> None:
    loaded = read("customers", "customer_id,signup_date,segment\ncustomer_id,2024-01-02,segment\n")
    assert loaded.audit.used == 1
    loaded = read("surveys", "survey,score,answered_at,comment\nsurvey,score,answered_at,x\n")
    assert loaded.audit.rejected == 1


@pytest.mark.parametrize("more", [1, 2])
def test_delimiters_at_the_end_of_rows_alone(more: int) -> None:
    end = "," * more
    lines = "".join(f"{row}{end}\n" for row in ROWS.splitlines()) * 12
    loaded = read("transactions", HEAD + lines + HEAD + "C,2024-01-04,1,z\n")
    assert loaded.audit.used == 24
    assert loaded.audit.skipped == 1
    assert rejected(loaded) == [(27, None, None, "too few fields")]
    assert "without header" in loaded.audit.notes[0]
    moved = read("transactions", HEAD + lines + f"C,2024-01-04,5,a{',b' * more}\n")
    assert rejected(moved) == [(26, None, None, "too many fields")]


def test_delimiters_at_the_end_of_the_header() -> None:
    assert used("customer_id,date,amount,\nA,2024-01-02,5,\n") == ["A"]
    assert used("customer_id,date,amount,\nA,2024-01-02,5\n") == ["A"]


def test_rows_that_are_wider_in_different_ways_are_rejected() -> None:
    loaded = read("transactions", HEAD + "A,2024-01-02,5,x,\nB,2024-01-02,5,x\n")
    assert rejected(loaded) == [(2, None, None, "too many fields")]
    loaded = read("transactions", HEAD + "A,2024-01-02,5,x,note\nB,2024-01-02,5,x,note\n")
    assert loaded.audit.reasons == {"too many fields": 2}


@pytest.mark.parametrize("start", [0, 1, 57])
def test_an_index_that_the_header_lacks(start: int) -> None:
    rows = "".join(f"{start + i},C{i},2024-01-02,5\n" for i in range(30))
    loaded = read("transactions", "customer_id,date,amount\n" + rows)
    assert loaded.frame["customer_id"].to_list() == [f"C{i}" for i in range(30)]
    assert loaded.audit.assumed == ["first column without header"]
    assert loaded.headers == ("customer_id", "date", "amount")
    ragged = rows.replace("C7,2024", "C,7,2024")
    loaded = read("transactions", "customer_id,date,amount\n" + ragged)
    assert rejected(loaded) == [(9, None, None, "too many fields")]
    footed = read("transactions", "customer_id,date,amount\n" + rows + ",Total,,150\n")
    assert (footed.audit.used, footed.audit.skipped) == (30, 1)
    with pytest.raises(DataError, match=r"t\.csv:32: records have one field more"):
        read("transactions", "customer_id,date,amount\n" + rows + "7,C,2024-01-02,5\n")


def test_an_index_with_an_empty_header_does_not_tell_rows_apart() -> None:
    text = ",ticket_id,created_at\n0,1,2024-01-02\n1,1,2024-01-02\n2,2,2024-01-02\n"
    loaded = read("tickets", text)
    assert (loaded.audit.used, loaded.audit.duplicates) == (2, 1)
    assert loaded.audit.assumed == []


def test_one_row_is_not_enough_for_an_index() -> None:
    loaded = read("transactions", "customer_id,date,amount\n1,A,2024-01-02,5\n")
    assert loaded.audit.reasons == {"too many fields": 1}


def test_no_header_line() -> None:
    columns = {"customer_id": 1, "date": 2, "amount": 3}
    text = "\nA;2024-01-02;5\n;;\nB;2024-01-02;6\nTotal;;11\n"
    loaded = read("transactions", text, columns=columns)
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert (loaded.audit.rows, loaded.audit.skipped) == (2, 3)
    assert used("sep=;\nA;2024-01-02;5\n", columns=columns) == ["A"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('<!DOCTYPE html>\n<p class="x">customer_id</p>\n', "HTML or XML"),
        ('[{"customer_id": "A", "date": "2024-01-02", "amount": 5}]', "JSON"),
        ('{"rows": []}\n', "JSON"),
        ("%PDF-1.7\n%âãÏÓ\n", "PDF"),
    ],
)
def test_files_that_are_something_else(content: str, what: str) -> None:
    with pytest.raises(DataError, match=rf"t\.csv: is {what}, not CSV") as caught:
        read("transactions", content)
    assert "save it as CSV" in str(caught.value.hint)


def test_what_was_assumed_of_columns_is_said_in_few_words() -> None:
    text = "Mã KH\tNgày mua\tTổng tiền\nA\t31/12/2024\t1.250,5\n"
    loaded = read("transactions", text)
    assert loaded.audit.assumed == [
        "separated by tab",
        "dates day first (31/12/2024)",
        "numbers as 1.234,56",
        "3 headers by alias",
    ]
    declared = read(
        "transactions",
        text,
        delimiter="\t",
        dates="%d/%m/%Y",
        numbers="1.234,56",
        columns={"customer_id": "Mã KH", "date": "Ngày mua", "amount": "Tổng tiền"},
    )
    assert declared.audit.assumed == []
    american = read("transactions", "customer,date,amount\nA,12/31/2024,5\n")
    assert american.audit.assumed == ["dates month first (12/31/2024)", "1 header by alias"]
