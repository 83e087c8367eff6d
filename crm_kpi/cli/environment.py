"""What the machine allows and the environment asks for, looked at before polars is imported.

polars ends the process in an unfriendly way over some of its own variables, and obeys others
that would change how it computes. Of those only its number of threads is the user's to choose.
"""

from __future__ import annotations

import errno
import os
import re

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

THREADS = "POLARS_MAX_THREADS"
MOST_THREADS = 1024
FEWEST_HANDLES = 24
"""Files that a run may hold open at once: its streams, what is imported, what is read."""
TOO_MANY_OPEN = (errno.EMFILE, errno.ENFILE)


def check() -> None:
    """Raises UsageError for a number of threads that polars could not have."""
    threads = os.environ.get(THREADS, "").strip()
    for name in [name for name in os.environ if name.startswith("POLARS_")]:
        del os.environ[name]
    if not threads:
        return
    if not re.fullmatch("[0-9]{1,4}", threads) or not 1 <= int(threads) <= MOST_THREADS:
        raise UsageError(
            text("cli.no_number_of_threads", variable=THREADS, threads=threads),
            hint=text("cli.threads", most=MOST_THREADS),
        )
    os.environ[THREADS] = threads


def drop_odd_width() -> None:
    """typer reads TERMINAL_WIDTH, which is passed over where it is no width, as COLUMNS is."""
    if not re.fullmatch("[1-9][0-9]{0,3}", os.environ.get("TERMINAL_WIDTH", "")):
        os.environ.pop("TERMINAL_WIDTH", None)


def check_handles() -> None:
    """Raises UsageError where hardly a file may be opened: not even the modules would be read."""
    try:
        _open_handles(FEWEST_HANDLES)
    except OSError as error:
        if error.errno not in TOO_MANY_OPEN:
            raise
        raise too_few_handles() from error


def _open_handles(number: int) -> None:
    """Open that many at once, and close them: what is said of it is read from a file."""
    handles: list[int] = []
    try:
        while len(handles) < number:
            handles.append(os.dup(0))
    finally:
        for handle in handles:
            os.close(handle)


def too_few_handles() -> UsageError:
    return UsageError(text("cli.too_few_handles"), hint=text("cli.raise_handles"))
