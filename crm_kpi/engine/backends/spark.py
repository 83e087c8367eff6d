"""The Spark engine: on this machine, on a cluster, or behind a Spark Connect server."""

from __future__ import annotations

import os
import shutil
import socket
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import narwhals.stable.v2 as nw
import polars as pl
import pyspark.sql
from pyspark.errors import AnalysisException, PySparkException

from crm_kpi.addresses import shown
from crm_kpi.engine.backends.base import CommonBackend, columns_of_rows, unreadable
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.tables import ROW

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what overflows is an error, not a null
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
ALONE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}
"""On this machine alone: nothing to be reached from outside, nothing to be spread widely."""

CONNECT_PORT, MASTER_PORT = 15002, 7077
PATIENCE = 10
"""Seconds until an address has to answer."""


class Spark(CommonBackend):
    """A session of Spark, for one run."""

    def __init__(self, *, remote: str | None, master: str | None) -> None:
        warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
        self._session = _session(remote, master)
        for name, value in SETTINGS.items():
            self._session.conf.set(name, value)

    def close(self) -> None:
        self._session.stop()

    def scan(self, frame: pl.DataFrame) -> nw.LazyFrame:
        rows = frame.drop(ROW, strict=False)
        # A Connect client takes no table without rows: it gets one of nulls, and none of it.
        some = rows.clear(1) if rows.is_empty() else rows
        table = self._session.createDataFrame(some.to_arrow())
        found: nw.LazyFrame = nw.from_native(table.limit(0) if rows.is_empty() else table)
        return found

    def scan_parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        # Seen from here; a server has a working directory of its own.
        places = [path if "://" in path else os.path.abspath(path) for path in paths]
        try:
            found: nw.LazyFrame = nw.from_native(self._session.read.parquet(*places))
        except AnalysisException as error:
            raise unreadable(paths, error) from error
        return found

    def materialize(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        native: DataFrame = frame.to_native()
        kept: nw.LazyFrame = nw.from_native(native.localCheckpoint(eager=True))
        return kept

    def fetch(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        return [[row.asDict() for row in frame.to_native().collect()] for frame in frames]

    def fetch_columns(self, frame: nw.LazyFrame) -> dict[str, Sequence[Any]]:
        native: DataFrame = frame.to_native()
        return columns_of_rows(native.columns, native.collect())

    def seconds_between(self, start: nw.Expr, end: nw.Expr) -> nw.Expr:
        return (_micros(end) - _micros(start)) // 1_000_000


def _micros(instant: nw.Expr) -> nw.Expr:
    """Microseconds since 1970; only a moment with a zone can become a number."""
    seconds = instant.cast(nw.Datetime("us", "UTC")).cast(nw.Int64)
    return seconds * 1_000_000 + instant.dt.microsecond().cast(nw.Int64)


def _session(remote: str | None, master: str | None) -> SparkSession:
    """
    Raises:
        UsageError: there is no Java, or nothing answers at the address.
    """
    builder = pyspark.sql.SparkSession.builder.appName("crm-kpi")
    if remote:
        _answers(remote, CONNECT_PORT)
        try:
            return builder.remote(remote).getOrCreate()
        except PySparkException as error:  # its words may quote the address
            raise _unreachable(
                remote, text("general.words_of_others", words=type(error).__name__)
            ) from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError(text("engine.needs_java"), hint=text("engine.install_java"))
    if master:
        _answers(master, MASTER_PORT)
    for name, value in (QUIET if master else QUIET | ALONE).items():
        builder = builder.config(name, value)
    return builder.master(master or "local[*]").getOrCreate()


def _answers(address: str, port: int) -> None:
    """Asks before Spark does, which tries for minutes."""
    scheme, _, rest = address.partition("://")
    if scheme not in ("sc", "spark"):
        return
    faults = []
    for place in rest.partition("/")[0].split(","):
        url = urlsplit(f"//{place}")
        try:
            socket.create_connection((url.hostname or "", url.port or port), PATIENCE).close()
        except (OSError, ValueError) as error:
            faults.append(text("engine.place_fault", place=place, why=error))
        else:
            return
    raise _unreachable(address, joined(faults))


def _unreachable(address: str, why: Message) -> UsageError:
    return UsageError(
        text("engine.no_spark", address=shown(address), why=why),
        hint=text("engine.check_address"),
    )
