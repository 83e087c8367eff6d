"""Where a message goes: an address that is a secret, read from where the config says it stands.

No message, error or text of an object ever holds it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_kpi.config.notify_block import ENVIRONMENT, FILE
from crm_kpi.messages import Message, text

LONGEST = 8192
"""Bytes of a file with an address: an address is a line."""


@dataclass(frozen=True)
class Address:
    """place: what the config says, which may be shown."""

    place: str
    secret: str = field(repr=False)


class NoAddress(Exception):
    """Why there is none, and what to do."""

    def __init__(self, reason: Message, hint: Message) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def find(place: str, folder: Path | None, environment: Mapping[str, str]) -> Address:
    """The address that stands at a place.

    Args:
        place: env:NAME or file:PATH.
        folder: from which the paths of the config go.

    Raises:
        NoAddress: there is none, or others can read it.
    """
    if place.startswith(ENVIRONMENT):
        return _checked(place, _of_variable(place.removeprefix(ENVIRONMENT), environment))
    path = (folder or Path()) / Path(place.removeprefix(FILE)).expanduser()
    return _checked(place, _of_file(path))


def _checked(place: str, content: str) -> Address:
    lines = content.strip().splitlines()
    if len(lines) != 1:
        raise NoAddress(text("notify.not_one_line", place=place), text("notify.one_line"))
    return Address(place, lines[0].strip())


def _of_variable(name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name, "")
    if not value.strip():
        raise NoAddress(text("notify.unset", name=name), text("notify.set_it", name=name))
    return value


def _of_file(path: Path) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        why = error.strerror or str(error)
        hint = text("notify.check_secret_file")
        raise NoAddress(text("notify.no_secret_file", path=path, why=why), hint) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST:
            raise NoAddress(text("notify.odd_secret_file", path=path), text("notify.one_line"))
        if sys.platform != "win32" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NoAddress(
                text("notify.open_secret_file", path=path), text("notify.chmod", path=path)
            )
        content = os.read(handle, LONGEST)
    finally:
        os.close(handle)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = text("notify.one_line")
        raise NoAddress(text("notify.odd_secret_file", path=path), hint) from error
