"""Dataclasses as records: their order, plain values and JSON Schema follow from one declaration.

A field is annotated with what it says to a reader of the output. A record has the order of the
fields, unless the class names another as `RECORD`; `Internal` fields are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

COUNT: Schema = {"type": "integer", "minimum": 0}
DATE: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


@dataclass(frozen=True)
class FieldMetadata:
    """What a reader of the output is told of a field, beside its type.

    schema: what stands for the schema that the type says.
    more: what is added to it.
    """

    description: str | None = None
    schema: Schema | None = None
    more: Schema | None = None


class Internal:
    """Marks a field that is not written."""


@cache
def names(record_type: type) -> tuple[str, ...]:
    """The fields that are written, in order."""
    hints = get_type_hints(record_type, include_extras=True)
    written = [one.name for one in fields(record_type) if not _is_internal(hints[one.name])]
    order: tuple[str, ...] = getattr(record_type, "RECORD", tuple(written))
    assert sorted(order) == sorted(written), record_type
    return order


@cache
def recorder(record_type: type) -> Callable[[Any], dict[str, Any]]:
    """What turns instances of the type into records; their values stay as they are."""
    order = names(record_type)
    values = attrgetter(*order)
    return lambda instance: dict(zip(order, values(instance), strict=True))


def record(instance: Any) -> dict[str, Any]:
    """An instance as a record."""
    return recorder(instance.__class__)(instance)


def schema_of(record_type: type) -> Schema:
    """The JSON Schema of the type's records."""
    hints = get_type_hints(record_type, include_extras=True)
    return fixed(**{name: _of_type(hints[name]) for name in names(record_type)})


def fixed(**properties: Schema) -> Schema:
    """An object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_SIMPLE: Mapping[Any, Schema] = {
    Any: {},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: COUNT,
    date: DATE,
}


def _of_type(kind: Any) -> Schema:
    """The schema of a type. Whole numbers are counts."""
    inner, outer = get_args(kind), get_origin(kind)
    if outer is Annotated:
        return _annotated(*inner)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if NoneType in inner:
        return _or_null(_of_type(_without_none(inner)))
    if outer is list:
        return {"type": "array", "items": _of_type(inner[0])}
    if isinstance(outer, type) and issubclass(outer, Mapping):
        values = _of_type(inner[-1] if len(inner) > 1 else int)  # a Counter counts
        return {"type": "object", **({"additionalProperties": values} if values else {})}
    if inner:
        assert {int, float, Decimal}.issuperset(inner), kind
        return {"type": "number"}
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return schema_of(kind)


def _annotated(kind: Any, metadata: FieldMetadata) -> Schema:
    words = {"description": metadata.description} if metadata.description else {}
    return {**(metadata.schema or _of_type(kind)), **(metadata.more or {}), **words}


def _is_internal(hint: Any) -> bool:
    return get_origin(hint) is Annotated and Internal in get_args(hint)


def _without_none(kinds: tuple[Any, ...]) -> Any:
    first, *others = (kind for kind in kinds if kind is not NoneType)
    for other in others:
        first |= other
    return first


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def union_of_names(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every name of the records, in the order of first appearance."""
    return list(dict.fromkeys(name for record in records for name in record))


def has_own_text(value: Any) -> bool:
    """Whether a setting is written as its text: a length of time is a named tuple, 90d."""
    return isinstance(value, tuple) and type(value) is not tuple
