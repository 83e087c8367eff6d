"""An error as it is told on stderr."""

from __future__ import annotations

import sys

from crm_kpi.cli import language, log_lines
from crm_kpi.cli.log_lines import LogLevel, shortened
from crm_kpi.errors import CrmKpiError
from crm_kpi.messages import text

SHOWN_PROBLEMS = 20


def report(error: CrmKpiError) -> None:
    """One message on stderr: what is wrong, where, what to do."""
    if log_lines.is_json():
        _report_as_json(error)
        return
    lines = [language.say(text("cli.error", message=error.message))]
    told = error.kinds or error.problems
    lines += [f"  {language.say(what)}" for what in told[:SHOWN_PROBLEMS]]
    more = len(told) - SHOWN_PROBLEMS
    if more > 0:
        lines.append(language.say(text("cli.more_problems", number=more)))
    if error.hint:
        lines.append(language.say(text("cli.hint", hint=error.hint)))
    print("\n".join(map(shortened, lines)), file=sys.stderr)


def _report_as_json(error: CrmKpiError) -> None:
    """A line for the error, and one for each of its problems."""
    told = error.kinds or error.problems
    log_lines.say(error.message, LogLevel.ERROR, hint=error.hint)
    for what in told[:SHOWN_PROBLEMS]:
        log_lines.say(what, LogLevel.ERROR)
    more = len(told) - SHOWN_PROBLEMS
    if more > 0:
        log_lines.say(text("cli.more_problems", number=more), LogLevel.ERROR)
