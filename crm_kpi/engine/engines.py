"""Which engine computes, opened for one run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_kpi.errors import UsageError

if TYPE_CHECKING:
    from crm_kpi.config import engine as configured
    from crm_kpi.engine.base import Engine
    from crm_kpi.engine.room import Room


@contextmanager
def opened(engine: configured.Engine, room: Room | None = None) -> Iterator[Engine]:
    """The engine that the config names, or the one that works within little `room`; it is closed
    after the run.

    Raises:
        UsageError: the extra that it needs is not installed, or it cannot be reached.
    """
    adapter = _open(engine, room)
    try:
        yield adapter
    finally:
        adapter.close()


def _open(engine: configured.Engine, room: Room | None) -> Engine:
    try:
        if engine.name == "duckdb" or room:
            from crm_kpi.engine.duckdb import DuckDB

            return DuckDB(room)
        if engine.name == "spark":
            if engine.remote and engine.master:
                raise UsageError("engine: has remote and master", hint="keep one of them")
            from crm_kpi.engine.spark import Spark

            return Spark(remote=engine.remote, master=engine.master)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the engine {engine.name} is not installed: there is no {error.name}",
            hint=f'pip install "crm-kpi[{engine.name}]"',
        ) from error
    from crm_kpi.engine.polars import Polars

    return Polars()
