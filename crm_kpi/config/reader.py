"""From the tree of a config to models: every fault becomes a problem with a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from crm_kpi.config.pydantic_errors import alternatives, hint, reason
from crm_kpi.config.scalars import SECRET
from crm_kpi.config.tree import Node, Scalar, join
from crm_kpi.errors import Problem
from crm_kpi.messages import Message

Loc = tuple[int | str, ...]
_Model = TypeVar("_Model", bound=BaseModel)


class ConfigReader:
    """The tree of a config and what has been found wrong with it so far."""

    def __init__(self, root: Node, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems

    def fault(
        self, loc: Loc, what: Message, what_to_do: Message | None = None, *, of_key: bool = False
    ) -> None:
        """Something wrong with the value at `loc`, or with its key."""
        key, node = self.find(loc)
        self._add(key, node, what, what_to_do, of_key)

    def model(self, model: type[_Model], data: Any, loc: Loc) -> _Model | None:
        """The block at `loc` as a model, or None when something in it is wrong."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self._report(error, model, loc)
            return None

    def find(self, loc: Loc, *, missing: bool = False) -> tuple[str, Node]:
        """The dotted key and the node at `loc`.

        Parts that the tree does not have are passed over: they are pydantic's names for the
        members of a union, or the index of a list that stands as a single item. With
        `missing`, the last part is a key that should have been there.
        """
        key, node = "", self.root
        for index, part in enumerate(loc, start=1):
            inner = _child(node, part)
            if inner is not None:
                key, node = join(key, part), inner
            elif missing and index == len(loc):
                key = join(key, part)
        return key, node

    def _report(self, error: ValidationError, model: type[BaseModel], loc: Loc) -> None:
        """One problem per place: a value that may be one of several things fails for each."""
        found: dict[str, tuple[Node, list[Mapping[str, Any]]]] = {}
        for detail in error.errors(include_url=False):
            missing = detail["type"] == "missing" and isinstance(detail["loc"][-1], str)
            key, node = self.find(loc + detail["loc"], missing=missing)
            found.setdefault(key, (node, []))[1].append(detail)
        for key, (node, details) in found.items():
            if any(other.startswith(f"{key}.") for other in found):
                continue  # the member of a union that was meant says more
            hints = (hint(detail, model) for detail in details)
            what = alternatives(map(reason, details))
            first = details[0]
            of_key = first["type"] in ("extra_forbidden", SECRET) or first["loc"][-1:] == ("[key]",)
            self._add(key, node, what, next(filter(None, hints), None), of_key)

    def _add(
        self, key: str, node: Node, what: Message, what_to_do: Message | None, of_key: bool
    ) -> None:
        shown = isinstance(node.value, Scalar) and not of_key
        value = str(node.value) if shown else None
        place = node.place
        self.problems.append(Problem(what, place.path, place.line, key or None, value, what_to_do))


def _child(node: Node, part: int | str) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(part))
    if isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None
