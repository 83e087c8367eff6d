"""Text of other encodings than UTF-8: decoded where it is declared or proved, else suggested.

Nothing in a file of single bytes says which letters they are: `0xFD` is `ý` in cp1252 and the
`ư` of cp1258, and every byte is some letter in both. So a suggestion shows a word as each
encoding reads it, and leaves the choice to somebody who knows the word.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from crm_kpi.errors import DataError, UsageError, did_you_mean
from crm_kpi.messages import Message, joined, text
from crm_kpi.sources.io.vietnamese_syllables import is_vietnamese
from crm_kpi.sources.unicode import normalized

_NAMES = """
    ascii utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be
    iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9
    iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 tis-620
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865
    cp866 cp869 cp874 cp037 cp273 cp500 cp1140 koi8-r koi8-u koi8-t kz1048 ptcp154
    mac-roman mac-latin2 mac-cyrillic mac-greek mac-turkish mac-iceland mac-croatian mac-romanian
    big5 big5hkscs cp950 gb2312 gbk gb18030 hz shift_jis shift_jis_2004 shift_jisx0213 cp932
    euc_jp euc_jis_2004 euc_jisx0213 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_ext
    euc_kr cp949 johab iso2022_kr
"""
ENCODINGS = frozenset(_NAMES.split())
"""Those that text is kept in, by Python's names. Others that Python knows are no text (zip,
rot13), or are for other things (idna, unicode_escape)."""

UTF8 = frozenset({"utf-8", "utf-8-sig"})
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
) | frozenset("đĐ")
"""Every letter that carries a mark, and the vowels without."""

_USUAL = frozenset("\u00a0₫°–—‘’“”…•€£©®")
"""Signs that stand in texts of any language."""
_CELL = re.compile(rb"[^,;\t|\"\r\n]+")
_VNI = re.compile("[aeiouyAEIOUY][øùûõïäåãëöêÄÅ]")
"""A vowel with a mark of its own beside it, as fonts of VNI write."""
_ODD_CASE = re.compile(r"[a-zß-öø-ÿ][À-ÖØ-Þ]|\w[¨©ª«¬®¶·¸¹»¼½¾§]|[¨©ª«¬®¶·¸¹»¼½¾§]\w")
"""Capitals and signs inside words, as fonts of TCVN3 write."""


def codec_of(path: str, encoding: str | None) -> str:
    """Python's name of a declared encoding, UTF-8 if there is none.

    Raises UsageError for one that is not of `ENCODINGS`.
    """
    try:
        codec = codecs.lookup(encoding or "utf-8").name
    except (LookupError, ValueError):
        codec = ""
    if codec not in ENCODINGS:
        reason = text("files.no_encoding", path=path, encoding=encoding)
        if codec:
            reason = text("files.no_encoding_of_text", path=path, encoding=encoding)
        near = did_you_mean(str(encoding).lower(), sorted(ENCODINGS))
        raise UsageError(reason, hint=near or text("files.try_encodings"))
    return codec


def to_utf8(path: str, raw: Callable[[], Iterable[bytes]], codec: str) -> Iterator[bytes]:
    """The bytes that `raw` gives, some at a time, as UTF-8.

    Raises DataError for bytes that are not `codec`.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    line, first, held = 1, True, ""
    for part in chain(raw(), (b"",)):
        if first and part.startswith(codecs.BOM_UTF8):
            raise DataError(
                text("files.utf8_after_all", path=path, encoding=codec),
                hint=text("files.leave_encoding_out"),
            )
        try:
            decoded = decoder.decode(part, final=not part)
        except UnicodeDecodeError as error:
            # What the decoder has kept of the part before stands in front of this one.
            line += error.object.count(b"\n", 0, error.start)
            hint = text("files.declare_other_encoding")
            if _is_utf8(raw()):
                hint = text("files.leave_encoding_out")
            raise DataError(
                text(
                    "files.not_in_encoding", path=path, line=line, encoding=codec, why=error.reason
                ),
                hint=hint,
            ) from error
        decoded = held + (decoded.removeprefix("\ufeff") if first else decoded)
        first = first and not part
        line += part.count(b"\n")
        if codec == "cp1258":
            # It writes a letter and its tone as two; everybody else writes one. Both are of the
            # same part, as nothing is cut but in front of a letter.
            end = len(decoded) - 1 if part else len(decoded)
            while 0 < end < len(decoded) and unicodedata.combining(decoded[end]):
                end -= 1
            decoded, held = normalized("NFC", decoded[:end]), decoded[end:]
        yield decoded.encode()


