"""Folders of our own, marked as such: nothing is deleted outside of them, and within them nothing
but what was written there by name. Links are never followed.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from crm_kpi.messages import text

if sys.platform != "win32":
    import fcntl

MARKER = "CACHEDIR.TAG"
SIGNATURE = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"  # bford.info/cachedir: backups pass it over
    b"# crm-kpi wrote what is in this folder, and deletes it when it is no longer needed.\n"
)


class Distrusted(Exception):
    """A file or folder that is passed over, and why."""


def user_folder() -> Path:
    """Where the platform keeps what can be made again, such as ~/.cache/crm-kpi.

    It is not absolute where the user has no home.
    """
    from platformdirs import user_cache_path

    try:
        return user_cache_path("crm-kpi", appauthor=False)
    except RuntimeError:
        return Path("crm-kpi")


def claim(folder: Path) -> None:
    """See that the folder is ours alone; it is made and marked where there is none.

    Raises:
        Distrusted: it is a link, somebody else's, open to others, or holds what is not ours.
        OSError: it cannot be made, or not be looked into.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _open_to_all(folder.parent):
        raise Distrusted(text("own_folders.open_to_all", folder=folder.parent))
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    check(folder)
    names = os.listdir(folder)  # before the marker is read, as whoever writes here writes it first
    try:
        marker = content(folder / MARKER, len(SIGNATURE))
    except FileNotFoundError:
        marker = b""
    if marker == SIGNATURE:
        return
    if set(names) - {MARKER} or not SIGNATURE.startswith(marker):
        raise Distrusted(text("own_folders.other_files", folder=folder, marker=MARKER))
    with _opened(folder / MARKER, os.O_WRONLY | os.O_CREAT, "wb") as file:
        file.write(SIGNATURE)  # whoever else does so at this moment writes the same
    with contextlib.suppress(OSError):
        (folder / ".gitignore").write_text("*\n")  # rows of customers belong in no repository


def check(folder: Path) -> None:
    """Raises Distrusted where a folder is a link, somebody else's or open to others; OSError
    where there is none. On Windows, owners and rights are not looked at."""
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode):
        raise Distrusted(text("own_folders.no_folder", folder=folder))
    if sys.platform == "win32":
        return
    if status.st_uid != os.geteuid():
        raise Distrusted(text("own_folders.of_somebody_else", folder=folder))
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Distrusted(text("own_folders.open_to_others", folder=folder))


def content(path: Path, limit: int) -> bytes:
    """All bytes of a regular file; no link is followed, no pipe waited for.

    Raises:
        Distrusted: it is something else, or has more bytes than `limit`.
        OSError: it cannot be read.
    """
    if path.is_symlink():
        raise Distrusted(text("own_folders.link", path=path))
    with _opened(path, os.O_RDONLY) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise Distrusted(text("own_folders.not_as_written", path=path))
        return file.read(limit)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """While the body runs, nobody takes this new folder for one that was left behind.

    A folder that cannot be marked is simply never swept.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            file = stack.enter_context(_opened(folder / MARKER, flags, "wb"))
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX)
            file.write(SIGNATURE)
            if sys.platform == "win32":
                file.close()  # else the folder could not be renamed
        yield


def remove(folder: Path, files: re.Pattern[str]) -> None:
    """Remove a marked folder, unless a process holds it or has just removed it.

    Raises:
        Distrusted: it is not ours, or holds something else than `files`; all of it is left.
        OSError: a file cannot be removed.
    """
    with contextlib.suppress(FileNotFoundError, BlockingIOError):
        check(folder)
        with _locked(folder):
            names = sorted(set(os.listdir(folder)) - {MARKER})
            for name in names:
                regular = stat.S_ISREG(os.lstat(folder / name).st_mode)
                if not regular or not files.fullmatch(name):
                    raise Distrusted(text("own_folders.other_file", folder=folder, name=name))
            for name in (*names, MARKER):
                os.unlink(folder / name)
        os.rmdir(folder)


def sweep(parent: Path, folders: re.Pattern[str], files: re.Pattern[str]) -> None:
    """Remove the folders that killed runs left: those that no process holds.

    Windows has no such locks: there they stay.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        if _open_to_all(parent):
            return
        for name in filter(folders.fullmatch, os.listdir(parent)):
            with contextlib.suppress(OSError, Distrusted):
                remove(parent / name, files)


def _open_to_all(folder: Path) -> bool:
    """Whether anybody may put another folder in the place of one of ours in it."""
    mode = folder.stat().st_mode
    return sys.platform != "win32" and bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Raises Distrusted where there is no marker of ours; OSError where there is none at all, or
    somebody holds it."""
    path = folder / MARKER
    if content(path, len(SIGNATURE)) != SIGNATURE:
        raise Distrusted(text("own_folders.not_ours", path=path))
    if sys.platform == "win32":
        yield
        return
    with _opened(path, os.O_RDWR) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file.fileno()), os.lstat(path)):
            raise FileNotFoundError(text("own_folders.another", path=folder))
        yield


def _opened(path: Path, flags: int, mode: str = "rb") -> BinaryIO:
    """What is written is not buffered: an error comes where it is written, and only there."""
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)

    def opener(name: str, _: int) -> int:
        return os.open(name, flags, 0o600)

    return cast(BinaryIO, open(path, mode, buffering=-1 if mode == "rb" else 0, opener=opener))
