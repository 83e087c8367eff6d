"""`crm-kpi report --watch -o FILE`: the report anew whenever a file that it reads changes.

Files are looked at twice a second, by size and date, which works on every system and share. A run
begins when they have stayed the same for a moment, as an export takes a while to be written. What
cannot be read is told, and the output stays as it was. Ctrl-C ends it.
"""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Callable, Mapping, Sequence

from crm_kpi.cli import log_lines
from crm_kpi.cli.options import ReportOptions
from crm_kpi.cli.output import OutputName
from crm_kpi.errors import CrmKpiError, UsageError
from crm_kpi.messages import text

BEAT = 0.5
"""Seconds between two looks, and for which files must stay the same."""

Looks = Mapping[str, tuple[int, int, int] | None]
"""Size, date and number of every file that is there; of what is not, none."""


def refuse_what_cannot(options: ReportOptions, inputs: Sequence[OutputName]) -> None:
    """
    Raises:
        UsageError: there is no file to write anew, or none that could change.
    """
    if options.output in (None, "-"):
        raise UsageError(text("watch.no_output"), hint=text("watch.name_one"))
    if "-" in map(str, inputs):
        raise UsageError(text("watch.stdin"), hint=text("watch.name_files"))
    if not inputs:
        raise UsageError(text("watch.nothing"), hint=text("watch.name_files"))


def again(
    before: Looks,
    inputs: Callable[[], Sequence[OutputName]],
    run: Callable[[], object],
    told: Callable[[CrmKpiError], None],
    options: ReportOptions,
    *,
    beat: float = BEAT,
    rounds: int | None = None,
) -> None:
    """Runs anew whenever an input has changed since it was last asked for.

    Args:
        before: what stood there when it was last run.
        inputs: the files that a run reads; asked before each run, as the config may have changed.
        told: says what a run has met.
        rounds: so many runs; None for no end.
    """
    paths: Sequence[OutputName] = [*before]
    while rounds is None or rounds > 0:
        time.sleep(beat)
        now: Looks = seen(paths)
        if now == before:
            continue
        now = _settled(now, paths, beat)
        changed = sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
        before = now
        try:
            paths = inputs()
            before = seen(paths)
            run()
        except CrmKpiError as error:
            told(error)
        else:
            _tell(changed, options)
        rounds = None if rounds is None else rounds - 1


def seen(paths: Sequence[OutputName]) -> dict[str, tuple[int, int, int] | None]:
    """What stands there now; a pattern is all that it matches, a folder all that is in it."""
    found = {}
    for path in map(str, paths):
        names = glob.glob(path, recursive=True) if glob.has_magic(path) else [path]
        if os.path.isdir(path):
            names = glob.glob(os.path.join(glob.escape(path), "**"), recursive=True)
        for name in (path, *names):
            found[name] = _status(name)
    return found


def _status(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _settled(now: Looks, paths: Sequence[OutputName], beat: float) -> Looks:
    """What stands there when nothing has changed for a beat."""
    while True:
        time.sleep(beat)
        later = seen(paths)
        if later == now:
            return now
        now = later


def _tell(changed: Sequence[str], options: ReportOptions) -> None:
    if not options.quiet:
        path, more = changed[0], len(changed) - 1
        what = text("general.and_more", items=path, more=more) if more else path
        log_lines.say(text("watch.written", output=options.output, changed=what))
