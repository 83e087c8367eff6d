"""Where the name of an output leads, without a link that somebody else planted.

A folder that others can write to, such as /tmp, may hold a stranger's link under the name that
is about to be written. The kernel's protected_symlinks refuses those where it is switched on;
here the same rule holds for every link of a path, on every system and in the folder of a team
too. What comes after is done relative to the folder that was reached.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from crm_kpi.messages import Message, text

_RELATIVE = {os.open, os.stat, os.mkdir, os.rename, os.unlink, os.access} <= os.supports_dir_fd
"""False on Windows, where only administrators make links."""
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
"""Opens a folder; one that may be passed but not listed too, where the system can."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_MOST_LINKS = 40


class PlantedError(PermissionError):
    """What stands in a folder that others can write to is somebody else's."""

    def __init__(self, name: str, status: os.stat_result) -> None:
        what = text("cli.planted", name=name, kind=_kind(status), user=status.st_uid)
        super().__init__(errno.EACCES, what)


def _kind(status: os.stat_result) -> Message:
    match stat.S_IFMT(status.st_mode):
        case stat.S_IFLNK:
            return text("cli.a_link")
        case stat.S_IFREG:
            return text("cli.a_file")
        case stat.S_IFIFO:
            return text("cli.a_pipe")
    return text("cli.a_device")


@dataclass(frozen=True, slots=True)
class Destination:
    """A name in a folder that is held open; on Windows the whole path."""

    folder: int | None
    name: str

    def status(self) -> os.stat_result | None:
        """Of what stands there; None where nothing does.

        Raises:
            PlantedError: it must be neither written into nor replaced.
        """
        try:
            status = os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        self.refuse_planted(status)
        return status

    def refuse_planted(self, status: os.stat_result) -> None:
        """Refuses a stranger's link, pipe or device in a shared folder, and file in a sticky one.

        In a shared folder that is not sticky, a file may be replaced: nothing is written into it.

        Raises:
            PlantedError: it belongs neither to us nor to the owner of the folder.
        """
        if self.folder is None or stat.S_ISDIR(status.st_mode):
            return
        folder = os.fstat(self.folder)
        shared = bool(folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
        if stat.S_ISREG(status.st_mode):
            shared = shared and bool(folder.st_mode & stat.S_ISVTX)
        if shared and status.st_uid not in (os.geteuid(), folder.st_uid):
            raise PlantedError(self.name, status)

    def open(self, flags: int, mode: int = 0o600) -> int:
        """A descriptor of what stands there, which is not a link."""
        return os.open(self.name, flags | _NOFOLLOW, mode, dir_fd=self.folder)

    def writable(self) -> bool:
        return os.access(self.name, os.W_OK, dir_fd=self.folder)

    def sibling(self, name: str) -> Destination:
        """Another name in the same folder."""
        return Destination(self.folder, os.path.join(os.path.dirname(self.name), name))

    def rename(self, other: Destination) -> None:
        os.replace(self.name, other.name, src_dir_fd=self.folder, dst_dir_fd=other.folder)

    def unlink(self) -> None:
        os.unlink(self.name, dir_fd=self.folder)


@contextmanager
def located(path: str | os.PathLike[str], *, make_folders: bool = False) -> Iterator[Destination]:
    """Where a path leads when its links are followed; nothing needs to stand there yet.

    Args:
        make_folders: folders on the way that are not there are made.

    Raises:
        PlantedError: a link on the way is somebody else's.
        OSError: a folder on the way is not there, or cannot be passed.
    """
    if not _RELATIVE:
        whole = os.path.realpath(path)
        if make_folders:
            os.makedirs(os.path.dirname(whole), exist_ok=True)
        yield Destination(None, whole)
        return
    whole = os.fspath(path)
    names = _names(whole)
    links = 0
    folder = os.open("/" if whole.startswith("/") else ".", _FOLDER)
    try:
        while True:
            here = Destination(folder, names.pop() if names else ".")
            link = _link(here)
            if link is not None:
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                names += _names(link)
                if link.startswith("/"):
                    folder = _moved(folder, os.open("/", _FOLDER))
            elif names:
                folder = _moved(folder, _inner(here, make=make_folders))
            else:
                yield here
                return
    finally:
        os.close(folder)


def _names(path: str) -> list[str]:
    """The parts of a path, the first one last."""
    return [name for name in reversed(path.split("/")) if name]


def _moved(old: int, new: int) -> int:
    os.close(old)
    return new


def _inner(place: Destination, *, make: bool) -> int:
    try:
        return place.open(_FOLDER)
    except FileNotFoundError:
        if not make:
            raise
        with suppress(FileExistsError):  # somebody was faster
            os.mkdir(place.name, dir_fd=place.folder)
        return place.open(_FOLDER)


def _link(place: Destination) -> str | None:
    """The text of a link; None for what is no link, or not there.

    Raises:
        PlantedError: it is somebody else's.
    """
    status = place.status()
    if status is None or not stat.S_ISLNK(status.st_mode):
        return None
    if not hasattr(os, "O_PATH"):
        return os.readlink(place.name, dir_fd=place.folder)
    held = place.open(os.O_PATH)
    try:  # the link that is judged is the one that is read, whatever stands there by now
        place.refuse_planted(os.fstat(held))
        return os.readlink("", dir_fd=held)
    finally:
        os.close(held)
