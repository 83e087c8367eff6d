"""Order, values and schema of a record, from one declaration."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from crm_kpi.records import FieldMetadata, Internal, names, record, schema_of


class Size(StrEnum):
    BIG = "big"
    SMALL = "small"


@dataclass(frozen=True)
class Part:
    """Its record has an order of its own."""

    RECORD: ClassVar = ("where", "what")

    what: str
    where: str | None = None


@dataclass
class Whole:
    day: date
    hidden: Annotated[int, Internal]
    share: int | float | None
    size: Annotated[Size | None, FieldMetadata("how big")] = None
    parts: Annotated[list[Part], FieldMetadata(more={"maxItems": 3})] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    code: Annotated[str, FieldMetadata(schema={"const": "x"})] = "x"


def test_record() -> None:
    assert names(Whole) == ("day", "share", "size", "parts", "counts", "code")
    whole = Whole(date(2024, 1, 31), 7, 0.5)
    assert list(record(whole).items())[:2] == [("day", date(2024, 1, 31)), ("share", 0.5)]
    assert list(record(Part("cup", "shelf")).items()) == [("where", "shelf"), ("what", "cup")]


def test_schema() -> None:
    schema = schema_of(Whole)
    assert schema["required"] == list(names(Whole))
    assert not schema["additionalProperties"]
    properties = schema["properties"]
    assert properties["day"]["format"] == "date"
    assert properties["share"] == {"type": ["number", "null"]}
    assert properties["size"] == {"enum": ["big", "small", None], "description": "how big"}
    assert properties["counts"]["additionalProperties"] == {"type": "integer", "minimum": 0}
    assert properties["code"] == {"const": "x"}
    assert properties["parts"]["maxItems"] == 3
    assert properties["parts"]["items"]["properties"] == {
        "where": {"type": ["string", "null"]},
        "what": {"type": "string"},
    }
