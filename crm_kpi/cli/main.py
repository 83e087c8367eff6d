"""The entry point and the one exception boundary."""

from __future__ import annotations

import io
import os
import sys
from typing import NoReturn

from crm_kpi import __version__
from crm_kpi.errors import CrmKpiError, ExitCode

SHOWN_PROBLEMS = 20


def main() -> NoReturn:
    """Run the command line and end the process with an exit code of `ExitCode`."""
    if sys.argv[1:] == ["--version"]:  # before anything is imported: it is asked for by scripts
        print(f"crm-kpi {__version__}")
        sys.exit(ExitCode.OK)
    from crm_kpi.cli import signals

    _fill_closed()
    sys.stdout, sys.stderr = _stream(1), _stream(2)
    signals.watch()
    code = _run()
    sys.stderr.flush()
    os._exit(code)  # all is written and flushed; nothing may fail on the way out


def _run() -> int:
    try:
        from crm_kpi.cli.app import run

        code = run(sys.argv[1:])
        sys.stdout.flush()
        return code
    except CrmKpiError as error:
        report(error)
        return error.code
    except BrokenPipeError:
        return ExitCode.PIPE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  the one boundary
        return _bug(error)


def _fill_closed() -> None:
    """A closed stdin, stdout or stderr becomes /dev/null, so that no file takes its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


def _stream(number: int) -> io.TextIOWrapper:
    """stdout or stderr in UTF-8 whatever the locale says, and buffered.

    Where PYTHONUNBUFFERED is set, Python's own streams drop in silence what a single write
    could not take.
    """
    return io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(number, "w", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        line_buffering=number == 2,
    )


def report(error: CrmKpiError) -> None:
    """One message on stderr: what is wrong, where, what to do."""
    from crm_kpi.render.text import visible

    lines = [f"error: {error.message}"]
    lines += [f"  {problem}" for problem in error.problems[:SHOWN_PROBLEMS]]
    more = len(error.problems) - SHOWN_PROBLEMS
    if more > 0:
        lines.append(f"  and {more:,} more")
    if error.hint:
        lines.append(f"hint: {error.hint}")
    print("\n".join(visible(line) for line in lines), file=sys.stderr)


def _bug(error: Exception) -> int:
    print(
        f"crm-kpi: a fault of its own: {type(error).__name__}: {error} (-v shows where)",
        file=sys.stderr,
    )
    if {"-v", "--verbose"} & set(sys.argv):
        import traceback

        traceback.print_exception(error)
    return ExitCode.BUG
