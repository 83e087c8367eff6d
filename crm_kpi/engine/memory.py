"""How much memory a run may take, and what is done where its tables take more.

A run that fits is left alone. Else tables are read in parts into temporary Parquet files, and
DuckDB computes from there, within what is left of the limit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi import tempfiles
from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.sources.io.budget import LEAST, MIB, PROGRAM, TIMES
from crm_kpi.sources.spec import SourceSpec

if TYPE_CHECKING:
    from crm_kpi.sources.mapping.session import Session


@dataclass(frozen=True)
class OutOfCore:
    """Where little memory is: what tables and computations may take of it, and a folder for
    temporary files."""

    bytes: int
    folder: Path


@contextmanager
def out_of_core(
    engine: str,
    specs: Mapping[str, Sequence[SourceSpec]],
    tables: Iterable[str],
    session: Session,
) -> Iterator[OutOfCore | None]:
    """Where these tables can be read in parts; None where they fit without further ado.

    Args:
        engine: the one that the config names; Spark has a memory of its own.

    Raises:
        UsageError: they do not, and cannot be made to.
    """
    if engine == "spark":
        yield None
        return
    limit, where = session.budget.bytes, session.budget.origin
    files = (spec for table in tables if table in specs for spec in specs[table])
    needed = PROGRAM + TIMES * sum(_size(spec, session) for spec in files)
    if needed <= limit:
        yield None
        return
    need = text("engine.memory_needed", needed=needed // MIB)
    if limit < LEAST:
        raise UsageError(
            text("engine.memory_too_little", limit=where, size=limit // MIB, need=need),
            hint=text("engine.least_memory", least=LEAST // MIB),
        )
    if find_spec("duckdb") is None:
        raise UsageError(
            text("engine.memory_short", limit=where, size=limit // MIB, need=need),
            hint=text("engine.install_duckdb", needed=-(-needed // MIB)),
        )
    with tempfiles.folder() as folder:
        yield OutOfCore(limit - PROGRAM, folder)


def _size(spec: SourceSpec, session: Session) -> int:
    """Bytes of the text of a source's files. Only what is packed or comes as a stream has to be
    read for that, and is kept for whoever reads it then.

    Raises:
        DataError: a file cannot be read.
    """
    from crm_kpi.sources.io.file_bytes import STDIN, is_plain

    try:
        paths = session.paths(spec) if spec.query is None else []
        plain = {path: path != STDIN and is_plain(path) for path in paths}
        size = sum(os.path.getsize(path) for path in paths if plain[path])
    except (OSError, ValueError):
        return 0  # what is wrong with the path is told when it is opened
    return size + sum(
        session.file_bytes(path, spec.encoding, spec.request_headers).length
        for path in paths
        if not plain[path]
    )
