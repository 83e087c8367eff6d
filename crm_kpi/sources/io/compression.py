"""gzip and zstd: known by their first bytes, unpacked as a stream, up to a bound."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crm_kpi.errors import DataError
from crm_kpi.messages import text

if TYPE_CHECKING:
    from typing_extensions import Buffer

STEP = 1 << 20
"""Bytes unpacked at a time: a bomb is noticed before it has gone off."""

RATIO, HARMLESS = 50, 256 << 20
"""How many times its size a file may unpack to, from so many bytes on. Tables are packed to a
fifth or a thirtieth."""

_FIRST = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def packing(head: bytes) -> str | None:
    """How a file that begins with these bytes is packed; None for any other.

    >>> packing(b"\\x1f\\x8b\\x08\\x00"), packing(b"id,date")
    ('gzip', None)
    """
    return next((name for first, name in _FIRST.items() if head.startswith(first)), None)


def unpack(path: str, parts: Iterable[bytes], size: int, name: str) -> Iterator[bytes]:
    """What is packed in `parts`, `size` bytes in all, of all members or frames that follow one
    another.

    Raises DataError for a stream that is cut off or damaged, and for one that unpacks to far
    more than any table does.
    """
    stream, damage = _opened(parts, name)
    done = 0
    try:
        with stream:
            while part := stream.read(STEP):
                done += len(part)
                if done > max(HARMLESS, RATIO * size):
                    raise _too_large(path, name)
                yield part
    except EOFError as error:
        raise DataError(
            text("files.packing_cut", path=path, packing=name), hint=text("files.copy_again")
        ) from error
    except (OSError, damage) as error:
        raise DataError(
            text("files.packing_damaged", path=path, packing=name, why=str(error)),
            hint=text("files.copy_again"),
        ) from error


def _too_large(path: str, name: str) -> DataError:
    return DataError(
        text("files.packing_bomb", path=path, packing=name, ratio=RATIO, most=HARMLESS >> 20),
        hint=text("files.unpack_first"),
    )


def _opened(parts: Iterable[bytes], name: str) -> tuple[io.BufferedIOBase, type[Exception]]:
    """The packed data as a stream, and what it raises where they are damaged."""
    file = io.BufferedReader(_Joined(parts))
    if name == "gzip":
        return gzip.GzipFile(fileobj=file), zlib.error
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdError, ZstdFile
    else:
        from backports.zstd import ZstdError, ZstdFile
    return ZstdFile(file), ZstdError


class _Joined(io.RawIOBase):
    """Parts of bytes as one file."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        part = self._rest or next(self._parts, b"")
        view = memoryview(buffer)
        size = min(len(part), len(view))
        view[:size] = part[:size]
        self._rest = part[size:]
        return size
