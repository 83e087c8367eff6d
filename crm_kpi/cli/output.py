"""Where the answer goes: stdout, or a file that is whole or not there."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from crm_kpi import tempfiles
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.cli.destination import Destination, PlantedError, located
from crm_kpi.errors import OutputError, UsageError
from crm_kpi.messages import Message, text

if TYPE_CHECKING:
    from crm_kpi.config.model import Config
    from crm_kpi.engine.plan import Specs

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")


MARK = "\ufeff"
"""By which Excel knows that a CSV file is UTF-8."""

OutputName = str | Path
"""Of a file; as a text it may end with a slash, which makes it a folder's."""


def refuse_inputs(
    output: OutputName | None, inputs: Iterable[OutputName], option: str = "-o"
) -> None:
    """An output that is an input or the config would destroy what it reads.

    A glob stands for all that it matches, a folder for all that is in it.
    """
    if output is None or not os.path.exists(output):
        return
    for source in _matched(inputs):
        if os.path.exists(source) and os.path.samefile(source, output):
            raise UsageError(
                text("cli.output_is_input", option=option, path=output),
                hint=text("cli.other_output"),
            )


def inputs(config: Config, specs: Specs) -> list[str | Path]:
    """Every file that a run reads, the config and a database of one file among them."""
    blocks = [block for table in specs.values() for block in table]
    files = [config.path, *(block.query.file for block in blocks if block.query)]
    files += config.lookup_paths
    return [*(path for block in blocks for path in block.paths), *(f for f in files if f)]


def _matched(inputs: Iterable[OutputName]) -> Iterator[str]:
    import glob

    for path in map(str, inputs):
        yield path
        if glob.has_magic(path):
            yield from glob.iglob(path, recursive=True)
        elif os.path.isdir(path):
            yield from glob.iglob(os.path.join(glob.escape(path), "**"), recursive=True)


@contextmanager
def opened(
    output: OutputName | None, option: str = "-o", *, mark: bool = False
) -> Iterator[TextIO]:
    """stdout, or a temporary file beside `output` that takes its place when all is written.

    A pipe or a device is written to as it is; - and /dev/stdout are stdout, whatever that is,
    and /dev/fd/3 is the stream of that number.

    Args:
        option: what the file was asked for by, for messages.
        mark: the text is CSV for Excel.

    Raises:
        OutputError: the file cannot be written; the old one is untouched.
    """
    path = None if output is None else Path(output)
    destination: AbstractContextManager[TextIO]
    try:
        if folder_of(output):
            raise _is_a_folder()
        if path is None or str(path) == "-":
            destination = _flushed(sys.stdout)
        elif (standing := _standing(path)) is not None:
            destination = _flushed(standing)
        else:
            destination = _written(path)
        with destination as stream, _marked(stream) if mark else nullcontext(stream) as written:
            yield written
    except BrokenPipeError:
        raise
    except OSError as error:
        if path is None:
            raise OutputError(text("cli.stdout_unwritable", why=_why(error))) from error
        hint = text("cli.name_a_file") if folder_of(output) else _hint(path, error)
        raise unwritable(option, path, error, hint) from error


def _hint(path: Path, error: OSError) -> Message:
    if isinstance(error, IsADirectoryError):
        return text("cli.end_with_slash", path=path)
    if not os.path.lexists(path.parent):
        return text("cli.create_folder", folder=path.parent)
    return text("cli.check_output")


def _is_a_folder() -> IsADirectoryError:
    return IsADirectoryError(errno.EISDIR, text("cli.a_folder"))


@contextmanager
def _marked(stream: TextIO) -> Iterator[TextIO]:
    """A mark, and then all that was written, if all of it could be."""
    body = io.StringIO(newline="")
    yield body
    stream.write(MARK + body.getvalue())


def make_folder(folder: Path, option: str) -> None:
    """The folder, and those above it that are not there.

    Raises:
        OutputError: it cannot be made, or a link of somebody else leads there.
    """
    try:
        with located(folder / "-", make_folders=True):
            pass
    except OSError as error:
        raise unwritable(option, folder, error, text("cli.give_folder")) from error


def unwritable(option: str, path: OutputName, error: OSError, hint: Message) -> OutputError:
    """The error of an output, with what the system says."""
    if isinstance(error, PlantedError):
        hint = text("cli.unshared_folder")
    why = _why(error)
    return OutputError(text("cli.output_unwritable", option=option, path=path, why=why), hint=hint)


def _why(error: OSError) -> str:
    """The system's words, or ours for what it has none for."""
    return error.strerror or str(error)


def _standing(output: Path) -> TextIO | None:
    """The stream of this process that `output` is a name of, such as /dev/stdout."""
    if os.path.exists(output):
        streams = [(1, sys.stdout), (2, sys.stderr)]
        with contextlib.suppress(OSError):  # where what is told goes apart from native words
            streams.append((sys.stderr.fileno(), sys.stderr))
        for number, stream in streams:
            there = os.stat(output)  # devices of Windows have no numbers, and are all alike
            if there.st_ino and os.path.samestat(there, os.fstat(number)):
                return stream
    return None


@contextmanager
def _flushed(stream: TextIO) -> Iterator[TextIO]:
    yield stream
    stream.flush()


@contextmanager
def _written(output: Path) -> Iterator[TextIO]:
    """The file, or the pipe or device that stands there."""
    number = _DESCRIPTOR.fullmatch(str(output))
    if number:  # the link's text is no path where it is a pipe
        with open(os.dup(int(number[1])), "w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    with located(output) as place:
        status = place.status()
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise _is_a_folder()
        if status is not None and not place.writable():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if status is None or stat.S_ISREG(status.st_mode):
            with _replacing(place) as stream:
                yield stream
        else:
            with _open(place, "w", os.O_WRONLY) as stream:
                place.refuse_planted(os.fstat(stream.fileno()))
                yield stream


def _open(place: Destination, mode: Literal["w", "x"], flags: int = 0) -> TextIO:
    def opener(_: str, options: int) -> int:
        return place.open(flags or options)

    return open(place.name, mode, encoding="utf-8", newline="", opener=opener)


@contextmanager
def _replacing(target: Destination) -> Iterator[TextIO]:
    """A draft that nobody else can read, and that takes the target's place and mode at the end."""
    draft = target.sibling(f".crm-kpi-{secrets.token_hex(8)}.tmp")
    with tempfiles.settling:
        stream = _open(draft, "x")
        tempfiles.files.add(draft)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), _mode(target.status(), os.fstat(stream.fileno())))
        with tempfiles.settling:
            draft.rename(target)
            tempfiles.files.discard(draft)
    finally:
        if draft in tempfiles.files:
            with contextlib.suppress(OSError):
                draft.unlink()
            tempfiles.files.discard(draft)


def _mode(old: os.stat_result | None, new: os.stat_result) -> int:
    """The rights of the file that is replaced, or those that the umask leaves.

    The new file is ours: the group of the old one is not, and gets no more than all others.
    Rights to act as the owner (setuid) are not handed on.
    """
    if old is None or not stat.S_ISREG(old.st_mode):
        umask = os.umask(0o077)
        os.umask(umask)
        return 0o666 & ~umask
    rights = old.st_mode & 0o777
    if old.st_gid != new.st_gid:
        rights &= 0o707 | (rights & 0o007) << 3
    return rights
