"""Completion in a shell: what the shell asks through the environment, and the names it completes.

typer answers; what it could not read is told as an error of the caller's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import typer

from crm_kpi import catalogue
from crm_kpi.errors import UsageError
from crm_kpi.messages import text

VARIABLE = "_CRM_KPI_COMPLETE"
_NO_DETECTION = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"
_INSTRUCTION = re.compile("(?:complete|source)_(?:bash|zsh|fish|powershell|pwsh)")


def prepare(arguments: Sequence[str]) -> None:
    """Lets `--show-completion zsh` name the shell, which typer would otherwise find out itself.

    Raises UsageError where a completion is asked for in a way that no shell does.
    """
    if len(arguments) > 1 and arguments[0] in ("--show-completion", "--install-completion"):
        os.environ[_NO_DETECTION] = "1"
    instruction = os.environ.get(VARIABLE)
    if not instruction:
        return
    if not _INSTRUCTION.fullmatch(instruction):
        raise UsageError(
            text("cli.not_completed", variable=VARIABLE, instruction=instruction),
            hint=text("cli.show_completion"),
        )
    if instruction == "complete_bash":
        place = os.environ.get("COMP_CWORD", "")
        if "COMP_WORDS" not in os.environ or not re.fullmatch("[0-9]{1,9}", place):
            raise UsageError(text("cli.lacks_completion_words", variable=VARIABLE))


def names(incomplete: str) -> list[tuple[str, str]]:
    """The KPIs whose id begins so, with their titles; a word with a dash is the name of the
    command."""
    entries = catalogue.entries().values()
    words = [(entry.command if "-" in incomplete else entry.id, entry.title) for entry in entries]
    return [word for word in words if word[0].startswith(incomplete)]


def views(ctx: typer.Context, incomplete: str) -> list[str]:
    """The views that begin so."""
    from crm_kpi.cli import completion_words

    names = completion_words.of_views(ctx.params.get("config"))
    return [name for name in names if name.startswith(incomplete)]


def recipients(ctx: typer.Context, incomplete: str) -> list[str]:
    """Who is told by `notify`, whose name begins so."""
    from crm_kpi.cli import completion_words

    names = completion_words.of_recipients(ctx.params.get("config"))
    return [name for name in names if name.startswith(incomplete)]


def columns(ctx: typer.Context, incomplete: str) -> list[str]:
    """The columns of the config's sources that begin so."""
    from crm_kpi.cli import completion_words

    names = completion_words.of_columns(ctx.params.get("config"))
    return [name for name in names if name.startswith(incomplete)]


def conditions(ctx: typer.Context, incomplete: str) -> list[str]:
    """The same, each followed by what stands before a value; after that the values that the
    first rows have."""
    from crm_kpi.cli import completion_words

    column, equals, start = incomplete.partition("=")
    if not equals:
        return [f"{name}=" for name in columns(ctx, incomplete)]
    values = completion_words.of_values(ctx.params.get("config"), column)
    return [f"{column}={value}" for value in values if value.startswith(start)]
