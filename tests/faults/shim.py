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

    def readinto(self, buffer: Any) -> Any:
        self.fault.touch("read", Path(str(self.name)))
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self.fault.touch("read", Path(str(self.name)))
        return super().readall()

    def write(self, data: Any) -> Any:
        self.fault.touch("write", Path(str(self.name)))
        return super().write(data)


@contextmanager
def failing(fault: Fault) -> Iterator[Fault]:
    """While inside, the operation fails; polars' own reading of a file is out of reach."""
    opened = builtins.open
    with ExitStack() as stack:
        files: dict[int, Path] = {}

        def open_(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
            if isinstance(file, int) or not _below(file, fault.folder):
                return opened(file, mode, buffering, *rest, **named)
            path = Path(os.path.abspath(file))
            fault.touch("open", path)
            raw = _Raw(str(path), mode.replace("b", "").replace("t", ""))
            raw.fault = fault
            files[raw.fileno()] = path
            binary = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
            return binary if "b" in mode else io.TextIOWrapper(binary, *rest, **named)

        def before(name: str, number: Callable[[Any], Path]) -> None:
            real = getattr(os, name)

            def call(first: Any, *rest: Any, **named: Any) -> Any:
                fault.touch(name, number(first))
                return real(first, *rest, **named)

            stack.enter_context(patch.object(os, name, call))

        stack.enter_context(patch.object(builtins, "open", open_))
        stack.enter_context(patch.object(io, "open", open_))
        before("fsync", lambda number: files.get(number, Path("/")))
        for name in ("chmod", "replace", "mkdir"):
            before(name, lambda path: Path(os.path.abspath(path)))
        yield fault


def _below(file: Any, folder: Path) -> bool:
    return Path(os.path.abspath(os.fspath(file))).is_relative_to(folder)
