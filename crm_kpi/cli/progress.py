"""What is being read and how far: one line on a terminal, gone when the answer is there."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crm_kpi.render.text import visible
from crm_kpi.sources.io.read_progress import now

PATIENCE = 0.6
"""Seconds. What takes no longer needs no word."""
_BEAT = 0.1
_CLEAR = "\r\x1b[K"


@contextmanager
def shown(*, quiet: bool) -> Iterator[None]:
    """Show progress on stderr while the body runs, if somebody sees it there."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(done,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(done: threading.Event) -> None:
    if done.wait(PATIENCE):
        return
    while True:
        width = shutil.get_terminal_size().columns - 1
        print(f"{_CLEAR}{line()[:width]}", end="", file=sys.stderr, flush=True)
        if done.wait(_BEAT):
            break
    print(_CLEAR, end="", file=sys.stderr, flush=True)


def line() -> str:
    """`reading sales.csv 45 %`; when the files are through, `computing`."""
    if not now.size or now.done >= now.size:
        return "computing …" if now.size else "reading …"
    return f"reading {visible(os.path.basename(now.path))} {100 * now.done // now.size} %"
