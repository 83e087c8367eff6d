"""Paths and bytes: which files a path means, and the bytes of one as UTF-8."""

from __future__ import annotations

import codecs
import glob
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BufferedReader

from crm_kpi.errors import DataError
from crm_kpi.sources.encodings import UTF8, UTF16, codec_of, to_utf8
from crm_kpi.sources.folders import parquet_within
from crm_kpi.sources.magic import magic
from crm_kpi.sources.packed import packing, unpack
from crm_kpi.sources.progress import now

BLOCK = 256 << 10
"""Bytes read at a time: few enough to stay in the processor's cache while they are proved."""

STDIN = "-"
_ESCAPE = re.compile(rb'\\["\\]')
BOM = codecs.BOM_UTF8


def expand(paths: Iterable[str]) -> list[str]:
    """Every file that the paths and globs mean, globs in order of name.

    A folder stands for the Parquet files within it. Raises DataError for a glob that matches
    nothing; a missing file shows when it is opened.
    """
    files: list[str] = []
    for path in paths:
        if path == STDIN or os.path.lexists(path) or not glob.has_magic(path):
            files += _within(path) or [path]
            continue
        matches = sorted(glob.glob(path, recursive=True))
        found = [file for name in matches for file in _within(name) or [name]]
        found = [name for name in found if os.path.isfile(name)]
        if not found:
            raise DataError(f"{path}: matches no file", hint="check the path and its wildcards")
        files += found
    return list(dict.fromkeys(files))


def _within(path: str) -> list[str]:
    return parquet_within(path) if path != STDIN and os.path.isdir(path) else []


@dataclass
class Blob:
    """The bytes of one input, as UTF-8.

    A plain file stays on disk and is read in blocks; stdin, pipes, packed files and those in
    another encoding are held in `memory`. `size` and `sha256` are of the bytes
    as they were given; `sha256` is known once `blocks` has run to its end.
    """

    path: str
    size: int = 0
    sha256: str = ""
    memory: bytes | None = None
    encoding: str | None = None
    """Found out without being declared, where it is not UTF-8."""
    packing: str | None = None
    """What the file was packed with."""
    escaped: bool = False
    """Quotation marks within fields stood behind a backslash, and are doubled now."""
    _stamp: tuple[int, int] | None = field(default=None, repr=False)

    @property
    def length(self) -> int:
        """Bytes of its text."""
        return self.size if self.memory is None else len(self.memory)

    def blocks(self) -> Iterator[bytes]:
        if self.memory is not None:
            for start in range(0, len(self.memory), BLOCK):
                yield self.memory[start : start + BLOCK]
            return
        digest = hashlib.sha256()
        now.path, now.done, now.size = self.path, 0, self.size
        with _reading(self.path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                now.done += len(block)
                yield block
        self.sha256 = digest.hexdigest()

    def span(self, start: int, size: int) -> bytes:
        """`size` bytes from `start` on."""
        if self.memory is not None:
            return self.memory[start : start + size]
        with _reading(self.path) as file:
            file.seek(start)
            return file.read(size)

    def doubled(self) -> Blob | None:
        """The same with each quotation mark behind a backslash doubled instead, which takes as
        many bytes; None where there is none. A backslash behind a backslash escapes nothing."""
        raw = self.memory if self.memory is not None else _whole(self.path)
        text = _ESCAPE.sub(lambda pair: b'""' if pair[0] == b'\\"' else pair[0], raw)
        if text == raw:
            return None
        sha256 = self.sha256 or hashlib.sha256(raw).hexdigest()
        return replace(self, sha256=sha256, memory=text, escaped=True)

    @property
    def source(self) -> str | bytes:
        """What a parser opens: the path, or the bytes themselves."""
        return self.path if self.memory is None else self.memory

    def verify(self) -> None:
        """Raises DataError when the file has changed since it was opened."""
        if self._stamp is not None and _stamp(_status(self.path)) != self._stamp:
            raise DataError(f"{self.path}: changed while it was read", hint="run it again")


def read(path: str, encoding: str | None) -> Blob:
    """Open one input: unpacked, and in UTF-8.

    `encoding` is the declared one; without it only UTF-8 and UTF-16 with its mark are read.

    Raises DataError for what cannot be read or decoded, UsageError for an unknown encoding.
    """
    codec = codec_of(path, encoding)
    status = None if path == STDIN else _status(path)
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise DataError(f"{path}: is a directory", hint=f"give a file, or {path.rstrip('/')}/*.csv")
    if status is not None and stat.S_ISREG(status.st_mode):
        plain = Blob(path, size=status.st_size, _stamp=_stamp(status))
        head = plain.span(0, 4)
        if not packing(head) and _found(head, codec, encoding) in UTF8:
            return plain
    raw = sys.stdin.buffer.read() if path == STDIN else _whole(path)
    blob = Blob(path, len(raw), hashlib.sha256(raw).hexdigest(), raw, packing=packing(raw[:4]))
    if blob.packing:
        blob.memory = raw = unpack(path, raw, blob.packing)
    codec = _found(raw[:4], codec, encoding)
    if codec not in UTF8:
        blob.memory = to_utf8(path, raw, codec)
        blob.encoding = None if encoding else codec
    return blob


def unreadable(path: str, error: OSError | ValueError) -> DataError:
    """A path that cannot be opened, or stops giving bytes."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"{path}: no such file", hint="check the path")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DataError(f"{path}: cannot be read: {reason}", hint="check the path and who may read it")


def _found(head: bytes, codec: str, encoding: str | None) -> str:
    """The declared encoding; without one UTF-16 where its mark stands, else UTF-8. Bytes that
    are no text have none."""
    if magic(head):
        return "utf-8"
    return "utf-16" if encoding is None and head.startswith(UTF16) else codec


def _whole(path: str) -> bytes:
    with _reading(path) as file:
        return file.read()


@contextmanager
def _reading(path: str) -> Iterator[BufferedReader]:
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise unreadable(path, error) from error


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except (OSError, ValueError) as error:
        # A path that holds a NUL is a ValueError to Python.
        raise unreadable(path, error) from error


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
