"""How a file writes dates and numbers, as `dates:`, `numbers:` and their neighbours say it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Tag, WithJsonSchema

from crm_kpi.config.scalars import Text, Word, wrong
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import Message, joined, should_be, text
from crm_kpi.sources.query import fault

COUNTED = ("excel", "unix", "unix_ms")
"""Day numbers of a spreadsheet; seconds and milliseconds since 1970."""

_DIRECTIVES = frozenset("YymdbBHIMSfpzFTR%")
_DAY_PARTS = ("Yy", "mbB", "d")
"""Of each part one letter; the first is what is proposed."""
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
        raise wrong(should_be(text("config.date_format")), hint)
    for directive in directives:
        if directive not in _DIRECTIVES:
            known = ", ".join(f"%{letter}" for letter in "YmdbBHIMSfpz")
            raise wrong(
                text("config.unknown_directive", letter=directive),
                text("config.known_directives", directives=known),
            )
    _check_clock(value, directives)
    missing = [part[0] for part in _DAY_PARTS if not set(part) & set(directives)]
    if missing and "F" not in directives:
        names = joined((f"%{letter}" for letter in missing), text("general.and"))
        raise wrong(text("config.lacks_directives", directives=names), text("config.whole_day"))
    return value


_FIELDS = (
    (text("config.the_year"), "YyF"),
    (text("config.the_month"), "mbBF"),
    (text("config.the_day"), "dF"),
    (text("config.the_hour"), "HITR"),
    (text("config.the_minute"), "MTR"),
    (text("config.the_second"), "ST"),
    (text("config.the_fraction"), "f"),
    (text("config.the_half_day"), "p"),
    (text("config.the_offset"), "z"),
)
"""Each part of a moment, and the directives that hold it."""
_NEEDS = (
    ("p", "I", text("config.hour_12")),
    ("I", "p", text("config.half_day_open")),
    ("H", "M", text("config.hour_alone")),
    ("I", "M", text("config.hour_alone")),
    ("M", "HI", text("config.minutes_alone")),
    ("S", "MR", text("config.seconds_alone")),
)
"""A directive, those of which it needs one, and why."""


def _check_clock(value: str, directives: list[str]) -> None:
    """Each part once, and none without the one that it belongs to."""
    for part, letters in _FIELDS:
        twice = [letter for letter in directives if letter in letters]
        if len(twice) > 1:
            names = joined((f"%{letter}" for letter in twice), text("general.and"))
            raise wrong(
                text("config.part_twice", part=part, directives=names), text("config.write_once")
            )
    for letter, others, why in _NEEDS:
        if letter in directives and not set(others) & set(directives):
            names = joined((f"%{other}" for other in others), text("general.or"))
            raise wrong(text("config.lacks_partner", letter=letter, directives=names, why=why))
    if "f" in directives and not re.search(r"%[ST](?:\.%f|%\.f)", value):
        raise wrong(text("config.fraction_misplaced"), text("config.write_fraction"))
    if "z" in directives and not re.search(" ?%z$", value):
        raise wrong(text("config.offset_misplaced"), text("config.offset_last"))


def _translated(value: str) -> Message | None:
    """`dd/MM/yyyy HH:mm`, as spreadsheets write it, in our letters."""
    form = re.sub(r"(?<=:)mm", "%M", value, flags=re.IGNORECASE)
    for theirs, ours in (*_LETTERS, ("mm", "%m")):
        form = re.sub(rf"(?<!%){theirs}", ours, form, flags=re.IGNORECASE)
    whole = all(part in form for part in ("%Y", "%m", "%d"))
    return text("config.did_you_mean_format", format=form) if whole else None


def _delimiter(value: str) -> str:
    character = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(character) != 1 or character.isalnum() or character in "\"'\r\n":
        raise wrong(should_be(text("config.delimiter")))
    return character


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except (LookupError, ValueError) as error:
        common = ("utf-8", "utf-16", "cp1258", "cp1252", "latin-1", "shift_jis", "gb18030")
        hint = did_you_mean(value, common) or text(
            "config.common_encodings", encodings=", ".join(common)
        )
        raise wrong(text("config.not_an_encoding"), hint) from error
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
