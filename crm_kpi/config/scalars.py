"""The single values of a config: texts, numbers, days and names, read from their own text.

Each type takes what stands in the file, or the Python value itself, and says
in plain words what it wants instead. Numbers are exact: a float never comes
between the file and the Decimal.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from crm_kpi.config.tree import Scalar
from crm_kpi.messages import Message, should_be, text
from crm_kpi.periods import FIRST, LAST, OutsideCalendar, parse_moment

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?) *(?P<unit>(?i:[kmgt]i?b|b))?")
_UNITS = {"b": 1} | {
    f"{letter}{binary}b": (1024 if binary else 1000) ** power
    for power, letter in enumerate("kmgt", 1)
    for binary in ("", "i")
}
_AS_OF = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
MAX_NUMBER = 38
"""Characters of a number, as many digits as Decimal(38, 4) holds."""

PLAIN_DAY = should_be(text("config.date"))
PLAIN_NUMBER = should_be(text("config.number"))
PLAIN_INTEGER = should_be(text("general.whole_number"))
PLAIN_SIZE = should_be(text("config.size"))
PLAIN_TEXT = should_be(text("config.text"))
EMPTY = text("config.empty")
OUTSIDE = should_be(text("config.date_between", first=FIRST.year, last=LAST.year))


SECRET: Final = "crm_kpi_secret"
"""The type of a fault in a value that must not be repeated, as it may hold a password."""


def wrong(
    reason: Message, hint: Message | None = None, *, secret: bool = False
) -> PydanticCustomError:
    """A fault in our own words; `pydantic_errors` passes it on as it is."""
    return PydanticCustomError(
        SECRET if secret else "crm_kpi", "{reason}", {"reason": reason, "hint": hint}
    )


def listed(value: Any) -> Any:
    """One of a thing as a list of one."""
    return value if value is None or isinstance(value, list | tuple) else [value]


def as_path(value: Any) -> Any:
    """A path alone as the block that it is short for."""
    return {"path": value} if isinstance(value, str) else value


def _word(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if value is None:
        raise wrong(EMPTY, text("config.quote_empty"))
    raise wrong(PLAIN_TEXT)


def _text(value: Any) -> str:
    word = "" if value is None else _word(value)
    if not word.strip():
        raise wrong(EMPTY)
    return word


def _folder(value: Any) -> str | bool:
    plain = isinstance(value, bool) or (isinstance(value, Scalar) and value.plain)
    switch = {"true": True, "false": False}.get(str(value).lower()) if plain else None
    return _text(value) if switch is None else switch


def _header(value: Any) -> str | int:
    number = isinstance(value, Scalar) and value.plain and _INTEGER.fullmatch(value)
    if not number and not isinstance(value, int):
        return _text(value)
    if int(value) < 1:
        raise wrong(text("config.counted_from_1"), text("config.quote_name"))
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
            hint = text("config.write_digits")
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
        raise wrong(should_be(text("config.share")), text("config.write_percent", share=share))
    if not 0 <= share <= 1:
        raise wrong(text("config.share_outside"))
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
        raise wrong(text("config.not_in_calendar")) from error
    return _known(day)


def _known(day: date) -> date:
    if not FIRST.year <= day.year <= LAST.year:
        raise wrong(OUTSIDE)
    return day


def _as_of(value: Any) -> date | str:
    if isinstance(value, date):
        return _known(value)
    if isinstance(value, str) and value.lower() in ("today", "data"):
        return value.lower()
    if not isinstance(value, str) or not _AS_OF.fullmatch(value):
        raise wrong(EMPTY if value is None else should_be(text("config.as_of")))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise wrong(text("config.not_in_calendar")) from error
    return _known(moment if len(value) > 10 else moment.date())


def _moment(value: Any) -> str:
    moment = _text(value)
    try:
        parse_moment(moment)
    except OutsideCalendar as error:
        raise wrong(OUTSIDE) from error
    except ValueError as error:
        raise wrong(should_be(text("config.date_or_period"))) from error
    return moment


def _timezone(value: Any) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        close = get_close_matches(name, available_timezones(), n=1, cutoff=0.8)
        hint = text("general.did_you_mean", word=close[0]) if close else None
        raise wrong(should_be(text("general.time_zone")), hint) from error
    return name


def _currency(value: Any) -> str:
    code = _text(value)
    if not _CURRENCY.fullmatch(code):
        hint = (
            text("config.write_code", code=code.upper())
            if _CURRENCY.fullmatch(code.upper())
            else None
        )
        raise wrong(should_be(text("config.currency")), hint)
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
ExactNumber = Annotated[Decimal, BeforeValidator(_decimal), WithJsonSchema({"type": "number"})]
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
Known = Annotated[
    date | str,
    PlainValidator(
        _as_of,
        json_schema_input_type=Annotated[
            str, WithJsonSchema({"type": "string", "pattern": f"^(today|data|{_AS_OF.pattern})$"})
        ],
    ),
]
"""A date, a date with a time, `today` or `data`."""
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
