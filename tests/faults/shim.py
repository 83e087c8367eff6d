"""Makes the n-th operation of a kind fail, for the files below one folder."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

KINDS = {
    "open": errno.EMFILE,
    "read": errno.EIO,
    "write": errno.ENOSPC,
    "fsync": errno.EIO,
    "chmod": errno.EPERM,
    "replace": errno.EACCES,
    "mkdir": errno.EROFS,
}
"""Operation: what it fails with."""


@dataclass
class Fault:
    """Fails once, at the `at`-th operation of its kind, counted from 1."""

    folder: Path
    kind: str
    at: int
    count: int = 0
    hit: Path | None = None
    """The file whose operation failed."""

    def touch(self, kind: str, path: Path) -> None:
        if kind != self.kind or not path.is_relative_to(self.folder):
            return
        self.count += 1
        if self.count == self.at:
            self.hit = path
            raise OSError(KINDS[kind], os.strerror(KINDS[kind]), str(path))


class _Raw(io.FileIO):
    """The bottom of every file that Python opens in the folder."""

    fault: Fault

    @property
    def path(self) -> Path:
        return _of_descriptor(self.fileno())

    def readinto(self, buffer: Any) -> Any:
        self.fault.touch("read", self.path)
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self.fault.touch("read", self.path)
        return super().readall()

    def write(self, data: Any) -> Any:
        self.fault.touch("write", self.path)
        return super().write(data)


@contextmanager
def failing(fault: Fault) -> Iterator[Fault]:
    """While inside, the operation fails; polars' own reading of a file is out of reach."""
    opened = builtins.open
    with ExitStack() as stack:

        def open_(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
            opener = named.pop("opener", None)
            if isinstance(file, int) or not (opener or _below(file, fault.folder)):
                return opened(file, mode, buffering, *rest, opener=opener, **named)
            if opener is None:
                fault.touch("open", Path(os.path.abspath(file)))
            raw = _Raw(str(file), mode.replace("b", "").replace("t", ""), opener=opener)
            raw.fault = fault
            if buffering == 0:
                return raw
            binary = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
            return binary if "b" in mode else io.TextIOWrapper(binary, *rest, **named)

        def before(name: str, path_of: Callable[..., Path], kind: str | None = None) -> None:
            real = getattr(os, name)

            def call(first: Any, *rest: Any, **named: Any) -> Any:
                fault.touch(kind or name, path_of(first, *rest, **named))
                return real(first, *rest, **named)

            stack.enter_context(patch.object(os, name, call))

        stack.enter_context(patch.object(builtins, "open", open_))
        stack.enter_context(patch.object(io, "open", open_))
        before("open", _of_file)
        before("fsync", _of_descriptor)
        before("fchmod", _of_descriptor, "chmod")
        for name in ("chmod", "replace", "mkdir"):
            before(name, _of_name)
        yield fault


def _of_descriptor(number: int, *_: Any) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{number}"))


def _of_name(name: Any, *_: Any, **named: Any) -> Path:
    """The path of a name that may be relative to the descriptor of a folder."""
    folder = named.get("dir_fd", named.get("src_dir_fd"))
    if folder is None:
        return Path(os.path.abspath(os.fspath(name)))
    return _of_descriptor(folder) / os.fspath(name)


def _of_file(name: Any, flags: int, *_: Any, **named: Any) -> Path:
    """The same for a file that is opened; a folder on the way to it is none."""
    on_the_way = flags & (os.O_DIRECTORY | os.O_PATH)
    return Path("/") if on_the_way else _of_name(name, **named)


def _below(file: Any, folder: Path) -> bool:
    return Path(os.path.abspath(os.fspath(file))).is_relative_to(folder)
