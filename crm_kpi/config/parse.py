"""YAML text to a tree that knows where every key stands and keeps every scalar's own text.

YAML's guesses are not taken: `no` is not false, `1_000` is not 1000, `12:30` is
not 750 and `007` is not 7 until the model asks for a boolean or a number, and
then the text is read by the model's own rules. Anchors, aliases, tags and
further documents are refused, so a small file cannot unfold into a large one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.reader import ReaderError

from crm_kpi.config.tree import Node, Place, Scalar, fatal, join
from crm_kpi.errors import ConfigError, Problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
"""Levels of nesting; the deepest key of a config is on the sixth."""
MAX_NODES = 20_000
"""Values in all: a second's work. Beyond that it is no config, but data."""


def read_tree(path: Path, hint: str) -> tuple[Node, list[Problem]]:
    """The tree of one file, and what is wrong with it. Raises ConfigError if it is no YAML, or
    cannot be read, for which `hint` says what to do."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        problem = Problem(f"cannot be read: {why}", str(path), hint=hint)
        raise ConfigError("the config cannot be read", problems=(problem,)) from error
    if len(content) > MAX_BYTES:
        raise fatal(Place(str(path)), "is larger than 1 MiB, too large for a config")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(str(path), line)
        raise fatal(place, "is not UTF-8 text", "save it as UTF-8") from error
    return parse(text, lambda line: Place(str(path), line))


def parse(text: str, place: Callable[[int], Place], at: str = "") -> tuple[Node, list[Problem]]:
    """The tree of one YAML document, and its duplicate keys.

    Args:
        place: the place of a line, counted from 1.
        at: the dotted key under which the text stands.

    Raises:
        ConfigError: the text is not YAML, or uses what is refused; one problem.
    """
    try:
        builder = _Builder(yaml.parse(text, Loader=yaml.SafeLoader), place)
        return builder.document(at), builder.duplicates
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        raise fatal(place(line), f"holds the control character U+{code:04X}") from error
    except yaml.MarkedYAMLError as error:
        line, reason, hint = _explain(error)
        raise fatal(place(line), reason, hint) from error


@dataclass
class _Builder:
    """Turns YAML's events into nodes."""

    events: Iterator[yaml.Event]
    place: Callable[[int], Place]
    duplicates: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def document(self, at: str) -> Node:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Node(self.place(1), None)
        event = next(self.events)
        root = self.node(event, at, self._at(event), 1)
        next(self.events)
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise fatal(self._at(event), "starts a second document", "remove the '---'")
        return root

    def node(self, event: yaml.Event, at: str, place: Place, depth: int) -> Node:
        self._refuse(event, at, depth)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise fatal(place, f"holds more than {MAX_NODES:,} values, too many for a config")
        if isinstance(event, yaml.ScalarEvent):
            _refuse_impossible(event.value, place)
            plain = event.style is None
            empty = plain and event.value == ""
            return Node(place, None if empty else Scalar(event.value, plain=plain))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(place, self._list(at, depth))
        return Node(place, self._block(at, depth))

    def _list(self, at: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, join(at, len(items)), self._at(event), depth + 1))
        return items

    def _block(self, at: str, depth: int) -> dict[str, Node]:
        block: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place = self._at(event)
            self._refuse(event, at, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise fatal(place, "a key must be a single word or text")
            key = str(event.value)
            _refuse_impossible(key, place)
            node = self.node(next(self.events), join(at, key), place, depth + 1)
            if key in block:
                first = block[key].place.line
                hint = f"it stands on line {first} already; keep one of them"
                self.duplicates.append(
                    Problem("key given twice", place.path, place.line, join(at, key), hint=hint)
                )
            block.setdefault(key, node)
        return block

    def _refuse(self, event: yaml.Event, at: str, depth: int) -> None:
        name = f" at {at}" if at else ""
        if depth > MAX_DEPTH:
            raise fatal(self._at(event), f"is nested more than {MAX_DEPTH} levels deep")
        assert isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            reason = f"anchors (&) and aliases (*) are not accepted{name}"
            raise fatal(self._at(event), reason, "write the value out, in quotes if it is a text")
        if getattr(event, "tag", None) is not None:  # not repeated: a password may begin with !
            reason = f"tags such as !text are not accepted{name}"
            raise fatal(self._at(event), reason, "write the plain value, in quotes if it is a text")

    def _at(self, event: yaml.Event) -> Place:
        assert event.start_mark is not None
        return self.place(event.start_mark.line + 1)


_IMPOSSIBLE = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")
"""What no name, path or pattern can hold: NUL, at which the system ends a text, and halves of
characters other than those that stand for the bytes of a file name that is not UTF-8."""


def _refuse_impossible(text: str, place: Place) -> None:
    if found := _IMPOSSIBLE.search(text):
        raise fatal(place, f"holds U+{ord(found[0]):04X}, which is no character", "leave it out")


_SYNTAX = (
    ("'\\t'", "a tab where only spaces may stand", "indent with spaces"),
    ("cannot start any token", None, "put the value in quotes"),
    ("alphabetic or numeric", "a '*' or '&' that starts a text", 'put it in quotes: "*"'),
    (
        "mapping values are not allowed",
        "a ':' where none may stand",
        "check the indentation of this line and the one above, "
        "or put a text that holds ': ' in quotes",
    ),
    ("could not find expected ':'", "a key without ':'", "write KEY: VALUE"),
    ("escape character", "a backslash that means nothing here", "use single quotes"),
    ("<block end>", "a line that does not fit the ones above", "check its indentation"),
    ("<document start>", "a line that does not fit the ones above", "check its indentation"),
    ("unexpected end of stream", "a quote that is never closed", "close the quote"),
    ("node content", "a value that is not there", "check brackets and commas"),
    ("',' or ']'", "a list that is never closed", "check its commas and close it with ]"),
    ("',' or '}'", "a block that is never closed", "check its commas and close it with }"),
)
"""Part of the parser's message, ours (None: theirs will do), what to do."""


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Line, reason and hint of a syntax error; what is not finished is shown where it starts."""
    theirs = error.problem or str(error)
    reason, hint = theirs, "check indentation, quotes and colons"
    for part, ours, what_to_do in _SYNTAX:
        if part in theirs:
            reason, hint = ours or theirs, what_to_do
            break
    unfinished = "never closed" in reason or "without ':'" in reason
    mark = (error.context_mark if unfinished else None) or error.problem_mark
    return mark.line + 1 if mark else 1, reason, hint
