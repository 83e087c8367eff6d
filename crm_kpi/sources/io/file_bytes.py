"""Paths and bytes: which files a path means, and the bytes of one as UTF-8."""

from __future__ import annotations

import codecs
import glob
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BufferedReader

from crm_kpi.addresses import is_address
from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import text
from crm_kpi.sources.io import fifo
from crm_kpi.sources.io.budget import MIB, MemoryBudget
from crm_kpi.sources.io.compression import packing, unpack
from crm_kpi.sources.io.encodings import UTF8, UTF16, codec_of, proves_cp1258, to_utf8
from crm_kpi.sources.io.folders import is_utf8, parquet_within
from crm_kpi.sources.io.magic import magic
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.io.spool import TemporaryFile, spool
from crm_kpi.sources.io.web import web_answers

BLOCK = 256 << 10
"""Bytes read at a time: few enough to stay in the processor's cache while they are proved."""

STDIN = "-"
_ESCAPE = re.compile(rb'\\["\\]')
BOM = codecs.BOM_UTF8


def expand(paths: Iterable[str]) -> list[str]:
    """Every file that the paths and globs mean, each once by whatever name, globs in order of name.

    A folder stands for the Parquet files within it. Raises DataError for a glob that matches
    nothing; a missing file shows when it is opened.
    """
    files: list[str] = []
    for path in paths:
        if is_address(path):
            files.append(path)
            continue
        if path == STDIN or os.path.lexists(path) or not glob.has_magic(path):
            files += _within(path) or [path]
            continue
        matches = sorted(glob.glob(path, recursive=True))
        inner = [file for name in matches for file in _within(name) or [name]]
        matching = [name for name in inner if _is_file(name)]
        if not matching:
            raise DataError(text("files.no_match", path=path), hint=text("files.check_wildcards"))
        files += matching
    first: dict[str, str] = {}
    for file in files:
        there = file != STDIN and os.path.lexists(file)
        first.setdefault(os.path.realpath(file) if there else file, file)
    return [*first.values()]


def _within(path: str) -> list[str]:
    files = parquet_within(path) if path != STDIN and os.path.isdir(path) else []
    for file in files:
        _is_file(file)
    return files


def _is_file(path: str) -> bool:
    """Whether something in a folder is a file. Raises DataError for a pipe or a device: it is
    no export, and might never end."""
    if not os.path.exists(path):
        return False
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DataError(text("files.device_in_folder", path=path), hint=text("files.take_out"))
    return stat.S_ISREG(mode)


@dataclass
class FileBytes:
    """The bytes of one input, as UTF-8.

    A plain file stays on disk and is read in blocks; stdin, pipes, packed files, those in
    another encoding and those whose names polars cannot take are held in `memory`, or in a
    temporary `file` if they are large. `size` and `sha256` are of the bytes as they were given;
    `sha256` is known once `blocks` has run to its end.
    """

    path: str
    size: int = 0
    sha256: str = ""
    memory: bytes | None = None
    file: TemporaryFile | None = None
    length: int = 0
    """Bytes of its text."""
    encoding: str | None = None
    """Found out without being declared, where it is not UTF-8."""
    packing: str | None = None
    """What the file was packed with."""
    escaped: bool = False
    """Quotation marks within fields stood behind a backslash, and are doubled now."""
    unwrapped: bool = False
    """Each row stood whole in quotation marks, which are taken off."""
    progress: Progress = field(default_factory=Progress, repr=False)
    """Where it is told how far the file has been read."""
    _stamp: tuple[int, int] | None = field(default=None, repr=False)

    def blocks(self) -> Iterator[bytes]:
        if self.memory is not None:
            for start in range(0, len(self.memory), BLOCK):
                yield self.memory[start : start + BLOCK]
            return
        digest = hashlib.sha256()
        progress = self.progress
        progress.path, progress.done, progress.size = self.path, 0, self.length
        with _reading(self._place) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                progress.done += len(block)
                yield block
        self.sha256 = self.sha256 or digest.hexdigest()

    def taken(self, parts: Iterable[bytes]) -> FileBytes:
        """The same input with another text."""
        new = spool(self.path, parts)
        return replace(self, memory=new.memory, file=new.file, length=new.size, _stamp=None)

    def span(self, start: int, size: int) -> bytes:
        """`size` bytes from `start` on."""
        if self.memory is not None:
            return self.memory[start : start + size]
        with _reading(self._place) as file:
            file.seek(start)
            return file.read(size)

    def doubled(self) -> FileBytes | None:
        """The same with each quotation mark behind a backslash doubled instead, which takes as
        many bytes; None where there is none. A backslash behind a backslash escapes nothing."""
        raw = self.memory if self.memory is not None else b"".join(self.blocks())
        doubled = _ESCAPE.sub(lambda pair: b'""' if pair[0] == b'\\"' else pair[0], raw)
        if doubled == raw:
            return None
        return replace(self.taken([doubled]), escaped=True)

    @property
    def source(self) -> str | bytes:
        """What a parser opens: the path, or the bytes themselves."""
        return self._place if self.memory is None else self.memory

    @property
    def _place(self) -> str:
        return self.path if self.file is None else str(self.file.path)

    def verify(self) -> None:
        """Raises DataError when the file has changed since it was opened."""
        if self._stamp is not None and _stamp(_status(self.path)) != self._stamp:
            raise DataError(text("files.changed", path=self.path), hint=text("files.run_again"))


