"""UTF-8 and UTF-16 are read, other encodings where they are declared, and suggested elsewhere."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from crm_kpi.errors import DataError, UsageError
from tests.sources.conftest import read

TEXT = "customer_id,signup_date,segment\nA,2024-01-02,x\nB,2024-02-03,Đại lý Nguyễn Văn Ước\n"
SEGMENT = {"customers": frozenset({"segment"})}


def segments(content: bytes, **how: object) -> list[str]:
    found: list[str] = read("customers", content, texts=SEGMENT, **how).frame["segment"].to_list()
    return found


def cp1258(text: str) -> bytes:
    """As Windows writes it: vowel and tone are two bytes where there is no letter for both."""
    made = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            made += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            tones = [m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323"]
            vowel = unicodedata.normalize("NFC", base + "".join(set(marks) - set(tones)))
            made += (vowel + "".join(tones)).encode("cp1258")
    return made


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read_and_said(codec: str) -> None:
    mark = "" if codec == "utf-16" else "\ufeff"
    data = (mark + TEXT).encode(codec)
    loaded = read("customers", data, texts=SEGMENT)
    assert loaded.frame["segment"].to_list() == ["x", "Đại lý Nguyễn Văn Ước"]
    assert loaded.audit.notes == ["t.csv: decoded from utf-16"]
    assert loaded.audit.assumed == ["UTF-16"]
    assert loaded.audit.bytes == len(data)
    assert loaded.audit.sha256 == [hashlib.sha256(data).hexdigest()]


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_utf_16_as_excel_writes_it(eol: str) -> None:
    data = TEXT.replace(",", "\t").replace("\n", eol).encode("utf-16")
    assert segments(data)[1] == "Đại lý Nguyễn Văn Ước"


def test_utf_16_that_is_cut_off() -> None:
    with pytest.raises(DataError, match=r"t\.csv:\d+: is not utf-16"):
        read("customers", TEXT.encode("utf-16")[:-1])


def test_utf_16_that_is_declared_to_be_utf_8() -> None:
    with pytest.raises(DataError, match="is UTF-16, not UTF-8") as caught:
        read("customers", TEXT.encode("utf-16"), encoding="utf-8")
    assert caught.value.hint == "declare encoding: utf-16"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_suggested(codec: str) -> None:
    for text in (TEXT, TEXT.replace("segment", "Đại lý")):
        with pytest.raises(DataError, match=r"t\.csv: looks like UTF-16") as caught:
            read("customers", text.encode(codec))
        assert caught.value.hint == f"declare encoding: {codec}"
    assert segments(TEXT.encode(codec), encoding=codec)[0] == "x"


def test_nul_is_an_error() -> None:
    with pytest.raises(DataError, match=r"t\.csv:3: holds a NUL byte") as caught:
        read("customers", TEXT.replace("B", "\0"))
    assert caught.value.hint == "this is no text file, or it is damaged"
    with pytest.raises(DataError, match=r"t\.csv:1: holds a NUL byte"):
        read("customers", "\0" + TEXT)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf8"])
def test_declared_unicode(encoding: str) -> None:
    loaded = read("customers", TEXT.encode(encoding), encoding=encoding, texts=SEGMENT)
    assert loaded.frame["segment"].to_list()[1] == "Đại lý Nguyễn Văn Ước"
    assert loaded.audit.assumed == []


def test_vietnamese_of_windows_comes_out_composed() -> None:
    data = cp1258(TEXT)
    assert b"\xcc" in data or b"\xf2" in data, "tones of their own"
    assert segments(data, encoding="cp1258")[1] == "Đại lý Nguyễn Văn Ước"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso-8859-15"])
def test_declared_western(encoding: str) -> None:
    data = TEXT.replace("Đại lý Nguyễn Văn Ước", "Café Élysée").encode(encoding)
    assert segments(data, encoding=encoding)[1] == "Café Élysée"


def test_vietnamese_of_windows_is_read_where_its_words_prove_it() -> None:
    loaded = read("customers", cp1258(TEXT), texts={"customers": frozenset({"segment"})})
    assert loaded.frame["segment"][1] == "Đại lý Nguyễn Văn Ước"
    assert "CP1258" in loaded.audit.assumed
    foreign = TEXT.replace("Đại lý", "Đại Zürich")
    with pytest.raises(DataError, match="is not UTF-8"):
        read("customers", foreign.encode("cp1258", "replace") + b"\xfc\n")


def hint(text: bytes) -> str:
    with pytest.raises(DataError, match=r"t\.csv:\d+: is not UTF-8 \(byte 0x..\)") as caught:
        read("customers", text)
    return str(caught.value.hint)


def test_suggestions_show_the_word_as_each_reads_it() -> None:
    vietnamese = hint(cp1258("customer_id,signup_date,segment\nA,2024-01-02,lý Nguyễn\n"))
    assert "cp1258 ('lý Nguyễn')" in vietnamese
    assert "cp1252" not in vietnamese
    french = hint(
        "customer_id,signup_date,segment\nA,2024-01-02,Noël à l'Élysée\n".encode("cp1252")
    )
    assert 'cp1252 ("Noël à l\'Élysée")' in french
    assert "cp1258" not in french
    either = hint("customer_id,signup_date,segment\nA,2024-01-02,João\n".encode("cp1252"))
    assert "cp1258 ('Joăo') or cp1252 ('João')" in either


def test_a_header_that_is_not_utf_8() -> None:
    assert "cp1258 ('Khu vực')" in hint(cp1258("customer_id,signup_date,Khu vực\n"))
    text = cp1258("Báo cáo của Đại lý\n") + TEXT.encode()
    with pytest.raises(DataError, match=r"t\.csv:1: is not UTF-8"):
        read("customers", text)


def test_one_damaged_byte_is_no_other_encoding() -> None:
    found = hint(TEXT.encode().replace(b"x", b"\xff"))
    assert found == "the rest of it is UTF-8: mend the text on this line"


@pytest.mark.parametrize(
    "text",
    [
        b"V\xa8n Ph\xb9m \xae\xb9i l\xfd Nguy\xd4n Tr\xc7n",  # TCVN3: Văn Phạm đại lý Nguyễn Trần
        b"Nguye\xe3n Va\xeen Ha\xf8 No\xe4i",  # VNI: Nguyễn Văn Hà Nội
        b"\x81\x8d\x8f",  # nothing
    ],
)
def test_no_suggestion_for_what_no_encoding_reads(text: bytes) -> None:
    found = hint(b"customer_id,signup_date,segment\nA,2024-01-02," + text + b"\n")
    assert "cp125" not in found
    assert "TCVN3" in found


def test_old_vietnamese_that_passes_for_utf_8_is_said() -> None:
    loaded = read("customers", TEXT.replace("Văn", "V¨n"))
    assert loaded.audit.used == 2
    assert "TCVN3" in loaded.audit.notes[0]
    assert loaded.audit.assumed == ["text looks wrongly decoded"]
    assert read("customers", TEXT.replace("Văn", "© Văn, 5 ¾")).audit.notes == []


def test_control_characters_are_kept_and_said() -> None:
    loaded = read("customers", TEXT.replace("x", "\x85"))
    assert loaded.audit.used == 2
    assert "control characters" in loaded.audit.notes[0]


def test_a_wrong_encoding_is_an_error() -> None:
    with pytest.raises(DataError, match=r"t\.csv:3: is not ascii"):
        read("customers", TEXT, encoding="ascii")
    for encoding, reason in (("klingon", "no encoding"), ("base64", "no encoding of text")):
        with pytest.raises(UsageError, match=reason):
            read("customers", TEXT, encoding=encoding)
    with pytest.raises(UsageError, match="no encoding"):
        read("customers", TEXT, encoding="utf\0")
    for other in (
        "utf-7",
        "idna",
        "punycode",
        "rot13",
        "zip",
        "unicode_escape",
        "mbcs",
        "undefined",
    ):
        with pytest.raises(UsageError, match="no encoding"):
            read("customers", b"+2AA-", encoding=other)
    with pytest.raises(UsageError) as caught:
        read("customers", TEXT, encoding="cp12588")
    assert caught.value.hint == "did you mean 'cp1258'?"


def test_an_encoding_is_declared_for_a_file_of_utf_8() -> None:
    with pytest.raises(DataError, match="is UTF-8, not cp1252") as caught:
        read("customers", TEXT.encode("utf-8-sig"), encoding="cp1252")
    assert caught.value.hint == "leave encoding: out"
    with pytest.raises(DataError, match=r"t\.csv:3: is not cp1258") as caught:
        read("customers", TEXT, encoding="cp1258")
    assert caught.value.hint == "leave encoding: out"
