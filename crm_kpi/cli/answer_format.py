"""In which format an answer is written: as -f says, else as the name of the output does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.render.formats import FORMATS, format_of

SPREADSHEET = "csv"
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def folder_of(output: str | Path | None) -> Path | None:
    """The folder that an output is called, with a slash at its end."""
    return Path(output) if isinstance(output, str) and output.endswith(_SEPARATORS) else None


def chosen(
    asked: str | None, output: str | None, formats: Sequence[str], *, excel: bool = False
) -> str:
    """The format of an answer.

    Args:
        asked: by -f, which decides whatever the output is called.
        formats: those that the command writes.
        excel: whether a spreadsheet program will open it.

    Raises:
        UsageError: the ending of the output is that of no format, or the format is not one for
            a spreadsheet, or not one for the terminal that it would be written to.
    """
    named = format_of(output, formats) if output and not (asked or folder_of(output)) else None
    usual = SPREADSHEET if excel or folder_of(output) else "table"
    format = asked or named or usual
    if excel and format != SPREADSHEET:
        raise UsageError(text("cli.excel_is_csv", format=format), hint=text("cli.give_csv"))
    if output is None and not FORMATS[format].terminal and _is_terminal():
        path = f"report{FORMATS[format].ending}"
        raise UsageError(
            text("cli.not_for_terminals", format=format), hint=text("cli.name_output", path=path)
        )
    return format


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
