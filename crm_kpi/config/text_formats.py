"""How a file writes dates and numbers, as `dates:`, `numbers:` and their neighbours say it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Tag, WithJsonSchema

from crm_kpi.config.scalars import Text, Word, wrong
from crm_kpi.errors import did_you_mean
from crm_kpi.sources.query import fault

COUNTED = ("excel", "unix", "unix_ms")
"""Day numbers of a spreadsheet; seconds and milliseconds since 1970."""

_DIRECTIVES = frozenset("YmdbBHIMSfpzFTR%")
_DAY_PARTS = ({"Y"}, {"m", "b", "B"}, {"d"})
_LETTERS = (
    ("yyyy", "%Y"),
    ("dd", "%d"),
    ("hh24", "%H"),
    ("hh", "%H"),
    ("ss", "%S"),
)
"""What spreadsheets call the parts of a date, and what we call them."""


def _date_format(value: str) -> str:
    if value in COUNTED:
        return value
    directives = re.findall(r"%(.?)", value.replace("%.f", "%f"))
    if not directives:
        hint = did_you_mean(value, COUNTED) or _translated(value)
        raise wrong('should be a format such as "%d/%m/%Y", or excel for serial days', hint)
    for directive in directives:
        if directive == "y":
            raise wrong("holds %y, but a year needs four digits", "write %Y")
        if directive not in _DIRECTIVES:
            known = ", ".join(f"%{letter}" for letter in "YmdbBHIMSfpz")
            raise wrong(f"holds %{directive}, which is not known", f"known are {known}")
    _check_clock(value, directives)
    missing = [sorted(part)[-1] for part in _DAY_PARTS if not part & set(directives)]
    if missing and "F" not in directives:
        names = " and ".join(f"%{letter}" for letter in missing)
        raise wrong(f"lacks {names}", 'a date format holds day, month and year: "%d/%m/%Y"')
    return value


_FIELDS = (
    ("the year", "YF"),
    ("the month", "mbBF"),
    ("the day", "dF"),
    ("the hour", "HITR"),
    ("the minute", "MTR"),
    ("the second", "ST"),
    ("the fraction", "f"),
    ("the half of the day", "p"),
    ("the offset", "z"),
)
"""Each part of a moment, and the directives that hold it."""
_NEEDS = (
    ("p", "I", "which the hour up to 12 goes with"),
    ("I", "p", "without which 3 may be in the afternoon"),
    ("H", "M", "without which the hour is no time of day"),
    ("I", "M", "without which the hour is no time of day"),
    ("M", "HI", "without which minutes are of no hour"),
    ("S", "MR", "without which seconds are of no minute"),
)
"""A directive, those of which it needs one, and why."""


def _check_clock(value: str, directives: list[str]) -> None:
    """Each part once, and none without the one that it belongs to."""
    for part, letters in _FIELDS:
        twice = [letter for letter in directives if letter in letters]
        if len(twice) > 1:
            names = " and ".join(f"%{letter}" for letter in twice)
            raise wrong(f"holds {part} twice, as {names}", "write each part of the date once")
    for letter, others, why in _NEEDS:
        if letter in directives and not set(others) & set(directives):
            names = " or ".join(f"%{other}" for other in others)
            raise wrong(f"holds %{letter}, but not {names}, {why}")
    if "f" in directives and not re.search(r"%[ST](?:\.%f|%\.f)", value):
        raise wrong("holds %f elsewhere than behind the seconds", 'write "%S.%f"')
    if "z" in directives and not re.search(" ?%z$", value):
        raise wrong("holds %z before its end", "an offset such as +07:00 stands last")


def _translated(value: str) -> str | None:
    """`dd/MM/yyyy HH:mm`, as spreadsheets write it, in our letters."""
    text = re.sub(r"(?<=:)mm", "%M", value, flags=re.IGNORECASE)
    for theirs, ours in (*_LETTERS, ("mm", "%m")):
        text = re.sub(rf"(?<!%){theirs}", ours, text, flags=re.IGNORECASE)
    return f'did you mean "{text}"?' if all(part in text for part in ("%Y", "%m", "%d")) else None


def _delimiter(value: str) -> str:
    character = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(character) != 1 or character.isalnum() or character in "\"'\r\n":
        raise wrong("should be one character such as ; or the word tab")
    return character


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except (LookupError, ValueError) as error:
        common = ("utf-8", "utf-16", "cp1258", "cp1252", "latin-1", "shift_jis", "gb18030")
        hint = did_you_mean(value, common) or f"common are {', '.join(common)}"
        raise wrong("is not an encoding", hint) from error
    return value


def _database(value: str) -> str:
    found = fault(value)
    if found is not None:
        raise wrong(*found, secret=True)
    return value


def shape(value: Any) -> str:
    """Whether a key holds one value for all, or a block with one for each."""
    return "each" if isinstance(value, dict) else "all"


DateText = Annotated[Text, AfterValidator(_date_format)]
NumberText = Literal["1,234.56", "1.234,56", "1 234,56", "1234.56", "1234,56"]
Delimiter = Annotated[Word, AfterValidator(_delimiter), WithJsonSchema({"type": "string"})]
Database = Annotated[Text, AfterValidator(_database)]
Encoding = Annotated[Text, AfterValidator(_encoding)]

Dates = Annotated[
    Annotated[DateText, Tag("all")] | Annotated[dict[str, DateText], Tag("each")],
    Discriminator(shape),
]
Numbers = Annotated[
    Annotated[NumberText, Tag("all")] | Annotated[dict[str, NumberText], Tag("each")],
    Discriminator(shape),
]