def _is_utf8(parts: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in chain(parts, (b"",)):
            decoder.decode(part, final=not part)
    except UnicodeDecodeError:
        return False
    return True


def proves_cp1258(raw: bytes) -> bool:
    """Whether bytes that are not UTF-8 are Vietnamese in this encoding: all marked words are
    syllables then, which no other reading makes of them."""
    try:
        text = raw.decode("cp1258")
    except UnicodeDecodeError:
        return False
    return is_vietnamese(normalized("NFC", text), _WORDS)


_WORDS = 3
"""Different words that are a proof."""


def not_utf8(path: str, block: bytes, position: int, line: int) -> DataError:
    """Bytes at `position` of `block` that are not UTF-8, and what they may be."""
    if block.startswith(UTF16):
        return DataError(
            text("files.utf16", path=path), hint=text("files.declare_encoding", encoding="utf-16")
        )
    byte = block[position : position + 1].hex()
    return _looks_wide(path, block) or DataError(
        text("files.not_utf8", path=path, line=line, byte=byte), hint=_hint(block, position)
    )


def holds_nul(path: str, block: bytes, position: int, line: int) -> DataError:
    """A NUL at `position` of `block`: no text, or text of two bytes a letter."""
    return _looks_wide(path, block) or DataError(
        text("files.nul", path=path, line=line), hint=text("files.no_text_file")
    )


def _looks_wide(path: str, block: bytes) -> DataError | None:
    """What to say of text whose every second byte is zero, but for some letters: it is UTF-16."""
    pairs = len(block) // 2
    for zeros, codec in ((block[1::2], "utf-16-le"), (block[::2], "utf-16-be")):
        if zeros.count(0) > pairs // 2:
            return DataError(
                text("files.like_utf16", path=path),
                hint=text("files.declare_encoding", encoding=codec),
            )
    return None


def _hint(block: bytes, position: int) -> Message:
    decoded = block.decode("utf-8", "replace")
    broken = decoded.count("\ufffd")
    if sum(not letter.isascii() for letter in decoded) > 2 * broken:
        return text("files.mend_line")
    word = next(cell[0] for cell in _CELL.finditer(block) if cell.end() > position)
    likely = [codec for codec in ("cp1258", "cp1252") if _reads_well(block, codec)]
    if not likely:
        return text("files.save_or_declare")
    readings = [text("files.reading", encoding=c, word=_decoded(word, c)) for c in likely]
    return text("files.declare_or_save", readings=joined(readings, text("general.or")))


def _reads_well(block: bytes, codec: str) -> bool:
    """Whether what is beyond ASCII comes out as letters of a language that `codec` is for."""
    try:
        decoded = _decoded(block, codec, most=len(block))
    except UnicodeDecodeError:
        return False
    beyond = [letter for letter in decoded if not letter.isascii() and letter not in _USUAL]
    if codec == "cp1258":
        ours = sum(letter in VIETNAMESE for letter in beyond)
        own = any(letter in VIETNAMESE and letter > "\u0100" for letter in beyond)
        return own and ours == len(beyond)
    letters = all(unicodedata.category(letter)[0] == "L" for letter in beyond)
    vni = len(_VNI.findall(decoded)) > max(2, len(beyond) // 2)
    return letters and not vni and not _ODD_CASE.search(decoded)


def _decoded(raw: bytes, codec: str, most: int = 40) -> str:
    return normalized("NFC", raw.decode(codec)).strip()[:most]
