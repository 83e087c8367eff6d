"""Frames are built once for the same options, and forgotten when nobody needs them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.engine.backends.polars import Polars
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.frames.timeline import Timeline
from crm_kpi.periods import Calendar


def _context() -> FrameContext:
    polars = Polars()
    day = date(2024, 1, 1)
    timeline = Timeline(Calendar((), 0, {}), (), day, day, "UTC", polars.from_columns)
    return FrameContext(SegmentedTables.unsplit({}, {}), timeline, polars)


def _numbers(context: FrameContext, *, most: int) -> nw.LazyFrame:
    return nw.from_native(pl.DataFrame({"n": range(most)}).lazy())


def _doubled(context: FrameContext, *, most: int) -> nw.LazyFrame:
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


def _orders(backend: Polars) -> SegmentedTables:
    columns = {"customer_id": ["A", "B", "A"], "amount": [1, 2, 4], "by:shop": ["x", None, "x"]}
    types = {"customer_id": nw.String, "amount": nw.Int64, "by:shop": nw.String}
    orders = backend.from_columns(columns, types)
    costs = backend.from_columns({"amount": [8]}, {"amount": nw.Int64})
    segments = {"customer_id": ["A", "B"], "by:city": ["Huế", None]}
    customers = backend.from_columns(segments, dict.fromkeys(segments, nw.String))
    tables = SegmentedTables.unsplit({"transactions": orders, "costs": costs}, {})
    return replace(
        tables,
        by=("by:shop", "by:city"),
        own={"transactions": frozenset(["by:shop"])},
        lacking={"costs": frozenset(["by:shop", "by:city"])},
        customer_segments=customers,
    )


def test_segments_of_the_table_and_of_its_customers() -> None:
    backend = Polars()
    tables = _orders(backend)
    assert tables.own_segment_columns("transactions") == ["by:shop"]
    assert tables.customer_segment_columns("transactions") == ["by:city"]
    rows = tables.attach_customer_segments(tables.filtered["transactions"], "transactions")
    ((first, *_),) = backend.fetch([rows.sort("customer_id")])
    assert (first["by:shop"], first["by:city"]) == ("x", "Huế")


def test_the_rows_of_a_segment() -> None:
    backend = Polars()
    whole = FrameContext(_orders(backend), _context().timeline, backend)
    whole.frame(_numbers, most=3)
    for value, amounts in (("x", [1, 4]), (None, [2])):
        part = whole.for_segment({"by:shop": value})
        tables = part.tables
        rows = backend.fetch([tables.filtered["transactions"], tables.filtered["costs"]])
        assert [[row["amount"] for row in table] for table in rows] == [amounts, [8]]
        assert part.by == ()
        assert part.frame(_numbers, most=3) is not whole.frame(_numbers, most=3)
        assert part.parent_slice is None  # a customer may have bought in several shops
    month = part.for_calendar(Calendar((), 1, {}))
    assert month.parent_slice == (part, ())
    assert month.timeline.calendar != part.timeline.calendar
