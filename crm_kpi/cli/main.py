"""The entry point and the one exception boundary."""

from __future__ import annotations

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

    signals.watch()
    code = _run()
    sys.stdout = None  # flushed already; nothing to fail at exit
    sys.exit(code)


def _run() -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        from crm_kpi.cli.app import run

        code = run(sys.argv[1:])
        sys.stdout.flush()
        return code
    except CrmKpiError as error:
        report(error)
        return error.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.PIPE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  the one boundary
        return _bug(error)


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
