"""Frames are built once for the same options, and forgotten when nobody needs them."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.polars import Polars
from crm_kpi.frames.context import Context
from crm_kpi.frames.timeline import Timeline
from crm_kpi.periods import Calendar


def _context() -> Context:
    polars = Polars()
    day = date(2024, 1, 1)
    timeline = Timeline(Calendar((), 0, {}), (), day, day, "UTC", polars.table)
    nothing: dict[str, Any] = {}
    return Context(
        polars, nothing, nothing, None, nothing, nothing, {}, frozenset(), (), nothing, timeline
    )


def _numbers(context: Context, *, most: int) -> nw.LazyFrame:
    return nw.from_native(pl.DataFrame({"n": range(most)}).lazy())


def _doubled(context: Context, *, most: int) -> nw.LazyFrame:
    return context.frame(_numbers, most=most).with_columns(n=nw.col("n") * 2)


def test_once_for_the_same_options() -> None:
    context = _context()
    assert context.frame(_numbers, most=3) is context.frame(_numbers, most=3)
    assert context.frame(_numbers, most=3) is not context.frame(_numbers, most=4)
    assert context.frame(_doubled, most=3) is not context.frame(_numbers, most=3)


def test_released_unless_others_are_made_of_it() -> None:
    context = _context()
    doubled, numbers = context.frame(_doubled, most=3), context.frame(_numbers, most=3)
    context.release(_doubled, [("most", 3)])
    context.release(_numbers, [("most", 3)])
    assert context.frame(_doubled, most=3) is not doubled
    assert context.frame(_numbers, most=3) is numbers
