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
from typing import NamedTuple

import yaml
from yaml.reader import ReaderError

from crm_kpi.config.tree import Node, Place, Scalar, fatal, join
from crm_kpi.errors import ConfigError, Problem
from crm_kpi.messages import Message, text

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
"""Levels of nesting; the deepest key of a config is on the sixth."""
MAX_NODES = 20_000
"""Values in all: a second's work. Beyond that it is no config, but data."""


def read_tree(path: Path, hint: Message) -> tuple[Node, list[Problem]]:
    """The tree of one file, and what is wrong with it. Raises ConfigError if it is no YAML, or
    cannot be read, for which `hint` says what to do."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = text("general.words_of_others", words=error.strerror)
        if isinstance(error, FileNotFoundError):
            why = text("config.no_file")
        problem = Problem(text("general.unreadable", why=why), str(path), hint=hint)
        raise ConfigError(text("config.unreadable"), problems=(problem,)) from error
    if len(content) > MAX_BYTES:
        raise fatal(Place(str(path)), text("config.too_large"))
    try:
        document = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(str(path), line)
        raise fatal(place, text("config.not_utf8"), text("config.save_as_utf8")) from error
    return parse(document, lambda line: Place(str(path), line))


def parse(document: str, place: Callable[[int], Place], at: str = "") -> tuple[Node, list[Problem]]:
    """The tree of one YAML document, and its duplicate keys.

    Args:
        place: the place of a line, counted from 1.
        at: the dotted key under which the document stands.

    Raises:
        ConfigError: the document is not YAML, or uses what is refused; one problem.
    """
    try:
        builder = _Builder(yaml.parse(document, Loader=yaml.SafeLoader), place)
        return builder.document(at), builder.duplicates
    except ReaderError as error:
        line = document.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        raise fatal(place(line), text("config.control_character", code=code)) from error
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
            raise fatal(
                self._at(event), text("config.second_document"), text("config.remove_dashes")
            )
        return root

    def node(self, event: yaml.Event, at: str, place: Place, depth: int) -> Node:
        self._refuse(event, at, depth)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise fatal(place, text("config.too_many_values", most=MAX_NODES))
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
                raise fatal(place, text("config.key_not_a_word"))
            key = str(event.value)
            _refuse_impossible(key, place)
            node = self.node(next(self.events), join(at, key), place, depth + 1)
            if key in block:
                first = block[key].place.line
                hint = text("config.stands_already", line=first)
                self.duplicates.append(
                    Problem(
                        text("config.key_twice"), place.path, place.line, join(at, key), hint=hint
                    )
                )
            block.setdefault(key, node)
        return block

    def _refuse(self, event: yaml.Event, at: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise fatal(self._at(event), text("config.too_deep", most=MAX_DEPTH))
        assert isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            reason = text("config.anchors_at", key=at) if at else text("config.anchors")
            raise fatal(self._at(event), reason, text("config.write_out"))
        if getattr(event, "tag", None) is not None:  # not repeated: a password may begin with !
            reason = text("config.tags_at", key=at) if at else text("config.tags")
            raise fatal(self._at(event), reason, text("config.write_plain"))

    def _at(self, event: yaml.Event) -> Place:
        assert event.start_mark is not None
        return self.place(event.start_mark.line + 1)


_IMPOSSIBLE = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")
"""What no name, path or pattern can hold: NUL, at which the system ends a text, and halves of
characters other than those that stand for the bytes of a file name that is not UTF-8."""


def _refuse_impossible(value: str, place: Place) -> None:
    if found := _IMPOSSIBLE.search(value):
        reason = text("config.impossible_character", code=ord(found[0]))
        raise fatal(place, reason, text("config.leave_out"))


class _Fault(NamedTuple):
    """A syntax error: part of the parser's message, what is wrong (None: its own words will do),
    what to do; what is not `finished` is shown where it starts."""

    part: str
    reason: Message | None
    hint: Message
    finished: bool = True


_SYNTAX = (
    _Fault("'\\t'", text("config.tab"), text("config.indent")),
    _Fault("cannot start any token", None, text("config.quote_value")),
    _Fault("alphabetic or numeric", text("config.star"), text("config.quote_star")),
    _Fault(
        "mapping values are not allowed",
        text("config.colon"),
        text("config.check_lines"),
    ),
    _Fault(
        "could not find expected ':'",
        text("config.no_colon"),
        text("config.write_key_value"),
        finished=False,
    ),
    _Fault("escape character", text("config.backslash"), text("config.single_quotes")),
    _Fault("<block end>", text("config.unfit_line"), text("config.check_indentation")),
    _Fault("<document start>", text("config.unfit_line"), text("config.check_indentation")),
    _Fault(
        "unexpected end of stream",
        text("config.open_quote"),
        text("config.close_quote"),
        finished=False,
    ),
    _Fault("node content", text("config.no_value"), text("config.check_brackets")),
    _Fault("',' or ']'", text("config.open_list"), text("config.close_list"), finished=False),
    _Fault("',' or '}'", text("config.open_block"), text("config.close_block"), finished=False),
)


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, Message, Message]:
    """Line, reason and hint of a syntax error."""
    theirs = error.problem or str(error)
    other = _Fault("", None, text("config.check_all"))
    fault = next((fault for fault in _SYNTAX if fault.part in theirs), other)
    mark = (None if fault.finished else error.context_mark) or error.problem_mark
    reason = fault.reason or text("general.words_of_others", words=theirs)
    return mark.line + 1 if mark else 1, reason, fault.hint
