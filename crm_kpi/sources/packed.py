"""gzip and zstd: known by their first bytes, unpacked as a stream, up to a bound."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib

from crm_kpi.errors import DataError

STEP = 4 << 20
"""Bytes unpacked at a time: a bomb is noticed before it has gone off."""

_FIRST = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def packing(head: bytes) -> str | None:
    """How a file that begins with these bytes is packed; None for any other.

    >>> packing(b"\\x1f\\x8b\\x08\\x00"), packing(b"id,date")
    ('gzip', None)
    """
    return next((name for first, name in _FIRST.items() if head.startswith(first)), None)


def unpack(path: str, raw: bytes, name: str) -> bytes:
    """What is packed in `raw`, of all members or frames that follow one another.

    Raises DataError for a stream that is cut off or damaged, and for one that unpacks to more
    than `largest()`.
    """
    most = largest()
    stream, damage = _opened(raw, name)
    found = io.BytesIO()
    try:
        with stream:
            while part := stream.read(STEP):
                found.write(part)
                if found.tell() > most:
                    raise _too_large(path, name, most)
    except EOFError as error:
        raise DataError(
            f"{path}: ends in the middle of its {name} data", hint="copy or download it again"
        ) from error
    except (OSError, damage) as error:
        raise DataError(
            f"{path}: its {name} data are damaged ({error})", hint="copy or download it again"
        ) from error
    return found.getvalue()


def largest() -> int:
    """The most bytes that are unpacked: a quarter of the machine's memory, as they are held there
    beside the table that they become. Where the system does not tell, 2 GiB."""
    if sys.platform == "win32":
        return 2 << 30
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4


def _too_large(path: str, name: str, most: int) -> DataError:
    return DataError(
        f"{path}: its {name} data unpack to more than {most / (1 << 30):.1f} GiB, "
        "a quarter of the memory here",
        hint="unpack it first; a plain file is read in blocks",
    )


def _opened(raw: bytes, name: str) -> tuple[io.BufferedIOBase, type[Exception]]:
    """The packed data as a stream, and what it raises where they are damaged."""
    file = io.BytesIO(raw)
    if name == "gzip":
        return gzip.GzipFile(fileobj=file), zlib.error
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdError, ZstdFile
    else:
        from backports.zstd import ZstdError, ZstdFile
    return ZstdFile(file), ZstdError
