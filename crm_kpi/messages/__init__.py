"""Everything that the program says to people, as data: a key and values.

    raise DataError(text("files.missing", path=path), hint=text("files.check_path"))

A message is its English text wherever text is asked for; whoever speaks another language asks
for it by `in_language`. Its values are kept, so that code can ask for those and never has to
read a sentence back. The texts stand in one folder a language, `en/`, one file a room; a text is
what `str.format` takes, or the forms `one` and `other` of one that counts, told apart by its
value `count`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from crm_kpi.messages.en import TEXTS as ENGLISH

Text = str | Mapping[str, str]
"""A template, or the forms of one."""

JOINED = "joined"
"""The key of messages put together; its values are `parts` and `separator`."""


class Message(str):
    """A text of the catalogue with its values filled in. Messages of equal text are equal."""

    key: str
    values: Mapping[str, Any]

    def __new__(cls, key: str, values: Mapping[str, Any]) -> Message:
        message = super().__new__(cls, _written(key, values, ENGLISH))
        message.key, message.values = key, values
        return message

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, Any]]]:
        return Message, (self.key, self.values)

    def in_language(self, language: str) -> str:
        """The message in a language of the catalogue; where that lacks the text, in English."""
        texts = import_module(f"{__name__}.{language}").TEXTS
        inner = {name: _in_language(value, language) for name, value in self.values.items()}
        return _written(self.key, inner, texts if self.key in texts else ENGLISH)


def text(key: str, /, **values: Any) -> Message:
    """The message of a key.

    Raises:
        KeyError: there is no such text, or a value that it names is missing.
    """
    return Message(key, values)


def joined(messages: Iterable[str], separator: str = "; ") -> Message:
    """Messages put together; without any, an empty one."""
    return Message(JOINED, {"parts": tuple(messages), "separator": separator})


def _written(key: str, values: Mapping[str, Any], texts: Mapping[str, Text]) -> str:
    if key == JOINED:
        return str(values["separator"]).join(values["parts"])
    template = texts[key]
    if not isinstance(template, str):
        template = template["one" if values["count"] == 1 else "other"]
    return template.format_map(values)


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return value.in_language(language)
    if isinstance(value, tuple):
        return tuple(_in_language(part, language) for part in value)
    return value
