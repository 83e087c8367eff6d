"""What is being read and how far: one line on a terminal, gone when the answer is there."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

from crm_kpi.cli import language, log_lines
from crm_kpi.messages import text
from crm_kpi.render.text import visible
from crm_kpi.sources.io.read_progress import Progress

PATIENCE = 0.6
"""Seconds. What takes no longer needs no word."""
_BEAT = 0.1
_CLEAR = "\r\x1b[K"


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """Show the progress that is handed out on stderr while the body runs, if somebody sees it
    there."""
    progress = Progress()
    silent = quiet or log_lines.is_json()
    if silent or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield progress
        return
    done = threading.Event()
    thread = threading.Thread(target=copy_context().run, args=(_show, done, progress), daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        done.set()
        thread.join()


def _show(done: threading.Event, progress: Progress) -> None:
    if done.wait(PATIENCE):
        return
    while True:
        width = shutil.get_terminal_size().columns - 1
        print(
            f"{_CLEAR}{language.say(line(progress))[:width]}", end="", file=sys.stderr, flush=True
        )
        if done.wait(_BEAT):
            break
    print(_CLEAR, end="", file=sys.stderr, flush=True)


def line(progress: Progress) -> str:
    """`reading sales.csv 45 %`; when the files are through, `computing`."""
    if not progress.size or progress.done >= progress.size:
        return text("cli.computing") if progress.size else text("cli.reading")
    percent = 100 * progress.done // progress.size
    file = visible(os.path.basename(progress.path))
    return text("cli.reading_file", file=file, percent=percent)
