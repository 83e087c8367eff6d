"""Renderers: finished values in, text out. They arrange and round; they never compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from crm_kpi import messages
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.render.formats import FORMATS, LIST_FORMATS, REPORT_FORMATS
from crm_kpi.render.outline import About

if TYPE_CHECKING:
    from crm_kpi.results import Report

__all__ = ["LIST_FORMATS", "REPORT_FORMATS", "About", "render"]


def render(
    report: Report,
    format: str,
    stream: TextIO,
    *,
    about: Mapping[str, About],
    verbose: bool = False,
    language: str = "en",
) -> None:
    """Writes the report to the stream in one of `REPORT_FORMATS`.

    Nothing is written unless all of it can be. The stream is UTF-8 and leaves
    line ends alone; `table` looks at it to know a terminal and its width.

    about: every metric of the report, in the order in which the headings of
        `table` and `markdown` stand; the other formats don't need it.
    verbose: `table` and `markdown` also list what was skipped and why, and
        `table` shows the components where the terminal is too narrow for them.
    language: in which people are told; formats for machines are the same in every language.

    Raises:
        UsageError: an unknown format, or one that cannot hold the answer.
        IdentityError: NaN or infinity among the numbers.
    """
    report.assert_finite()
    write = FORMATS[format].write if format in FORMATS else None
    if write is None:
        hint = did_you_mean(format, REPORT_FORMATS)
        known = ", ".join(REPORT_FORMATS)
        raise UsageError(
            messages.text("render.unknown_format", format=format, formats=known), hint=hint
        )
    write(report, stream, about, verbose=verbose, language=language)
