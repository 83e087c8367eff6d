"""Bytes that come as a stream: held in memory while they are few, else in a temporary file."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from crm_kpi import tempfiles
from crm_kpi.errors import UsageError
from crm_kpi.messages import text

_T = TypeVar("_T")

IN_MEMORY = 64 << 20
"""Bytes; from there on they go to disk."""


class TemporaryFile:
    """A file in a folder of its own, which goes when nobody holds this any longer."""

    def __init__(self) -> None:
        stack = ExitStack()
        self.path = stack.enter_context(tempfiles.folder()) / tempfiles.TEXT
        weakref.finalize(self, stack.close)


@dataclass(frozen=True)
class Spooled:
    """All bytes of a stream: in `memory`, or in a `file`."""

    size: int
    memory: bytes | None
    file: TemporaryFile | None

    def head(self, size: int) -> bytes:
        """Its first bytes."""
        if self.memory is not None:
            return self.memory[:size]
        assert self.file is not None
        with self.file.path.open("rb") as stream:
            return stream.read(size)


def spool(path: str, parts: Iterable[bytes]) -> Spooled:
    """Take in a stream. `path` is the input that it comes from, for messages.

    Raises:
        UsageError: the disk with the temporary files is full, or cannot be written.
    """
    held, size = BytesIO(), 0
    rest = iter(parts)
    for part in rest:
        size += held.write(part)
        if size > IN_MEMORY:
            break
    else:
        return Spooled(size, held.getvalue(), None)
    file = TemporaryFile()
    try:
        with _writing(file.path) as write:
            write(held.getbuffer())
            del held
            for part in rest:
                size += write(part)
    except _NoRoomError as error:
        raise UsageError(
            text("files.disk_full", path=path, folder=tempfile.gettempdir(), why=str(error)),
            hint=text("files.make_room"),
        ) from error
    return Spooled(size, None, file)


class _NoRoomError(Exception):
    """A temporary file cannot be written. Not an OSError, as what is read may raise that, too."""


@contextmanager
def _writing(path: Path) -> Iterator[Callable[[bytes | memoryview], int]]:
    """What writes to the file. Raises _NoRoomError for all that fails there, to the last byte."""
    stream = _kept(lambda: path.open("wb"))
    try:
        yield lambda part: _kept(lambda: stream.write(part))
        _kept(stream.flush)
    finally:
        with suppress(OSError):  # what could not be flushed is told already
            stream.close()


def _kept(write: Callable[[], _T]) -> _T:
    try:
        return write()
    except OSError as error:
        raise _NoRoomError(os.strerror(error.errno or 0)) from error
