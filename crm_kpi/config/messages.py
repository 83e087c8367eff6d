"""What pydantic finds wrong, in plain words: one table for its common error types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from crm_kpi.config.scalars import EMPTY, PLAIN_DAY, PLAIN_INTEGER, PLAIN_NUMBER, PLAIN_TEXT, SECRET
from crm_kpi.config.sections import BLOCK
from crm_kpi.errors import did_you_mean

_SHOULD = "should be "
_LIST = "should be a list such as [a, b]"
_BOOLEAN = "should be true or false"
_TIME = "should be a time such as 08:30"

_REASONS: Mapping[str, str] = {
    "crm_kpi": "{reason}",
    SECRET: "{reason}",
    "value_error": "{error}",
    "assertion_error": "{error}",
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "string_type": PLAIN_TEXT,
    "string_too_short": EMPTY,
    "string_pattern_mismatch": "should match {pattern}",
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": PLAIN_INTEGER,
    "int_parsing": PLAIN_INTEGER,
    "int_parsing_size": PLAIN_INTEGER,
    "float_type": PLAIN_NUMBER,
    "float_parsing": PLAIN_NUMBER,
    "finite_number": PLAIN_NUMBER,
    "decimal_type": PLAIN_NUMBER,
    "decimal_parsing": PLAIN_NUMBER,
    "date_type": PLAIN_DAY,
    "date_parsing": PLAIN_DAY,
    "date_from_datetime_parsing": PLAIN_DAY,
    "date_from_datetime_inexact": PLAIN_DAY,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": BLOCK,
    "model_type": BLOCK,
    "model_attributes_type": BLOCK,
    "too_short": "should have at least {min_length} items, not {actual_length}",
    "too_long": "should have at most {max_length} items, not {actual_length}",
    "greater_than": "should be above {gt}",
    "greater_than_equal": "should be at least {ge}",
    "less_than": "should be below {lt}",
    "less_than_equal": "should be at most {le}",
}
"""Error type: our words, with what its context holds. Other types keep pydantic's."""


def reason(detail: Mapping[str, Any]) -> str:
    """What is wrong, as one clause."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return _SHOULD + str(context["expected"]).replace("'", "")
    if kind == "missing" and isinstance(detail["loc"][-1], int):
        return "has too few items"
    template = _REASONS.get(kind)
    if template is None:
        return str(detail["msg"])
    if detail["input"] is None and template.startswith(_SHOULD):
        return EMPTY
    return template.format_map(context)


def alternatives(reasons: Iterable[str]) -> str:
    """One clause for a value that could have been one of several things and is none."""
    each = list(dict.fromkeys(reasons))
    if not all(clause.startswith(_SHOULD) for clause in each):
        return ", or ".join(each)
    return _SHOULD + " or ".join(clause.removeprefix(_SHOULD) for clause in each)


def hint(detail: Mapping[str, Any], model: type[BaseModel]) -> str | None:
    """What to do, where that is known; `model` is what the faulty block should have been."""
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        *block, key = detail["loc"]
        known = known_keys(model, block)
        return did_you_mean(str(key), known) or f"known are {', '.join(known) or 'none'}"
    if detail["type"] in ("literal_error", "enum") and isinstance(detail["input"], str):
        words = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return did_you_mean(detail["input"], words)
    given = context.get("hint")
    return None if given is None else str(given)


def known_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys that the block at `loc` of a model may have."""
    models = {model}
    for part in loc:
        models = {
            nested
            for outer in models
            for key, field in _fields(outer)
            if key == part
            for nested in _models(field.annotation, *field.metadata)
        } or models
    return [key for found in models for key, _ in _fields(found)]


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield str(field.validation_alias or name), field


def _models(*annotations: Any) -> Iterator[type[BaseModel]]:
    """The models within annotations such as dict[str, tuple[Source, ...]]."""
    for annotation in annotations:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield annotation
        yield from _models(*get_args(annotation))
