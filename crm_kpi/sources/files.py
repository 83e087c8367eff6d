"""Paths and bytes: which files a path means, and the bytes of one as UTF-8."""

from __future__ import annotations

import codecs
import glob
import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader

from crm_kpi.errors import DataError, UsageError

BLOCK = 256 << 10
"""Bytes read at a time: few enough to stay in the processor's cache while they are proved."""

STDIN = "-"
BOM = codecs.BOM_UTF8
_UTF8 = {"utf-8", "utf-8-sig"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def expand(paths: Iterable[str]) -> list[str]:
    """Every file that the paths and globs mean, globs in order of name.

    Raises DataError for a glob that matches nothing; a missing file shows when it is opened.
    """
    files: list[str] = []
    for path in paths:
        if path == STDIN or os.path.lexists(path) or not glob.has_magic(path):
            files.append(path)
            continue
        found = sorted(name for name in glob.glob(path, recursive=True) if os.path.isfile(name))
        if not found:
            raise DataError(f"{path}: matches no file", hint="check the path and its wildcards")
        files += found
    return list(dict.fromkeys(files))


@dataclass
class Blob:
    """The bytes of one input, as UTF-8.

    A plain file stays on disk and is read in blocks; stdin, pipes and files in
    another encoding are held in `memory`. `size` and `sha256` are of the bytes
    as they were given; `sha256` is known once `blocks` has run to its end.
    """

    path: str
    size: int = 0
    sha256: str = ""
    memory: bytes | None = None
    _stamp: tuple[int, int] | None = field(default=None, repr=False)

    def blocks(self) -> Iterator[bytes]:
        if self.memory is not None:
            for start in range(0, len(self.memory), BLOCK):
                yield self.memory[start : start + BLOCK]
            return
        digest = hashlib.sha256()
        with _reading(self.path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                yield block
        self.sha256 = digest.hexdigest()

    def span(self, start: int, size: int) -> bytes:
        """`size` bytes from `start` on."""
        if self.memory is not None:
            return self.memory[start : start + size]
        with _reading(self.path) as file:
            file.seek(start)
            return file.read(size)

    @property
    def source(self) -> str | bytes:
        """What a parser opens: the path, or the bytes themselves."""
        return self.path if self.memory is None else self.memory

    def verify(self) -> None:
        """Raises DataError when the file has changed since it was opened."""
        if self._stamp is not None and _stamp(os.stat(self.path)) != self._stamp:
            raise DataError(f"{self.path}: changed while it was read", hint="run it again")


def read(path: str, encoding: str | None) -> Blob:
    """Open one input. `encoding` is the declared one; without it only UTF-8 is read.

    Raises DataError for what cannot be read or decoded, UsageError for an unknown encoding.
    """
    codec = _codec(path, encoding)
    try:
        status = None if path == STDIN else os.stat(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise DataError(f"{path}: is a directory", hint=f"give a file, or {path.rstrip('/')}/*.csv")
    if status is not None and stat.S_ISREG(status.st_mode) and codec in _UTF8:
        return Blob(path, size=status.st_size, _stamp=_stamp(status))
    raw = sys.stdin.buffer.read() if path == STDIN else _whole(path)
    digest = hashlib.sha256(raw).hexdigest()
    text = raw if codec in _UTF8 else _decode(path, raw, codec)
    return Blob(path, size=len(raw), sha256=digest, memory=text)


def not_utf8(path: str, block: bytes, position: int, line: int) -> DataError:
    """Bytes at `position` that are not UTF-8."""
    if block.startswith(_UTF16):
        return DataError(f"{path}: is UTF-16, not UTF-8", hint="declare encoding: utf-16")
    shown = block[position : position + 1].hex()
    return DataError(
        f"{path}:{line}: is not UTF-8 (byte 0x{shown})",
        hint="declare the encoding: of the file, such as cp1258 or cp1252, or save it as UTF-8",
    )


def _codec(path: str, encoding: str | None) -> str:
    try:
        return codecs.lookup(encoding or "utf-8").name
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"{path}: {encoding!r} is no encoding", hint="try utf-8, utf-16, cp1258 or cp1252"
        ) from error


def _decode(path: str, raw: bytes, codec: str) -> bytes:
    try:
        return raw.decode(codec).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}:{line}: is not {codec} ({error.reason})",
            hint="declare another encoding: for this file",
        ) from error
    except (LookupError, UnicodeEncodeError) as error:
        raise UsageError(f"{path}: {codec!r} is no encoding of text: {error}") from error


def _whole(path: str) -> bytes:
    with _reading(path) as file:
        return file.read()


def _reading(path: str) -> BufferedReader:
    try:
        return open(path, "rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> DataError:
    missing = isinstance(error, FileNotFoundError)
    reason = "no such file" if missing else f"cannot be read: {error.strerror}"
    return DataError(f"{path}: {reason}", hint="check the path" if missing else None)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
