"""Folders of Parquet files, as data lakes and Spark write them."""

from __future__ import annotations

import os

_HIDDEN = (".", "_")
"""Files and folders that are no data begin with these: checksums, logs, what is still written."""


def parquet_within(folder: str) -> list[str]:
    """The Parquet files in a folder and those below it, in order of name; none if it is no
    folder.

    A folder that a writer left half done (`_temporary`) is passed over.
    """
    paths = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        paths += [
            os.path.join(parent, name)
            for name in names
            if name.lower().endswith((".parquet", ".parq")) and not name.startswith(_HIDDEN)
        ]
    return sorted(paths)


def is_utf8(path: str) -> bool:
    """Whether a path is text to native code too, which takes no other bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
