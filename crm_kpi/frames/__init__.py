"""Frames: derived once from the tables, read by many metrics.

One file each, with `build(context, **options)` that returns a narwhals
LazyFrame. Rows of a frame carry the segment columns (`context.by`) and either
`period`, the index of a period in the calendar, or `day`, when they are
changes of a stock.
"""
