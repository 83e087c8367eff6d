"""How far the files have been read, for whoever shows it to somebody who waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Progress:
    """The file that is being read now: bytes done, and bytes in all. Nothing is computed of it."""

    path: str = ""
    done: int = 0
    size: int = 0
