"""`crm-kpi open`: the report as a page, and the program that shows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from crm_kpi.cli import notices, report
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.cli.options import OpenOptions
from crm_kpi.errors import UsageError
from crm_kpi.messages import text


def run(options: OpenOptions) -> int:
    """
    Raises:
        UsageError: the output is no file.
    """
    path = Path(options.output or "")
    if folder_of(options.output) or str(path) == "-" or (path.exists() and not path.is_file()):
        raise UsageError(text("cli.opens_a_file"), hint=text("cli.name_output", path="report.html"))
    before = report.seen(options)
    code = report.run_report(replace(options, watch=False))
    if typer.launch(str(path.absolute())) and not options.quiet:
        notices.info(text("cli.open_yourself", path=path))
    if options.watch:
        report.keep_watching(options, before)
    return code
