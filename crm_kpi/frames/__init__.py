"""Frames: derived once from the tables, read by many metrics; a module per subject.

A frame is a function of a `FrameContext` and options that returns a narwhals LazyFrame. It is named
by that function, `frame(orders_and_revenue.buyers, order=OrderRule())`, and built once for the same
options by `context.frame`. Its docstring says, beside what it is:

    Grain     one row per what
    Columns   name, type, unit, and what null means; never null where nothing is said
    Source    the tables that it is derived from

Besides, rows carry the segment columns (`context.by`), and when they count: `period`, the index
of a period in the calendar, or, as changes of a running total, `day` or `slot`.
"""
