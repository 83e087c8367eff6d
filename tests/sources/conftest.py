"""Small files written by hand, read by the loader."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import sources
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.tables import TABLES

AS_OF = date(2024, 12, 31)
OPTIONS = {"timezone", "currency", "exchange_rates", "scales", "rejected_rows", "texts",
           "everything", "as_of", "named", "open_meaning", "until_data"}  # fmt: skip

Read = Callable[..., LoadedTable]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages and accounts are then short and always the same."""
    monkeypatch.chdir(tmp_path)


def read(table: str, content: str | bytes, path: str = "t.csv", **how: Any) -> LoadedTable:
    """Write one file, and load it as `table`; any share of rejects is tolerated by default."""
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    spec = {key: value for key, value in how.items() if key not in OPTIONS}
    given = {"as_of": AS_OF, "rejected_rows": Decimal(1)}
    given |= {key: value for key, value in how.items() if key in OPTIONS}
    return sources.load(TABLES[table], [SourceSpec(table, (path,), **spec)], ReadOptions(**given))


def rejected(loaded: LoadedTable) -> list[tuple[int | None, str | None, str | None, str]]:
    """Line, column, value and reason of every rejected row."""
    return [(p.line, p.column, p.value, p.reason) for p in loaded.audit.problems]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What this process writes then fails as on a full disk, also for root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
