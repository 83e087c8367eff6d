"""The key by which what is kept is known again: it lies where only its user reads and writes."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
from pathlib import Path

from crm_kpi import marked, tempfiles
from crm_kpi.marked import Distrusted
from crm_kpi.messages import text

NAME = "key"
BYTES = 32


def key() -> bytes:
    """The user's own, made the first time; of several runs that make one, all get the same.

    Raises:
        Distrusted: it, or its folder, may be known to others or is damaged.
        OSError: it cannot be made or read.
    """
    folder = marked.user_folder()
    if not folder.is_absolute():
        raise Distrusted(text("loading.no_home"))
    marked.claim(folder)
    tempfiles.sweep(folder, tempfiles.DRAFT, re.compile(NAME))
    path = folder / NAME
    try:
        return _key(path)
    except FileNotFoundError:
        with tempfiles.temporary(folder, tempfiles.DRAFT) as draft:
            new = os.open(draft / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(new, "wb") as file:
                file.write(secrets.token_bytes(BYTES))
            with contextlib.suppress(FileExistsError):
                os.link(draft / NAME, path)  # whole or not at all, and never over another
        return _key(path)


def _key(path: Path) -> bytes:
    secret = marked.content(path, BYTES)
    status = os.lstat(path)
    others = stat.S_IRWXG | stat.S_IRWXO
    if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & others):
        raise Distrusted(text("loading.known_to_others", path=path))
    if len(secret) != BYTES:
        raise Distrusted(text("loading.damaged", path=path))
    return secret
