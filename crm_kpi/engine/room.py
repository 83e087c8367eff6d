"""How much memory a run may take, and what is done where its tables take more.

A run that fits is left alone. Else tables are read in parts into temporary Parquet files, and
DuckDB computes from there, within what is left of the limit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi.errors import UsageError
from crm_kpi.sources.spec import SourceSpec

if TYPE_CHECKING:
    from crm_kpi.config import Config

MIB = 1 << 20

TIMES = 4
"""Bytes that a plain run takes for each byte of its files; measured."""

PROGRAM = 200 * MIB
"""What the program and its libraries take, and some room for what cannot be foreseen."""

LEAST = 384 * MIB
"""With less, DuckDB has too little to work with."""


@dataclass(frozen=True)
class Room:
    """Where little memory is: what tables and computations may take of it, and a folder for
    temporary files."""

    bytes: int
    folder: Path


@contextmanager
def room(
    config: Config, specs: Mapping[str, Sequence[SourceSpec]], tables: Iterable[str]
) -> Iterator[Room | None]:
    """Room in which these tables can be read; None where they fit without further ado.

    Raises:
        UsageError: they do not, and cannot be made to.
    """
    limit = config.limits.memory or cgroup()
    if limit is None or config.engine.name == "spark":
        yield None
        return
    files = (spec for table in tables if table in specs for spec in specs[table])
    needed = PROGRAM + TIMES * sum(map(_size, files))
    if needed <= limit:
        yield None
        return
    need = f"these tables need about {needed // MIB} MiB"
    where = "limits.memory" if config.limits.memory else "the cgroup's memory"
    if limit < LEAST:
        raise UsageError(
            f"{where} of {limit // MIB} MiB is too little: {need}",
            hint=f"from {LEAST // MIB} MiB on they can be read in parts",
        )
    if find_spec("duckdb") is None:
        raise UsageError(
            f"{where} is {limit // MIB} MiB, and {need}",
            hint='pip install "crm-kpi[duckdb]", which works within it, or say '
            f"limits.memory: {-(-needed // MIB)}MiB if there is as much",
        )
    from crm_kpi.sources import stored

    with stored.folder() as folder:
        yield Room(limit - PROGRAM, folder)


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
    known = [limit for limit in limits if limit is not None and limit < _machine()]
    return min(known, default=None)


def _number(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _machine() -> int:
    """The memory of the machine, in bytes."""
    if sys.platform == "win32":
        return sys.maxsize
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _size(spec: SourceSpec) -> int:
    """Bytes of the files of a source, as far as can be told before they are opened."""
    from crm_kpi.errors import DataError
    from crm_kpi.sources.files import expand

    try:
        return sum(os.path.getsize(path) for path in expand(spec.paths) if os.path.isfile(path))
    except (DataError, OSError, ValueError):
        return 0  # what is wrong with the path is told when it is opened
