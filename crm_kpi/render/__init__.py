"""Renderers: finished values in, text out. They arrange and round; they never compute."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import TextIO

from crm_kpi.errors import IdentityError, UsageError, did_you_mean
from crm_kpi.render.about import About
from crm_kpi.render.schema import output_schema
from crm_kpi.results import Number, Report

__all__ = ["FORMATS", "About", "output_schema", "render"]

FORMATS = ("table", "json", "ndjson", "csv", "markdown")


def render(
    report: Report,
    format: str,
    stream: TextIO,
    *,
    about: Mapping[str, About],
    verbose: bool = False,
) -> None:
    """Writes the report to the stream in one of `FORMATS`.

    Nothing is written unless all of it can be. The stream is UTF-8 and leaves
    line ends alone; `table` looks at it to know a terminal and its width.

    about: every metric of the report, in the order in which the headings of
        `table` and `markdown` stand; the other formats don't need it.
    verbose: `table` and `markdown` also list what was skipped and why, and
        `table` shows the components where the terminal is too narrow for them.

    Raises:
        UsageError: an unknown format, or one that cannot hold the answer.
        IdentityError: NaN or infinity among the numbers.
    """
    _assert_finite(report)
    if format == "json":
        from crm_kpi.render import as_json

        as_json.write(report, stream)
    elif format == "ndjson":
        from crm_kpi.render import as_ndjson

        as_ndjson.write(report, stream)
    elif format == "csv":
        from crm_kpi.render import as_csv

        as_csv.write(report, stream)
    elif format == "markdown":
        from crm_kpi.render import as_markdown

        as_markdown.write(report, stream, about, verbose=verbose)
    elif format == "table":
        from crm_kpi.render import as_table

        as_table.write(report, stream, about, verbose=verbose)
    else:
        hint = did_you_mean(format, FORMATS)
        raise UsageError(f"unknown format {format!r}: {', '.join(FORMATS)}", hint=hint)


def _assert_finite(report: Report) -> None:
    for result in report.results:
        numbers = (result.value, result.low, result.high, result.previous, result.change)
        goals = (result.target, result.warning, result.progress)
        for number in (*numbers, *goals, *result.components.values()):
            if number is not None and not _finite(number):
                raise IdentityError(f"{result.metric}, {result.period}: {number} is not finite")


def _finite(number: Number) -> bool:
    return number.is_finite() if isinstance(number, Decimal) else isfinite(number)
