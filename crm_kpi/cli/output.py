"""Where the answer goes: stdout, or a file that is whole or not there."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from crm_kpi.cli import signals
from crm_kpi.errors import OutputError, UsageError


def refuse_inputs(output: Path | None, inputs: Iterable[str | Path], option: str = "-o") -> None:
    """An output that is an input or the config would destroy what it reads.

    A glob stands for all that it matches, a folder for all that is in it.
    """
    if output is None or not os.path.exists(output):
        return
    for source in _matched(inputs):
        if os.path.exists(source) and os.path.samefile(source, output):
            raise UsageError(
                f"{option} {output}: this file is an input of the same run",
                hint="choose another name for the output",
            )


def _matched(inputs: Iterable[str | Path]) -> Iterator[str]:
    import glob

    for path in map(str, inputs):
        yield path
        if glob.has_magic(path):
            yield from glob.iglob(path, recursive=True)
        elif os.path.isdir(path):
            yield from glob.iglob(os.path.join(glob.escape(path), "**"), recursive=True)


@contextmanager
def opened(output: Path | None, option: str = "-o") -> Iterator[TextIO]:
    """stdout, or a temporary file beside `output` that takes its place when all is written.

    A pipe or a device is written to as it is; - and /dev/stdout are stdout, whatever that is.

    Args:
        option: what the file was asked for by, for messages.

    Raises:
        OutputError: the file cannot be written; the old one is untouched.
    """
    destination: AbstractContextManager[TextIO]
    try:
        if output is None or str(output) == "-":
            destination = _flushed(sys.stdout)
        elif (standing := _standing(output)) is not None:
            destination = _flushed(standing)
        else:
            destination = _made(output)
        with destination as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        if output is None:
            raise OutputError(f"the answer cannot be written to stdout: {reason}") from error
        hint = (
            "check the name, the rights and the space on the disk"
            if os.path.lexists(output.parent)
            else f"create the folder first: mkdir -p {output.parent}"
        )
        raise OutputError(f"{option} {output} cannot be written: {reason}", hint=hint) from error


def _standing(output: Path) -> TextIO | None:
    """The stream of this process that `output` is a name of, such as /dev/stdout."""
    if os.path.exists(output):
        streams = [(1, sys.stdout), (2, sys.stderr)]
        with contextlib.suppress(OSError):  # where what is told goes apart from native words
            streams.append((sys.stderr.fileno(), sys.stderr))
        for number, stream in streams:
            if os.path.samestat(os.stat(output), os.fstat(number)):
                return stream
    return None


@contextmanager
def _flushed(stream: TextIO) -> Iterator[TextIO]:
    yield stream
    stream.flush()


def _made(output: Path) -> AbstractContextManager[TextIO]:
    """The file, or the pipe or device that stands there."""
    status = os.stat(output) if os.path.exists(output) else None
    if status is None or stat.S_ISREG(status.st_mode):
        return _replacing(Path(os.path.realpath(output)), there=status is not None)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    return open(output, "w", encoding="utf-8", newline="")


@contextmanager
def _replacing(target: Path, *, there: bool) -> Iterator[TextIO]:
    if there and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    temporary = target.with_name(f".crm-kpi-{secrets.token_hex(8)}.tmp")
    with signals.settling:
        stream = open(temporary, "x", encoding="utf-8", newline="")  # noqa: SIM115  closed below
        signals.temporary.add(temporary)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if there:
            shutil.copymode(target, temporary)
        with signals.settling:
            os.replace(temporary, target)
            signals.temporary.discard(temporary)
    finally:
        if temporary in signals.temporary:
            with contextlib.suppress(OSError):
                temporary.unlink()
            signals.temporary.discard(temporary)
