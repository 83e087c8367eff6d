"""Which engine computes, opened for one run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_kpi.errors import UsageError

if TYPE_CHECKING:
    from crm_kpi.config import engine as configured
    from crm_kpi.engine.base import Engine


@contextmanager
def opened(engine: configured.Engine) -> Iterator[Engine]:
    """The engine that the config names; it is closed after the run.

    Raises:
        UsageError: the extra that it needs is not installed, or it cannot be reached.
    """
    adapter = _open(engine)
    try:
        yield adapter
    finally:
        adapter.close()


def _open(engine: configured.Engine) -> Engine:
    try:
        if engine.name == "duckdb":
            from crm_kpi.engine.duckdb import DuckDB

            return DuckDB()
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
