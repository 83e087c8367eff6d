"""What pydantic finds wrong, in plain words: one table for its common error types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from crm_kpi.config.scalars import EMPTY, PLAIN_DAY, PLAIN_INTEGER, PLAIN_NUMBER, PLAIN_TEXT, SECRET
from crm_kpi.config.sections import BLOCK
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import SHOULD_BE, Message, joined, one_of, should_be, text

_LIST = should_be(text("config.list"))
_BOOLEAN = should_be(text("config.boolean"))
_TIME = should_be(text("config.time"))

_REASONS: Mapping[str, Message] = {
    "missing": text("config.missing"),
    "extra_forbidden": text("config.unknown_key"),
    "string_type": PLAIN_TEXT,
    "string_too_short": EMPTY,
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
}
"""Error type: our words. Other types keep pydantic's."""

_WITH_CONTEXT: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    "crm_kpi": lambda context: context["reason"],
    SECRET: lambda context: context["reason"],
    "value_error": lambda context: _of_exception(context["error"]),
    "assertion_error": lambda context: _of_exception(context["error"]),
    "literal_error": lambda context: should_be(one_of(_expected(context))),
    "enum": lambda context: should_be(one_of(_expected(context))),
    "string_pattern_mismatch": lambda context: text("config.no_match", pattern=context["pattern"]),
    "too_short": lambda context: text(
        "config.too_short", least=context["min_length"], actual=context["actual_length"]
    ),
    "too_long": lambda context: text(
        "config.too_long", most=context["max_length"], actual=context["actual_length"]
    ),
    "greater_than": lambda context: should_be(text("config.above", bound=context["gt"])),
    "greater_than_equal": lambda context: should_be(text("config.at_least", bound=context["ge"])),
    "less_than": lambda context: should_be(text("config.below", bound=context["lt"])),
    "less_than_equal": lambda context: should_be(text("config.at_most", bound=context["le"])),
}
"""Error type: our words for what its context holds."""
_CHOICES = ("literal_error", "enum")


def reason(detail: Mapping[str, Any]) -> Message:
    """What is wrong, as one clause."""
    kind = detail["type"]
    if kind == "missing" and isinstance(detail["loc"][-1], int):
        return text("config.too_few_items")
    if kind in _REASONS:
        found = _REASONS[kind]
        return EMPTY if detail["input"] is None and found.key == SHOULD_BE else found
    if kind in _WITH_CONTEXT:
        return _WITH_CONTEXT[kind](detail["ctx"])
    return text("general.words_of_others", words=detail["msg"])


def _of_exception(error: Exception) -> Message:
    """What a validator of ours says, or somebody else's."""
    words = error.args[0] if error.args else error
    return words if isinstance(words, Message) else text("general.words_of_others", words=error)


def _expected(context: Mapping[str, Any]) -> list[str]:
    """The words that a value may be, of pydantic's `'a', 'b' or 'c'`."""
    return str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")


def alternatives(reasons: Iterable[Message]) -> Message:
    """One clause for a value that could have been one of several things and is none."""
    each = list(dict.fromkeys(reasons))
    if not all(clause.key == SHOULD_BE for clause in each):
        return joined(each, text("config.or_else"))
    things = (clause.values["what"] for clause in each)
    return should_be(joined(things, text("general.or")))


def hint(detail: Mapping[str, Any], model: type[BaseModel]) -> Message | None:
    """What to do, where that is known; `model` is what the faulty block should have been."""
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        *block, key = detail["loc"]
        known = known_keys(model, block)
        if not known:
            return text("config.no_known_keys")
        return did_you_mean(str(key), known) or text("config.known_keys", keys=", ".join(known))
    if detail["type"] in _CHOICES and isinstance(detail["input"], str):
        return did_you_mean(detail["input"], _expected(context))
    found: Message | None = context.get("hint")
    return found


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
