"""Which engine computes, opened for one run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_kpi.addresses import shown
from crm_kpi.errors import UsageError
from crm_kpi.frames.backend import Backend
from crm_kpi.messages import text

if TYPE_CHECKING:
    from crm_kpi.config import engine as configured
    from crm_kpi.engine.memory import OutOfCore

TOKEN = "SPARK_CONNECT_AUTHENTICATE_TOKEN"
"""Of the environment, from which Spark sends it to whatever server it is led to."""


@contextmanager
def open_backend(engine: configured.Engine, space: OutOfCore | None = None) -> Iterator[Backend]:
    """The engine that the config names, or the one that works within little `space`; it is closed
    after the run.

    Raises:
        UsageError: the extra that it needs is not installed, or it cannot be reached.
    """
    backend = _open(engine, space)
    try:
        yield backend
    finally:
        backend.close()


def _open(engine: configured.Engine, space: OutOfCore | None) -> Backend:
    try:
        if engine.name == "duckdb" or space:
            from crm_kpi.engine.backends.duckdb import DuckDB

            return DuckDB(space)
        if engine.name == "spark":
            if engine.remote and engine.master:
                raise UsageError(text("engine.remote_and_master"), hint=text("engine.keep_one"))
            if engine.remote:
                _keep_token(engine.remote, os.environ)
            from crm_kpi.engine.backends.spark import Spark

            return Spark(remote=engine.remote, master=engine.master)
    except ModuleNotFoundError as error:
        raise UsageError(
            text("engine.not_installed", engine=engine.name, module=error.name),
            hint=text("engine.install", engine=engine.name),
        ) from error
    from crm_kpi.engine.backends.polars import Polars

    return Polars()


def _keep_token(remote: str, environment: Mapping[str, str]) -> None:
    """Keeps the environment's token from a server that SPARK_REMOTE does not name: the address
    may be somebody else's.

    Raises:
        UsageError: Spark would send it there.
    """
    if not environment.get(TOKEN) or ";token=" in remote:
        return
    named = environment.get("SPARK_REMOTE", "")
    if shown(named).rstrip("/") != shown(remote).rstrip("/"):
        raise UsageError(
            text("engine.token_kept", address=shown(remote), variable=TOKEN),
            hint=text("engine.set_remote", variable=TOKEN),
        )
