"""Files and folders that must not outlive the process, whatever ends it.

The registry is the process's own: whoever makes one enters it, and whoever ends the process,
in whatever thread, removes what is left.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from crm_kpi import marked
from crm_kpi.errors import UsageError
from crm_kpi.messages import text


class Removable(Protocol):
    def unlink(self) -> None: ...


files: set[Removable] = set()
"""Drafts of outputs."""
folders: set[Path] = set()
settling = threading.Lock()
"""Held while a draft appears or takes its place: an interrupt comes before or after."""

SPILL, DRAFT = "crm-kpi-", ".draft-"
"""How the names of temporary folders begin: of what is read, and of what is to be kept."""
TEXT = "text"
"""The name of the bytes of one input, unpacked."""
_SPILLED = re.compile(rf"[\w.-]+\.(parquet|ipc)|duckdb_temp_[\w.-]+|{TEXT}")
"""All that is written into such a folder. What has another name is not removed after a kill."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for temporary files, which goes with all that is in it; those go first that
    killed runs left behind.

    Raises UsageError where there can be none.
    """
    with ExitStack() as stack:
        try:
            parent = Path(tempfile.gettempdir())
            str(parent).encode()
            sweep(parent, SPILL, _SPILLED)
            path = stack.enter_context(temporary(parent, SPILL))
        except (OSError, UnicodeEncodeError) as error:
            raise UsageError(
                text("general.no_temporary_folder", why=error),
                hint=text("general.set_tmpdir"),
            ) from error
        yield path


@contextmanager
def temporary(parent: Path, prefix: str) -> Iterator[Path]:
    """A new marked folder, which goes with all that is in it unless it was renamed."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    folders.add(path)
    try:
        with marked.held(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        folders.discard(path)


def sweep(parent: Path, prefix: str, names: re.Pattern[str]) -> None:
    """Remove the temporary folders that killed runs left, if they hold nothing but `names`."""
    marked.sweep(parent, re.compile(re.escape(prefix) + "[a-z0-9_]{8}"), names)


def remove_folders() -> None:
    """Remove what is left of the folders."""
    for path in list(folders):
        shutil.rmtree(path, ignore_errors=True)


def remove_all() -> None:
    """Remove everything; nothing can appear afterwards, as this thread keeps the lock."""
    settling.acquire()
    for file in list(files):
        with contextlib.suppress(OSError):
            file.unlink()
    remove_folders()
