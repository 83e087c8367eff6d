"""How many bytes a run may hold at once of what it reads."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, text

MIB = 1 << 20

TIMES = 4
"""Bytes that a plain run takes for each byte of the text of its files; measured."""

PROGRAM = 200 * MIB
"""What the program and its libraries take, and some room for what cannot be foreseen."""

LEAST = 384 * MIB
"""With less, tables cannot be read in parts."""


@dataclass(frozen=True)
class MemoryBudget:
    """The limit, and what sets it where nobody has named one."""

    bytes: int
    detected: Message | None = None

    @property
    def declared(self) -> bool:
        """Whether somebody has named the limit."""
        return self.detected is None

    @property
    def origin(self) -> Message:
        """Where the limit comes from, as the subject of a message."""
        return self.detected or text("files.declared_memory")

    @classmethod
    def of(cls, declared: int | None) -> MemoryBudget:
        """The declared limit; else half of what the cgroup or the machine has."""
        if declared is not None:
            return cls(declared)
        group = cgroup()
        if group is not None:
            # A small group gives more than half, if that makes a run possible.
            return cls(max(group // 2, min(group, LEAST)), text("files.memory_of_cgroup"))
        return cls(machine() // 2, text("files.memory_of_machine"))

    def check(self, what: str, size: int) -> None:
        """
        Raises:
            UsageError: the program and `size` bytes more are not within the budget.
        """
        if PROGRAM + size > self.bytes:
            needed = (PROGRAM + size) // MIB
            raise UsageError(
                text(
                    "files.memory_short",
                    limit=self.origin,
                    size=self.bytes // MIB,
                    what=what,
                    needed=needed,
                ),
                hint=text("files.raise_memory", needed=needed),
            )


def cgroup(
    root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> int | None:
    """The limit of the process's control group, or of one around it, if that is less than the
    machine has: of the second version, or of the first."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return None
    limits = []
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "memory" not in controllers.split(","):
            continue
        top, name = (
            (root / "memory", "memory.limit_in_bytes") if controllers else (root, "memory.max")
        )
        group = top / path.lstrip("/")
        # Within a container, the path may be that of the host.
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                limits.append(_number(folder / name))
    known = [limit for limit in limits if limit is not None and limit < machine()]
    return min(known, default=None)


def machine() -> int:
    """The memory of the machine, in bytes; 4 GiB where the system does not tell."""
    if sys.platform == "win32":
        return 4 << 30
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _number(path: Path) -> int | None:
    try:
        content = path.read_text().strip()
    except OSError:
        return None
    return int(content) if content.isdigit() else None
