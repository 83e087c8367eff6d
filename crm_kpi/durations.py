"""Lengths of time as people write them: 90d, 2 weeks, 12 months, 48h, 30m.

Days, months and seconds are three different things: a month has no fixed
number of days, and a local day no fixed number of hours. A length is in one of
them, and the other two are None, so that none is taken for another in silence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_kpi.messages import should_be, text

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

_DURATION = re.compile(r"([0-9]{1,8}) *([a-z]+)")
_UNITS = {
    ("d", "day", "days"): ("days", 1),
    ("w", "week", "weeks"): ("days", 7),
    ("month", "months"): ("months", 1),
    ("y", "year", "years"): ("months", 12),
    ("h", "hour", "hours"): ("seconds", 3600),
    ("m", "min", "minute", "minutes"): ("seconds", 60),
}
_BY_WORD = {word: unit for words, unit in _UNITS.items() for word in words}
LONGEST = {"days": 366_000, "months": 12_000, "seconds": 366_000 * 86_400}
"""A thousand years: from no day that is known does it lead to one that cannot be written."""
_PATTERN = f"^[0-9]{{1,8}} *({'|'.join(_BY_WORD)})$"


class Duration(NamedTuple):
    """A length of time, in exactly one of days, months and seconds.

    A field of a pydantic model may have this type: it is read from text, as
    `parse_duration` does, and written back as text.
    """

    days: int | None = None
    months: int | None = None
    seconds: int | None = None

    def __str__(self) -> str:
        """The shortest text that gives the same length: 90d, 12 months, 48h, 30m."""
        if self.days is not None:
            return f"{self.days}d"
        if self.months is not None:
            return f"{self.months} month{'s' if self.months != 1 else ''}"
        seconds = self.seconds or 0
        return f"{seconds // 60}m" if seconds % 3600 else f"{seconds // 3600}h"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: type, __: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            _read,
            json_schema_input_schema=core_schema.str_schema(pattern=_PATTERN),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _write, when_used="json"
            ),
        )


def _read(value: Any) -> Duration:
    return value if isinstance(value, Duration) else parse_duration(str(value))


def _write(value: Any) -> str:
    """The text; a union with other types needs the error to try those."""
    from pydantic_core import PydanticSerializationUnexpectedValue

    if not isinstance(value, Duration):
        raise PydanticSerializationUnexpectedValue("not a Duration")
    return str(value)


def parse_duration(written: str) -> Duration:
    """A number and its unit; `m` is minutes, months are written out.

    Raises:
        ValueError: this is no length of time; its message says what is.
    """
    match = _DURATION.fullmatch(written.strip().lower())
    unit = _BY_WORD.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError(should_be(text("general.length_of_time")))
    name, size = unit
    length = int(match[1]) * size
    if length > LONGEST[name]:
        raise ValueError(should_be(text("general.at_most_1000_years")))
    return Duration(**{name: length})
