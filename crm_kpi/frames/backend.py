"""What an engine has to be able to do: the few things that narwhals cannot say for all alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from crm_kpi.frames._narwhals import nw


class Backend(Protocol):
    """An engine, for one run."""

    def scan(self, frame: Any) -> nw.LazyFrame:
        """A table that the loader has read, as the engine's own."""

    def scan_parquet(self, paths: Sequence[str]) -> nw.LazyFrame:
        """Files, globs or folders of Parquet, read where they lie and only as far as needed.

        Folders such as `month=2024-01` around a file are columns of text.

        Raises:
            DataError: there is nothing that can be read.
        """

    def prepare(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """All tables of a run in the form in which the engine is fastest, to be scanned."""

    def materialize(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """The same frame, computed now, because several queries read it."""

    def materialize_by_time(
        self, part: Callable[[date, date], nw.LazyFrame], bounds: Sequence[date]
    ) -> nw.LazyFrame:
        """The rows of `part`, which has those of the days from one date to another, between the
        first of these bounds and the last. The same as `materialize`, where memory is no
        matter."""

    def builder(self, build: Callable[..., nw.LazyFrame]) -> Callable[..., nw.LazyFrame]:
        """What builds a frame: its function, or one of the engine's own that gives the same."""

    def in_memory(self, frame: nw.LazyFrame) -> Any | None:
        """The frame as a polars DataFrame, where the engine is polars itself."""

    def fetch(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        """The rows of small frames."""

    def fetch_columns(self, frame: nw.LazyFrame) -> dict[str, Sequence[Any]]:
        """The columns of a frame, which may be long."""

    def fetch_table(self, frame: nw.LazyFrame) -> nw.DataFrame[Any]:
        """The rows of a frame, which may be long, as a table in memory: the same kind of table
        from every engine, so that what is computed of it is the same, too."""

    def from_columns(
        self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]
    ) -> nw.LazyFrame:
        """A small frame of Python values."""

    def as_text(self, column: str) -> nw.Expr:
        """A column as text: an engine may hold ids as codes."""

    def with_lag(
        self, frame: nw.LazyFrame, by: str, order: str, columns: Mapping[str, tuple[str, int]]
    ) -> nw.LazyFrame:
        """The rows with values of other rows with the same `by`, in the order of `order`.

        columns: name: the column, and how many rows before it stands, or after, if negative.
        """

    def seconds_between(self, start: nw.Expr, end: nw.Expr) -> nw.Expr:
        """Whole seconds from one instant to another."""

    def close(self) -> None:
        """Gives back what the run has taken."""
