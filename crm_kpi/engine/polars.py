"""The polars adapter: the few verbs that narwhals cannot say for every engine alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl


class Polars:
    """Lazy frames over tables in memory; each collect uses all cores."""

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.collect().lazy())

    def table(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> nw.LazyFrame:
        frame: nw.LazyFrame = nw.DataFrame.from_dict(
            dict(columns), dict(types), backend="polars"
        ).lazy()
        return frame

    def collect(self, frames: Sequence[nw.LazyFrame]) -> list[list[dict[str, Any]]]:
        lazy: list[pl.LazyFrame] = [frame.to_native() for frame in frames]
        return [frame.to_dicts() for frame in pl.collect_all(lazy)]
