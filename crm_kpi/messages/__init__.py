"""Everything that the program says to people, as data: a key and values.

    raise DataError(text("files.missing", path=path), hint=text("files.check_path"))

A message is its English text wherever text is asked for; whoever speaks another language asks
for it by `in_language`. Its values are kept, so that code can ask for those and never has to
read a sentence back. The texts stand in one folder a language, `en/`, one file a room; a text is
what `str.format` takes, or the forms `one` and `other` of one that counts, told apart by its
value `count`. What is said of a place begins with `{path}: ` or `{path}:{line}: `. The texts are
loaded with the first message that is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

Template = str | Mapping[str, str]
"""A template, or the forms of one."""

LANGUAGES = ("en", "vi")
"""The folders of texts."""

JOINED = "joined"
"""The key of messages put together; its values are `parts` and `separator`."""
WITHOUT_PLACE = "without_place"
"""The key of a message without what it begins with; its values are `message` and `place`."""
NUMBER = "number"
"""The key of a number that is written already; its value is `written`, as in English."""
SHOULD_BE = "general.should_be"
"""The key of what `should_be` gives; its value is `what`."""


@cache
def texts(language: str) -> Mapping[str, Template]:
    """The texts of a language by key, of all files of its folder."""
    from pkgutil import iter_modules  # `--help` needs no texts

    folder = import_module(f"{__name__}.{language}")
    rooms = [
        import_module(f"{folder.__name__}.{room.name}") for room in iter_modules(folder.__path__)
    ]
    return {key: text for room in rooms for key, text in room.TEXTS.items()}


class Message(str):
    """A text of the catalogue with its values filled in. Messages of equal text are equal."""

    __slots__ = ("key", "values")

    key: str
    values: Mapping[str, Any]

    def __new__(cls, key: str, values: Mapping[str, Any], english: str | None = None) -> Message:
        """`english` stands in place of the text of the catalogue."""
        if english is None:
            english = _written(key, values, texts("en"))
        message = super().__new__(cls, english)
        message.key, message.values = key, values
        return message

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, Any], str]]:
        return Message, (self.key, self.values, str(self))

    def in_language(self, language: str) -> str:
        """The message in a language of the catalogue; where that lacks the text, in English."""
        if language == "en":
            return str(self)
        if self.key == NUMBER:
            return separated(self.values["written"], language)
        catalogue = texts(language)
        if self.key not in (JOINED, WITHOUT_PLACE) and self.key not in catalogue:
            return str(self)
        return _written(self.key, _each(self.values, lambda v: _value_in(v, language)), catalogue)

    def changed(self, change: Callable[[str], str]) -> Message:
        """The same with its text, and every value as text, passed through a function."""
        values = _each(self.values, lambda value: _changed(value, change))
        return Message(self.key, values, change(str(self)))


def text(key: str, /, **values: Any) -> Message:
    """The message of a key.

    Raises:
        KeyError: there is no such text, or a value that it names is missing.
    """
    return Message(key, values) if values else _constant(key)


@cache
def _constant(key: str) -> Message:
    """Thousands of results may have the same reason: it is made once."""
    return Message(key, {})


def joined(messages: Iterable[object], separator: str = "; ") -> Message:
    """Messages, or what can say some, put together; without any, an empty one. The separator may
    be a message too."""
    parts = tuple(messages)
    if len(parts) == 1 and isinstance(parts[0], Message):
        return parts[0]
    return Message(JOINED, {"parts": parts, "separator": separator})


def split_place(message: str) -> tuple[str, str | None, int | None]:
    """What a message says without the path and the line that it begins with, and these.

    Both are None where it begins with none, and so is the line of a path alone.
    """
    if not isinstance(message, Message) or message.key not in texts("en"):
        return message, None, None
    template, values = _template(message.key, message.values, texts("en")), message.values
    for place in ("{path}:{line}: ", "{path}: "):
        if template.startswith(place):
            rest = {"message": message, "place": place.format_map(values)}
            line = values["line"] if "line" in place else None
            return Message(WITHOUT_PLACE, rest), str(values["path"]), line
    return message, None, None


def as_number(written: str) -> Message:
    """A number written as in English, `1,234.5`, that other languages separate in their way."""
    return Message(NUMBER, {"written": written}, english=written)


def separated(number: str, language: str) -> str:
    """A number that is written as in English, `1,234.5`, with the separators of a language."""
    if language == "en":
        return number
    marks = {",": text("general.thousands_mark"), ".": text("general.decimal_mark")}
    return "".join(
        marks[letter].in_language(language) if letter in marks else letter for letter in number
    )


def should_be(what: Message) -> Message:
    """`should be …`, of a value that is something else."""
    return text("general.should_be", what=what)


def one_of(words: Sequence[str]) -> Message:
    """`a, b or c`; there must be a word."""
    *others, last = words
    parts = [", ".join(others), last] if others else [last]
    return joined(parts, text("general.or"))


def first_of(items: Iterable[str], more: int) -> Message:
    """The first items of a list, and how many more there are."""
    first = joined(items, ", ")
    return text("general.and_more", items=first, more=more) if more > 0 else first


def _written(key: str, values: Mapping[str, Any], catalogue: Mapping[str, Template]) -> str:
    if key == JOINED:
        return str(values["separator"]).join(map(str, values["parts"]))
    if key == WITHOUT_PLACE:
        return str(values["message"]).removeprefix(values["place"])
    return _template(key, values, catalogue).format_map(values)


def _template(key: str, values: Mapping[str, Any], catalogue: Mapping[str, Template]) -> str:
    template = catalogue[key]
    if isinstance(template, str):
        return template
    return template["one" if values["count"] == 1 else "other"]


def _each(values: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The values, and those within tuples, passed through a function."""
    return {
        name: tuple(map(change, value)) if isinstance(value, tuple) else change(value)
        for name, value in values.items()
    }


def spoken(value: Any, language: str) -> Any:
    """A message, or what holds some and can say them (`in_language`), in a language; anything
    else as it is."""
    speaks = getattr(value, "in_language", None)
    return value if speaks is None else speaks(language)


def _value_in(value: Any, language: str) -> Any:
    if hasattr(value, "in_language"):
        return spoken(value, language)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _Numeral(value, language)
    return value


class _Numeral:
    """A number that a template writes in a form, with the separators of a language: `{rows:,}`.

    Without a form it is as it is: it may stand in a line to paste.
    """

    __slots__ = ("language", "number")

    def __init__(self, number: float | Decimal, language: str) -> None:
        self.number, self.language = number, language

    def __format__(self, form: str) -> str:
        return separated(format(self.number, form), self.language) if form else str(self.number)

    def __str__(self) -> str:
        return str(self.number)

    def __eq__(self, other: object) -> bool:
        return self.number == other

    __repr__, __hash__ = __str__, None  # type: ignore[assignment]


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """A value stays what it is where its text stays the same."""
    changed = change(value if isinstance(value, str) else str(value))
    return value if changed == str(value) else changed
