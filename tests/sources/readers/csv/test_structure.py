"""Bytes: delimiters, quoting, line ends, encodings, and records of another width."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import polars as pl
import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, IdentityError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected

PLAIN = "customer_id,signup_date,segment\nA,2024-01-02,x\nB,2024-02-03,y\n"


def rows(loaded: sources.LoadedTable, *columns: str) -> list[tuple[object, ...]]:
    return loaded.frame.select(columns).rows()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_delimiters_and_line_ends_are_found(delimiter: str, eol: str, bom: str) -> None:
    text = bom + PLAIN.replace(",", delimiter).replace("\n", eol)
    loaded = read("customers", text)
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert loaded.headers == ("customer_id", "signup_date", "segment")
    name = {"\t": "tab"}.get(delimiter, delimiter)
    said = [] if delimiter == "," else [f"separated by {name}"]
    assert loaded.audit.notes == [f"t.csv: {one}" for one in said]
    assert loaded.audit.assumed == said


def test_no_final_line_end_is_said() -> None:
    loaded = read("customers", PLAIN.rstrip("\n"))
    assert loaded.audit.used == 2
    assert loaded.audit.notes == ["t.csv: no line end after the last record"]


def test_delimiter_is_decided_by_known_headers_not_by_counting() -> None:
    loaded = read("customers", "customer_id;signup_date;a,b,c,d,e\nA;2024-01-02;1\n")
    assert loaded.headers == ("customer_id", "signup_date", "a,b,c,d,e")


def test_two_possible_delimiters_are_an_error() -> None:
    with pytest.raises(DataError, match=r"t.csv:1: the delimiter may be , or ;") as caught:
        read("customers", "customer_id,x;signup_date\nA,b;2024-01-02\n")
    assert caught.value.hint == "declare delimiter:"


def test_declared_delimiter() -> None:
    loaded = read("customers", PLAIN.replace(",", "^"), delimiter="^")
    assert loaded.audit.used == 2
    with pytest.raises(UsageError, match="cannot be a delimiter"):
        read("customers", PLAIN, delimiter="::")


def test_quoted_delimiters_line_ends_and_marks_are_content() -> None:
    text = (
        'customer_id,signup_date,segment\n"A",2024-01-02,"a,b"\n"B","2024-02-03","say ""x""\n2"\n'
    )
    loaded = read("customers", text, texts={"customers": frozenset({"segment"})})
    assert rows(loaded, "customer_id", "segment") == [("A", "a,b"), ("B", 'say "x"\n2')]


def test_lines_are_true_after_quoted_line_ends() -> None:
    text = (
        'customer_id,signup_date,"a\nheader"\n'  # lines 1 and 2
        'A,2024-01-02,"one\n\ntwo"\n'  # 3 to 5
        "B,bad,x\n"  # 6
        'C,2024-01-02,"\n"\n'  # 7, 8
        "D,worse,x"  # 9
    )
    assert rejected(read("customers", text)) == [
        (6, "signup_date", "bad", "not a date"),
        (9, "signup_date", "worse", "not a date"),
    ]


def test_lines_are_true_in_a_large_file() -> None:
    record = 'C{0},2024-01-02,"{1}\n{1}"\n'
    text = "".join(record.format(i, "x" * 40) for i in range(60_000))
    text = "customer_id,signup_date,segment\n" + text + "Z,never,end\n"
    assert len(text) > 4 << 20, "more than one block"
    loaded = read("customers", text)
    assert loaded.audit.used == 60_000
    assert rejected(loaded) == [(120_002, "signup_date", "never", "not a date")]


@pytest.mark.parametrize("width", [3, 60, 400])
def test_quoted_records_of_any_width(width: int) -> None:
    extra = [f'"x, {i}"' for i in range(width - 2)]
    head = ",".join(["customer_id", "signup_date", *(f"c{i}" for i in range(width - 2))])
    good = [",".join([f"{i}", "2024-01-02", *extra]) for i in range(3)]
    text = "\n".join([head, good[0], good[1] + ",", good[2].rsplit(",", 2)[0], good[2], ""])
    loaded = read("customers", text)
    assert loaded.frame["customer_id"].to_list() == ["0", "2"]
    assert [(line, reason) for line, _, _, reason in rejected(loaded)] == [
        (3, "too many fields"),
        (4, "too few fields"),
    ]
    assert read("customers", "\n".join([head, *good, ""])).audit.used == 3


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ('B,2024-01-02,5" pipe\n', 3),
        ('B,2024-01-02,a "b" c\n', 3),
        ('B,2024-01-02,"a" b\n', 3),
        ('B,2024-01-02,"open\n', 3),
        ('B,2024-01-02,"x""\nC,2024-01-02,y\n', 3),
        ('B,2024-01-02,x\nC,"2024,z\n', 4),
    ],
)
@pytest.mark.parametrize("after", ["", 'D,2024-01-02,"z"\n'])
def test_broken_quoting_fails_the_file_where_it_starts(record: str, line: int, after: str) -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02,x\n" + record + after
    with pytest.raises(DataError, match=rf"t\.csv:{line}: broken quoting"):
        read("customers", text)


def test_broken_quoting_in_the_header() -> None:
    with pytest.raises(DataError, match=r"t\.csv:1: broken quoting"):
        read("customers", 'customer_id,"signup_date\nA,2024-01-02\n')


def test_records_of_another_width_are_rejected_and_the_others_stay() -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02\nB,2024-01-03,y\nC,2024-01-04,z,1\n,\n"
    loaded = read("customers", text)
    assert loaded.frame["customer_id"].to_list() == ["B"]
    assert rejected(loaded) == [
        (2, None, None, "too few fields"),
        (4, None, None, "too many fields"),
    ]
    assert (loaded.audit.rows, loaded.audit.skipped) == (3, 1)


def test_one_short_and_one_long_record_do_not_make_up_for_each_other() -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02\nB,2024-01-03,y,z\n"
    loaded = read("customers", text)
    assert loaded.audit.reasons == {"too few fields": 1, "too many fields": 1}


def test_empty_lines_are_skipped_and_counted() -> None:
    text = "\ncustomer_id,signup_date\n\nA,2024-01-02\n  \nB,x\n\n"
    loaded = read("customers", text)
    assert (loaded.audit.rows, loaded.audit.skipped) == (2, 4)
    assert rejected(loaded) == [(6, "signup_date", "x", "not a date")]
    assert loaded.audit.notes == ["t.csv: 4 empty lines skipped"]
    assert loaded.audit.assumed == []


def test_an_empty_line_in_a_file_of_one_column_is_an_empty_value() -> None:
    constants = {"answered_at": "2024-01-02", "survey": "nps"}
    loaded = read("surveys", "score\n9\n\n10\n", constants=constants)
    assert loaded.frame["score"].to_list() == [9, None, 10]


def test_a_header_without_rows_is_valid() -> None:
    loaded = read("customers", "customer_id,signup_date\n")
    assert loaded.frame.height == 0
    assert loaded.frame.schema == {"customer_id": pl.String, "signup_date": pl.Date}
    assert loaded.audit.balanced


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \n"])
def test_an_empty_file_is_an_error(content: bytes) -> None:
    with pytest.raises(DataError, match=r"t\.csv: is empty"):
        read("customers", content)


def test_paths_that_lead_nowhere() -> None:
    options = ReadOptions(AS_OF)

    def load(path: str) -> None:
        sources.load(TABLES["customers"], [SourceSpec("customers", (path,))], options)

    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        load("none.csv")
    with pytest.raises(DataError, match=r"\*\.none: matches no file"):
        load("*.none")
    Path("folder.csv").mkdir()
    with pytest.raises(DataError, match=r"folder\.csv: is a directory"):
        load("folder.csv")


def test_globs_lists_and_blocks_make_one_table() -> None:
    head = "customer_id,signup_date\n"
    Path("b1.csv").write_text(head + "B,2024-01-02\n")
    Path("b0.csv").write_text(head + "A,2024-01-02\n")
    Path("c[1].csv").write_text(head + "C,2024-01-02\n")
    Path("d.csv").write_text("Mã KH;Ngày tạo\nD;31/01/2024\n")
    specs = [
        SourceSpec("customers", ("b*.csv", "c[1].csv", "b0.csv")),
        SourceSpec("customers", ("d.csv",)),
    ]
    loaded = sources.load(TABLES["customers"], specs, ReadOptions(AS_OF))
    assert loaded.frame["customer_id"].to_list() == ["A", "B", "C", "D"]
    assert loaded.audit.paths == ["b0.csv", "b1.csv", "c[1].csv", "d.csv"]
    assert loaded.headers == ("customer_id", "signup_date", "Mã KH", "Ngày tạo")


def test_stdin_is_read_once_for_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO(b"id,date,NPS,CSAT\n1,2024-01-02,9,5\n2,2024-01-03,3,\n")

    monkeypatch.setattr(sys, "stdin", Pipe)
    specs = [
        SourceSpec("surveys", ("-",), columns={"score": header}, constants={"survey": survey})
        for header, survey in (("NPS", "nps"), ("CSAT", "csat"))
    ]
    loaded = sources.load(TABLES["surveys"], specs, ReadOptions(AS_OF))
    assert rows(loaded, "response_id", "survey", "score") == [
        ("1", "nps", 9), ("2", "nps", 3), ("1", "csat", 5), ("2", "csat", None),
    ]  # fmt: skip
    assert loaded.audit.paths == ["-"]
    assert loaded.audit.bytes == 50


def test_each_file_is_parsed_once_and_only_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_kpi.sources.readers.csv import scan

    parsed = []
    original = scan.scan

    def counting(source, dialect, positions, ways):  # type: ignore[no-untyped-def]
        parsed.append((source, [dialect.headers[p] for p in positions]))
        return original(source, dialect, positions, ways)

    monkeypatch.setattr(scan, "scan", counting)
    Path("all.csv").write_text(
        "customer_id,signup_date,date,amount,Town,Note,Stars\nA,2024-01-01,2024-01-02,5,n,o,9\n"
    )
    specs = {
        "transactions": [SourceSpec("transactions", ("all.csv",), exclude={"Note": ("x",)})],
        "customers": [SourceSpec("customers", ("all.csv",))],
    }
    sources.load_all(specs, ReadOptions(AS_OF, texts={"customers": frozenset({"Stars"})}))
    assert parsed == [
        ("all.csv", ["customer_id", "signup_date", "date", "amount", "Note", "Stars"])
    ]


def test_a_pipe_with_a_name_is_read_like_a_file() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, PLAIN.encode())
    os.close(theirs)
    try:
        spec = SourceSpec("customers", (f"/dev/fd/{ours}",))
        loaded = sources.load(TABLES["customers"], [spec], ReadOptions(AS_OF))
    finally:
        os.close(ours)
    assert loaded.audit.used == 2


def test_a_file_that_changes_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_kpi.sources.readers.csv import scan

    original = scan.scan

    def slow(source, dialect, positions, ways):  # type: ignore[no-untyped-def]
        Path(source).write_text(PLAIN + "C,2024-03-04,z\n")
        return original(source, dialect, positions, ways)

    monkeypatch.setattr(scan, "scan", slow)
    with pytest.raises(DataError, match="changed while it was read"):
        read("customers", PLAIN)


def test_the_package_does_not_import_polars() -> None:
    import subprocess

    code = "import sys, crm_kpi.sources; sys.exit('polars' in sys.modules)"
    root = Path(__file__).parents[4]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_files_that_cannot_be_read() -> None:
    options = ReadOptions(AS_OF)
    for path, reason in (("a\0b.csv", "cannot be read: "), ("x" * 300, "cannot be read: "),
                         ("/proc/self/mem", "cannot be read: ")):  # fmt: skip
        with pytest.raises(DataError, match=reason):
            sources.load(TABLES["customers"], [SourceSpec("customers", (path,))], options)


def test_a_file_that_vanishes_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_kpi.sources.readers.csv import scan

    original = scan.scan

    def vanishing(source, dialect, positions, ways):  # type: ignore[no-untyped-def]
        Path(source).unlink()
        return original(source, dialect, positions, ways)

    monkeypatch.setattr(scan, "scan", vanishing)
    with pytest.raises(DataError, match=r"t\.csv: no such file"):
        read("customers", PLAIN)


@pytest.mark.parametrize("height", [1, 3])
def test_a_parser_that_loses_a_record_is_found_out(
    height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_kpi.sources.readers.csv import scan

    original = scan.scan

    def losing(source, dialect, positions, ways):  # type: ignore[no-untyped-def]
        frame = original(source, dialect, positions, ways)
        return pl.concat([frame, frame])[:height]

    monkeypatch.setattr(scan, "scan", losing)
    with pytest.raises(IdentityError, match=f"2 records counted, {height} parsed"):
        read("customers", PLAIN)


def test_a_record_that_is_skipped_without_being_there_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from crm_kpi.sources.readers.csv.csv_file import CsvFile

    monkeypatch.setattr(CsvFile, "_footers", lambda self, skips: {7: "footer"})
    with pytest.raises(IdentityError, match="2 rows and 1 others are not 2 records"):
        read("customers", PLAIN)


def test_a_record_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_kpi.sources.readers.csv import structure

    monkeypatch.setattr(structure, "LONGEST_RECORD", 1 << 10)
    long = "A,2024-01-02," + "x" * (1 << 20)
    with pytest.raises(DataError, match=r"t\.csv: has a record of more than"):
        read("customers", "customer_id,signup_date,segment\n" + long)


def test_a_header_without_end() -> None:
    with pytest.raises(DataError, match=r"t\.csv:3: broken quoting"):
        read("customers", "\n\n" + '"' + "x" * (4 << 20))
    with pytest.raises(DataError, match=r"t\.csv:1: broken quoting"):
        read("customers", "x" * (5 << 20))
    with pytest.raises(DataError, match=r"t\.csv:1: broken quoting"):
        read("customers", 'customer_id,"sig"nup"_date"\nA,2024-01-02\n')
