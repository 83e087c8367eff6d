"""Pipes with a name: read when somebody writes, given up when nobody does."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator

from crm_kpi.errors import DataError
from crm_kpi.messages import text

PATIENCE = 10.0
"""Seconds in which somebody must open the pipe to write. Who has done so may take any time."""
_BLOCK = 1 << 16
_PAUSE = 0.02


def parts(path: str) -> Iterator[bytes]:
    """What comes out of a pipe or a terminal.

    Raises DataError where nobody writes into it, OSError where it cannot be read.
    """
    if not hasattr(os, "O_NONBLOCK"):  # Windows has no such pipes
        yield from _blocks(os.open(path, os.O_RDONLY))
        return
    # Opened so, a pipe does not wait for its writer.
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield _first(path, number)
        os.set_blocking(number, True)
    except BaseException:
        os.close(number)
        raise
    yield from _blocks(number)


def is_terminal(path: str) -> bool:
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    try:
        return os.isatty(number)
    finally:
        os.close(number)


def _blocks(number: int) -> Iterator[bytes]:
    with open(number, "rb", buffering=0) as file:
        while part := file.read(_BLOCK):
            yield part


def _first(path: str, number: int) -> bytes:
    """The first bytes, or none if there is a writer who has written nothing yet."""
    import select

    if not stat.S_ISFIFO(os.fstat(number).st_mode):
        return b""
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            part = os.read(number, _BLOCK)
        except BlockingIOError:
            return b""  # somebody has it open
        ended = any(event & select.POLLHUP for _, event in waiting.poll(0))
        if part or ended:
            return part
        if time.monotonic() > until:
            raise DataError(
                text("files.idle_pipe", path=path, seconds=PATIENCE),
                hint=text("files.start_writer"),
            )
        time.sleep(_PAUSE)
