"""The streams of the process and the one exception process."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from crm_kpi import tempfiles
from crm_kpi.addresses import hide
from crm_kpi.cli import environment, language, log_lines, windows_console
from crm_kpi.cli.error_lines import report
from crm_kpi.cli.log_lines import LogLevel, shortened
from crm_kpi.errors import CrmKpiError, ExitCode, IdentityError, OutputError, UsageError
from crm_kpi.messages import text

if TYPE_CHECKING:
    from typing_extensions import Buffer

_NEW_OBJECTS = 50_000
"""So many before Python looks for circles of them that nobody holds: a report makes many objects,
and few circles."""


def run() -> NoReturn:
    """Run the command line and end the process with an exit code of `ExitCode`."""
    _fill_closed()
    windows_console.prepare()
    sys.stdout, sys.stderr = _stream(1, _Answer), _stream(2, _Talk)
    code = code_of(_process)
    sys.stderr.flush()
    tempfiles.remove_folders()
    os._exit(code)  # all is written and flushed; nothing may fail on the way out


def _process() -> int:
    """The command, in a process of its own."""
    environment.check_handles()
    gc.set_threshold(_NEW_OBJECTS)
    if not _verbose():
        _silence_native()
    from crm_kpi.cli import signals

    signals.watch()
    return _command()


def _command() -> int:
    from crm_kpi.cli.app import run

    return run(sys.argv[1:])


def code_of(command: Callable[[], int] = _command) -> int:
    """The command's exit code, whatever becomes of it."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except CrmKpiError as error:
        report(error)
        return error.code
    except BrokenPipeError:
        return ExitCode.PIPE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except MemoryError:
        report(UsageError(text("cli.out_of_memory"), hint=text("cli.allow_memory")))
        return ExitCode.USAGE
    except OSError as error:
        if error.errno not in environment.TOO_MANY_OPEN:
            return _bug(error)
        report(environment.too_few_handles())
        return ExitCode.USAGE
    except BaseException as error:  # noqa: BLE001  the one boundary; a panic of polars is no Exception
        return _bug(error)


def _fill_closed() -> None:
    """A closed stdin, stdout or stderr becomes /dev/null, so that no file takes its number.

    An answer still cannot be written to a stdout that is closed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number == 1 else os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  for good


NOWHERE = "/dev/zero" if os.path.exists("/dev/zero") else os.devnull
"""Takes everything, and is not what people name as an output, as /dev/null is."""


def _silence_native() -> None:
    """What libraries write to descriptor 2 by themselves, such as Rust's words on a panic, goes
    nowhere; what we have to say goes where stderr went."""
    sys.stderr = _stream(os.dup(2), _Talk)
    nowhere = os.open(NOWHERE, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


class _Answer(io.RawIOBase):
    """stdout: what cannot be written there is an error of ours, whoever writes."""

    def write(self, data: Buffer) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            if sys.platform == "win32" and error.errno == errno.EINVAL:  # its word for EPIPE
                raise BrokenPipeError from error
            raise OutputError(text("cli.stdout_unwritable", why=error.strerror)) from error


class _Talk(io.RawIOBase):
    """stderr: what cannot be said there changes neither the answer nor the exit code."""

    def write(self, data: Buffer) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _stream(number: int, kind: type[io.RawIOBase]) -> io.TextIOWrapper:
    """stdout or stderr in UTF-8 whatever the locale says, and buffered.

    Where PYTHONUNBUFFERED is set, Python's own streams drop in silence what a single write
    could not take.
    """
    raw = type(kind.__name__, (kind, windows_console.raw_stream(number)), {})
    return io.TextIOWrapper(
        io.BufferedWriter(raw(number, "w", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        line_buffering=kind is _Talk,
    )


def _verbose() -> bool:
    return bool({"-v", "--verbose"} & set(sys.argv))


def _bug(error: BaseException) -> int:
    """Where it happened rather than the error's own words, which may quote the data."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    name, place = type(error).__name__, f"{os.path.basename(last.filename)}:{last.lineno}"
    if isinstance(error, IdentityError):
        identity = hide(str(error))
        what = text("cli.broken_identity", error=name, place=place, identity=identity)
    else:
        what = text("cli.fault_of_its_own", error=name, place=place)
    lines = "".join(traceback.format_exception(error)).splitlines() if _verbose() else []
    if log_lines.is_json():
        log_lines.say(what, LogLevel.ERROR)
        if lines:
            log_lines.say("\n".join(map(hide, lines)), LogLevel.ERROR)
    else:
        for line in (language.say(what), *map(hide, lines)):
            print(shortened(line), file=sys.stderr)
    return ExitCode.BUG
