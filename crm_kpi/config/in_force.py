"""The config in force as YAML: what stands in the file and what was set over it, and then the
defaults. Passwords in addresses are not in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from crm_kpi.addresses import hide
from crm_kpi.config.model import Config
from crm_kpi.config.tree import Node, Place, Scalar
from crm_kpi.messages import text

_PLAIN = re.compile(r"(?:-?[0-9]|[^\W\d]|[./])[\w./%+ -]*(?<! )")
"""What YAML reads as it stands, in a list of one line too. What has quotes is text."""
_DEFAULT = Place()


def lines(root: Node) -> Iterator[tuple[str, str | None]]:
    """Each line, and where the value comes from that stands in it."""
    block = root.value if isinstance(root.value, dict) else {}
    for line, place in _block(_with_defaults(Config, block)):
        yield line, None if place is None else _source(place)


def _with_defaults(model: type[BaseModel], block: Mapping[str, Node]) -> dict[str, Node]:
    """The keys that have a value, and then those of the model that have another than none."""
    merged = {key: node for key, node in block.items() if not _is_empty(node)}
    for name, field in model.model_fields.items():
        key = str(field.validation_alias or name)
        default = field.get_default(call_default_factory=True)
        node = merged.get(key)
        if node is None:
            node = _default(default)
        elif isinstance(default, BaseModel) and isinstance(node.value, dict):
            node = Node(node.place, _with_defaults(type(default), node.value))
        if not _is_empty(node):
            merged[key] = node
    return merged


def _default(value: Any) -> Node:
    if isinstance(value, BaseModel):
        return Node(_DEFAULT, _with_defaults(type(value), {}))
    if value is None or value in ({}, ()):
        return Node(_DEFAULT, None)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return Node(_DEFAULT, Scalar(written, plain=True))


def _is_empty(node: Node) -> bool:
    return node.value is None or (isinstance(node.value, Scalar) and node.value.null)


def _block(block: Mapping[str, Node]) -> Iterator[tuple[str, Place | None]]:
    """The lines of a block, and the place of the value that stands in each."""
    for key, node in block.items():
        name = _written(Scalar(key, plain=True))
        inner = [*_inner(node)]
        if inner:
            yield f"{name}:", None
            yield from ((f"  {line}", place) for line, place in inner)
        else:
            yield f"{name}: {_on_a_line(node)}".rstrip(), node.place


def _inner(node: Node) -> Iterator[tuple[str, Place | None]]:
    """The lines below a key; none where the value stands beside it."""
    if isinstance(node.value, dict):
        yield from _block(node.value)
    if isinstance(node.value, list) and any(isinstance(i.value, dict) for i in node.value):
        for item in node.value:
            below = [*_inner(item)] or [(_on_a_line(item), item.place)]
            for number, (line, place) in enumerate(below):
                yield f"{'  ' if number else '- '}{line}", place


def _on_a_line(node: Node) -> str:
    match node.value:
        case None:
            return ""
        case Scalar() as scalar:
            return _written(scalar)
        case dict():
            return "{}"
        case several:
            return f"[{', '.join(map(_on_a_line, several))}]"


def _written(scalar: Scalar) -> str:
    shown = str(hide(str(scalar)))
    if scalar.plain and shown == scalar and _PLAIN.fullmatch(shown):
        return shown
    return json.dumps(shown, ensure_ascii=False)


def _source(place: Place) -> str:
    """Where a value comes from."""
    if place.path is None:
        return text("config.default")
    return place.path if place.line is None else f"{place.path}:{place.line}"
