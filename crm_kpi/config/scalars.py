"""The single values of a config: texts, numbers, days and names, read from their own text.

Each type takes what stands in the file, or the Python value itself, and says
in plain words what it wants instead. Numbers are exact: a float never comes
between the file and the Decimal.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from crm_kpi.config.tree import Scalar
from crm_kpi.periods import BOUNDS, FIRST, LAST, OutsideCalendar, parse_moment

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?) *(?P<unit>(?i:[kmgt]i?b|b))?")
_UNITS = {"b": 1} | {
    f"{letter}{binary}b": (1024 if binary else 1000) ** power
    for power, letter in enumerate("kmgt", 1)
    for binary in ("", "i")
}
_CURRENCY = re.compile(r"[A-Z]{3}")
MAX_NUMBER = 38
"""Characters of a number, as many digits as Decimal(38, 4) holds."""

PLAIN_DAY = "should be a date such as 2024-01-31"
PLAIN_NUMBER = "should be a number such as 95 or 0.5"
PLAIN_INTEGER = "should be a whole number"
PLAIN_SIZE = "should be a size such as 512MiB, 2GB or a number of bytes"
PLAIN_TEXT = "should be a text"
EMPTY = "is empty"
OUTSIDE = f"should be a date {BOUNDS}"


SECRET: Final = "crm_kpi_secret"
"""The type of a fault in a value that must not be repeated, as it may hold a password."""


def wrong(reason: str, hint: str | None = None, *, secret: bool = False) -> PydanticCustomError:
    """A fault in our own words; `messages` passes it on as it is."""
    return PydanticCustomError(
        SECRET if secret else "crm_kpi", "{reason}", {"reason": reason, "hint": hint}
    )


def listed(value: Any) -> Any:
    """One of a thing as a list of one."""
    return value if value is None or isinstance(value, list | tuple) else [value]


def _word(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if value is None:
        raise wrong(EMPTY, 'write "" if the empty text is meant')
    raise wrong(PLAIN_TEXT)


def _text(value: Any) -> str:
    text = "" if value is None else _word(value)
    if not text.strip():
        raise wrong(EMPTY)
    return text


def _folder(value: Any) -> str | bool:
    plain = isinstance(value, bool) or (isinstance(value, Scalar) and value.plain)
    switch = {"true": True, "false": False}.get(str(value).lower()) if plain else None
    return _text(value) if switch is None else switch


def _header(value: Any) -> str | int:
    number = isinstance(value, Scalar) and value.plain and _INTEGER.fullmatch(value)
    if not number and not isinstance(value, int):
        return _text(value)
    if int(value) < 1:
        raise wrong("is counted from 1", "put it in quotes if it is a name")
    return int(value)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and len(value) <= MAX_NUMBER and _DECIMAL.fullmatch(value):
        return Decimal(str(value))
    hint = None
    if isinstance(value, str):
        bare = re.sub(r"[,_ %]", "", value)
        if bare != value and _DECIMAL.fullmatch(bare):
            hint = "write it with digits and a point only, such as 25400 or 0.5"
    raise wrong(EMPTY if value is None else PLAIN_NUMBER, hint)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    raise wrong(EMPTY if value is None else PLAIN_INTEGER)


def _share(value: Any) -> Decimal:
    percent = isinstance(value, str) and value.endswith("%")
    share = _decimal(Scalar(value[:-1].rstrip()) if percent else value)
    share = share / 100 if percent else share
    if not percent and share >= 1:
        raise wrong("should be a share such as 1% or 0.01", f"write {share}% if that is meant")
    if not 0 <= share <= 1:
        raise wrong("should lie between 0% and 100%")
    return share


def _bytes(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    size = Decimal(found["number"]) * _UNITS[(found["unit"] or "b").lower()] if found else 0
    if size < 1:
        raise wrong(PLAIN_SIZE)
    return int(size)


def _day(value: Any) -> date:
    if isinstance(value, date):
        return _known(value)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise wrong(EMPTY if value is None else PLAIN_DAY)
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise wrong("is no day of the calendar") from error
    return _known(day)


def _known(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise wrong(OUTSIDE)
    return day


def _moment(value: Any) -> str:
    text = _text(value)
    try:
        parse_moment(text)
    except OutsideCalendar as error:
        raise wrong(OUTSIDE) from error
    except ValueError as error:
        raise wrong(
            "should be a date such as 2024-01-31 or a period such as 2024-03, 2024-Q1, "
            "2024-W05 or 2024"
        ) from error
    return text


def _timezone(value: Any) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        close = get_close_matches(name, available_timezones(), n=1, cutoff=0.8)
        hint = f"did you mean '{close[0]}'?" if close else None
        raise wrong("should be an IANA time zone such as Asia/Ho_Chi_Minh", hint) from error
    return name


def _currency(value: Any) -> str:
    code = _text(value)
    if not _CURRENCY.fullmatch(code):
        hint = f"write {code.upper()}" if _CURRENCY.fullmatch(code.upper()) else None
        raise wrong("should be a three-letter currency code such as VND", hint)
    return code


_ANY_SCALAR = WithJsonSchema({"type": ["string", "number", "boolean"]})

Word = Annotated[str, BeforeValidator(_word), _ANY_SCALAR]
"""Any text, the empty one too, as it stands in the data."""
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string"})]
Folder = Annotated[
    str | bool, BeforeValidator(_folder), WithJsonSchema({"type": ["boolean", "string"]})
]
"""True for the usual place, false for none, or a folder; `true` in quotes is a folder's name."""
Header = Annotated[
    str | int, BeforeValidator(_header), WithJsonSchema({"type": ["string", "integer"]})
]
"""A name, or a position counted from 1; a number in quotes is a name."""
Number = Annotated[Decimal, BeforeValidator(_decimal), WithJsonSchema({"type": "number"})]
Natural = Annotated[int, Field(ge=0), BeforeValidator(_integer)]
Positive = Annotated[int, Field(ge=1), BeforeValidator(_integer)]
Month = Annotated[int, Field(ge=1, le=12), BeforeValidator(_integer)]
Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
                {"type": "string", "pattern": r"^[0-9.]+ *%$"},
            ]
        }
    ),
]
Size = Annotated[
    int,
    BeforeValidator(_bytes),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^[0-9.]+ *([KkMmGgTt][Ii]?)?[Bb]?$"},
            ]
        }
    ),
]
"""Bytes."""
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[str, BeforeValidator(_moment), WithJsonSchema({"type": ["string", "integer"]})]
Timezone = Annotated[str, BeforeValidator(_timezone), WithJsonSchema({"type": "string"})]
Currency = Annotated[
    str,
    BeforeValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": f"^{_CURRENCY.pattern}$"}),
]
Words = Annotated[
    tuple[Word, ...], BeforeValidator(listed, json_schema_input_type=Word | list[Word])
]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(listed, json_schema_input_type=Text | list[Text])
]
