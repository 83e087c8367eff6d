"""The XML of a workbook, streamed: the one parser that all its parts go through.

expat, in Python's standard library, reads any encoding that XML declares, and tells of a
document type after decoding it, so that no part in UTF-16 can hide one. What it does not bound
itself is bounded here: entities (none may be declared), the length of one tag, the number of
different names, the depth, and what all parts of one workbook may cost together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, NoReturn, Protocol
from xml.parsers import expat

from crm_kpi.messages import Message, text

CHUNK = 64 << 10
"""Bytes parsed at a time."""
LONGEST_TAG = 256 << 10
"""Bytes of one tag or comment: the parser begins it anew with each chunk."""
LONGEST_TEXT = 16 << 20
"""Characters between two tags. A cell holds 32,767."""
MOST_NAMES = 10_000
"""Different names of elements and attributes; a workbook has some hundreds."""
DEEPEST = 100
"""Elements within one another; the deepest of a workbook stand ten deep."""

RATIO, HARMLESS = 100, 64 << 20
"""How many times its file a workbook may unpack to, from so many bytes on. Real ones have 5 to 20
times."""
TAGS, HARMLESS_TAGS = 2, 16 << 20
ATTRIBUTES, HARMLESS_ATTRIBUTES = 3, 24 << 20
"""How many tags and attributes it may have for each byte of its file, from so many on."""

_ENCODINGS = frozenset({None, "utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})


class PartError(Exception):
    """XML that is damaged, that asks for too much, or that no spreadsheet program writes."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class BoundError(PartError):
    """A part that asks for too much, though nothing need be wrong with it."""

    @property
    def hint(self) -> Message:
        """What to do about it."""
        return text("files.reduce_workbook")


class Allowance:
    """What reading one workbook may still cost. Its methods raise BoundError where it is spent."""

    def __init__(self, size: int, memory: int) -> None:
        """`size` is that of the file, `memory` the bytes that may be held."""
        self._bytes = max(HARMLESS, size * RATIO)
        self._tags = max(HARMLESS_TAGS, size * TAGS)
        self._attributes = max(HARMLESS_ATTRIBUTES, size * ATTRIBUTES)
        self._memory = self._most = memory

    def expect(self, part: str, size: int) -> None:
        """Raises BoundError for a part of so many bytes, where that is more than there may be."""
        if size > self._bytes:
            raise BoundError(text("files.part_size", part=part, size=size >> 20))

    def unpack(self, chunk: bytes) -> None:
        """Count bytes that came out of the archive, and the tags and attributes in them."""
        self._bytes -= len(chunk)
        self._tags -= chunk.count(b"<")
        self._attributes -= chunk.count(b"=")
        if self._bytes < 0 or self._tags < 0 or self._attributes < 0:
            raise BoundError(text("files.workbook_bomb"))

    def hold(self, size: int) -> None:
        """Count bytes that are kept in memory."""
        self._memory -= size
        if self._memory < 0:
            raise BoundError(text("files.workbook_memory", most=self._most >> 20))


class Handler(Protocol):
    """What is told of the elements of a part. `texts` gets all character data, in pieces."""

    texts: list[str]

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...


def parse(file: IO[bytes], handler: Handler, allowance: Allowance) -> Iterator[None]:
    """Tell `handler` of the XML in `file`; a chunk with each step.

    Raises PartError for XML that is not well-formed or goes beyond a bound.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _doctype
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.texts.append
    fed = 0
    try:
        while chunk := file.read(CHUNK):
            allowance.unpack(chunk)
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                raise BoundError(text("files.long_tag", most=LONGEST_TAG))
            if len(parser.intern) > MOST_NAMES:
                raise BoundError(text("files.many_names"))
            if handler.texts and sum(map(len, handler.texts)) > LONGEST_TEXT:
                raise BoundError(text("files.long_text", most=LONGEST_TEXT))
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise PartError(text("files.xml_damaged", why=str(error))) from error
    yield


def walk(
    file: IO[bytes],
    wanted: Mapping[str, Callable[[dict[str, str]], None]],
    allowance: Allowance,
) -> None:
    """Tell of the attributes of each wanted element, by its path from the root without prefixes,
    such as `workbook/sheets/sheet`. Raises PartError."""
    for _ in parse(file, _Walker(wanted), allowance):
        pass


class _Walker:
    def __init__(self, wanted: Mapping[str, Callable[[dict[str, str]], None]]) -> None:
        self.texts: list[str] = []
        self._wanted = wanted
        self._known = {
            path[:end]
            for path in wanted
            for end in (*(at for at, sign in enumerate(path) if sign == "/"), len(path))
        }
        self._paths: list[str] = []
        self._unknown = 0
        """How deep it stands in an element that nobody wants."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.texts.clear()
        local = name.rpartition(":")[2]
        path = f"{self._paths[-1]}/{local}" if self._paths else local
        if self._unknown or path not in self._known:
            self._unknown = deeper(self._unknown)
            return
        self._paths.append(path)
        if path in self._wanted:
            self._wanted[path](attributes)

    def end(self, name: str) -> None:
        self.texts.clear()
        if self._unknown:
            self._unknown -= 1
        else:
            self._paths.pop()


def deeper(depth: int) -> int:
    """One element further down. Raises PartError where that is too deep."""
    if depth >= DEEPEST:
        raise BoundError(text("files.deep_elements", most=DEEPEST))
    return depth + 1


def prefix_of(name: str, root: str) -> str:
    """What stands before the names of all elements, such as `x:`, by that of the root. Raises
    PartError for another root."""
    if name.rpartition(":")[2] != root:
        raise PartError(text("files.other_root", element=root))
    return name.removesuffix(root)


def _declared(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise PartError(text("files.xml_encoding", encoding=encoding[:40]))


def _doctype(*_: object) -> NoReturn:
    raise PartError(text("files.document_type"))
