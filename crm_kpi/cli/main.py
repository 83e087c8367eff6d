"""The entry point: the version and a completion at once, everything else behind the exception
process."""

import os
import sys

from crm_kpi.cli import VERSION, completion_answer


def main() -> None:
    """Run the command line and end the process with an exit code of `crm_kpi.errors.ExitCode`."""
    if sys.argv[1:] == ["--version"] and _version():
        os._exit(0)
    if (shell := os.environ.get("_CRM_KPI_COMPLETE")) in completion_answer.SHELLS:
        os._exit(completion_answer.run(shell))
    from crm_kpi.cli.process import run

    run()


def _version() -> bool:
    """Whether it could be said. Scripts ask for it: imports would take longer than Python."""
    line = f"{VERSION}\n".encode()
    try:
        return os.write(1, line) == len(line)
    except OSError:
        return False
