"""The tree of a config: values with the places they stand at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_kpi.errors import ConfigError, Problem
from crm_kpi.messages import Message, text

VARIABLE = "CRM_KPI_CONFIG"
NAME = "crm-kpi.yaml"
"""What is read where neither the command line nor the variable names a config."""


def named(path: Path | None, env: Mapping[str, str], cwd: Path) -> Path | None:
    """The file that somebody names, which must be there."""
    if path is not None:
        return cwd / path
    return cwd / env[VARIABLE] if env.get(VARIABLE) else None


def unnamed(cwd: Path) -> Path | None:
    """See `crm_kpi.config.unnamed`."""
    default = cwd / NAME
    return default if default.exists() else None


class Scalar(str):
    """The text of one scalar; `plain` when it stood without quotes."""

    plain: bool

    def __new__(cls, text: str, *, plain: bool = False) -> Scalar:
        scalar = super().__new__(cls, text)
        scalar.plain = plain
        return scalar

    @property
    def null(self) -> bool:
        """One of YAML's words for nothing, without quotes."""
        return self.plain and self in ("~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Place:
    """A file and a line, or a `--set` word, whose value has no lines."""

    path: str | None = None
    line: int | None = None


@dataclass(slots=True)
class Node:
    """A scalar, a block of keys, a list, or None where nothing was written.

    The place of a value is that of its key; the place of a list item its own.
    """

    place: Place
    value: Scalar | dict[str, Node] | list[Node] | None

    def data(self) -> Any:
        """The same as nested dicts and lists of `Scalar`."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value


@dataclass(frozen=True)
class Setting:
    """One KEY=VALUE of the command line; `origin` is the option that says it in its own way."""

    word: str
    origin: str | None = None


def fatal(place: Place, reason: Message, hint: Message | None = None) -> ConfigError:
    """The one error of a file that cannot be read at all."""
    problem = Problem(reason, place.path, place.line, hint=hint)
    return ConfigError(text("config.unreadable"), problems=(problem,))


def join(at: str, key: str | int) -> str:
    """The dotted key of `key` within `at`."""
    return f"{at}.{key}" if at else str(key)