def read(
    path: str,
    encoding: str | None,
    budget: MemoryBudget | None = None,
    progress: Progress | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> FileBytes:
    """Open one input: unpacked, and in UTF-8.

    An address is fetched; its `headers` are variables that `web_answers.WebAnswers.ask` reads.

    `encoding` is the declared one; without it UTF-8 is read, UTF-16 with its mark, and cp1258
    where its words prove it.
    `progress` is told how far the file has been read, now and later.

    Raises DataError for what cannot be read or decoded, UsageError for an unknown encoding and
    for a stream of more bytes than the budget has.
    """
    codec = codec_of(path, encoding)
    progress = progress or Progress()
    if is_address(path):
        file_bytes = _fetched(path, headers, progress)
        path = file_bytes.path
    else:
        file_bytes = _local(path, budget)
    file_bytes.progress = progress
    head = file_bytes.span(0, 4)
    file_bytes.packing = packing(head)
    if file_bytes.packing:
        file_bytes = _taken(
            file_bytes, unpack(path, file_bytes.blocks(), file_bytes.size, file_bytes.packing)
        )
        head = file_bytes.span(0, 4)
    elif not is_utf8(path):  # a name that polars cannot take
        file_bytes = _taken(file_bytes, file_bytes.blocks())
    codec = _codec(head, codec, encoding)
    if encoding is None and codec in UTF8 and not magic(head) and _is_cp1258(file_bytes):
        codec = "cp1258"
    if codec not in UTF8:
        file_bytes = _taken(file_bytes, to_utf8(path, file_bytes.blocks, codec))
        file_bytes.encoding = None if encoding else codec
    return file_bytes


def _local(path: str, budget: MemoryBudget | None) -> FileBytes:
    status = _status(path)
    if stat.S_ISDIR(status.st_mode):
        raise DataError(
            text("files.directory", path=path),
            hint=text("files.give_files", folder=path.rstrip("/")),
        )
    if path != STDIN and stat.S_ISREG(status.st_mode):
        size = status.st_size
        return FileBytes(path, size, length=size, _stamp=_stamp(status))
    return _streamed(path, status, budget or MemoryBudget.of(None))


def _fetched(url: str, headers: Sequence[tuple[str, str]], progress: Progress) -> FileBytes:
    """An answer under the address as it may be shown, without what is secret in it."""
    answer = web_answers.current().ask(url, headers, progress)
    got = answer.spooled
    return FileBytes(answer.path, got.size, answer.sha256, got.memory, got.file, got.size)


_HEAD, _MOST = 64 << 10, 64 << 20
"""Bytes that show whether a file is UTF-8, and those of a file of which every word is looked at."""


def _is_cp1258(file_bytes: FileBytes) -> bool:
    """Whether the file is not UTF-8 from its beginning, and its words prove another encoding."""
    head = file_bytes.span(0, _HEAD)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        if file_bytes.length > _MOST or b"\0" in head:
            return False
        return proves_cp1258(file_bytes.span(0, file_bytes.length))
    return False


def _taken(file_bytes: FileBytes, parts: Iterable[bytes]) -> FileBytes:
    """The input with the text that is made of its bytes."""
    taken = file_bytes.taken(parts)
    file_bytes.verify()
    return replace(taken, sha256=file_bytes.sha256)


def _streamed(path: str, status: os.stat_result, budget: MemoryBudget) -> FileBytes:
    """Stdin, a pipe or a terminal."""
    if stat.S_ISBLK(status.st_mode) or (stat.S_ISCHR(status.st_mode) and not _ends(path, status)):
        raise DataError(text("files.device", path=path), hint=text("files.give_pipe"))
    digest, size = hashlib.sha256(), 0

    def parts() -> Iterator[bytes]:
        nonlocal size
        for part in _stdin() if path == STDIN else fifo.parts(path):
            digest.update(part)
            size += len(part)
            if size > budget.bytes:
                raise UsageError(
                    text(
                        "files.long_stream",
                        path=path,
                        size=budget.bytes // MIB,
                        limit=budget.origin,
                    ),
                    hint=text("files.save_first"),
                )
            yield part

    try:
        stream = spool(path, parts())
    except OSError as error:
        raise unreadable(path, error) from error
    return FileBytes(path, size, digest.hexdigest(), stream.memory, stream.file, stream.size)


def _stdin() -> Iterator[bytes]:
    while part := sys.stdin.buffer.read(BLOCK):
        yield part


def _ends(path: str, status: os.stat_result) -> bool:
    """Whether a character device comes to an end: a terminal, or the one that is empty."""
    if os.path.samestat(status, os.stat(os.devnull)):
        return True
    return os.isatty(0) if path == STDIN else fifo.is_terminal(path)


def is_plain(path: str) -> bool:
    """Whether a path is a file whose bytes are its text, or tells of itself what is wrong."""
    if is_address(path):
        return False
    if not os.path.isfile(path):
        return not os.path.exists(path)
    with _reading(path) as file:
        return packing(file.read(4)) is None


def unreadable(path: str, error: OSError | ValueError) -> DataError:
    """A path that cannot be opened, or stops giving bytes."""
    if isinstance(error, FileNotFoundError):
        return DataError(text("files.no_such_file", path=path), hint=text("files.check_path"))
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DataError(
        text("files.unreadable", path=path, why=reason), hint=text("files.check_access")
    )


def _codec(head: bytes, codec: str, encoding: str | None) -> str:
    """The declared encoding; without one UTF-16 where its mark stands, else UTF-8. Bytes that
    are no text have none."""
    if magic(head):
        return "utf-8"
    return "utf-16" if encoding is None and head.startswith(UTF16) else codec


@contextmanager
def _reading(path: str) -> Iterator[BufferedReader]:
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise unreadable(path, error) from error


def _status(path: str) -> os.stat_result:
    try:
        return os.fstat(0) if path == STDIN else os.stat(path)
    except (OSError, ValueError) as error:
        # A path that holds a NUL is a ValueError to Python.
        raise unreadable(path, error) from error


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
