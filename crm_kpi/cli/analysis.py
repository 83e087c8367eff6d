"""The subcommand of one analysis: `crm-kpi cohorts [FILE]`, `crm-kpi rfm [FILE]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import typer
from typer.main import get_command

from crm_kpi import analyses
from crm_kpi.cli import options
from crm_kpi.errors import ExitCode, UsageError

DEFINITION = (
    options.option(
        list[str] | None,
        None,
        "--definition",
        help="Which variant is meant, as under definitions: in the config; repeatable.",
        panel="Data",
        metavar="KEY=VALUE",
    ),
)


def analysis_command(entry: analyses.Entry, context_settings: Mapping[str, Any] | None) -> Any:
    """The subcommand of one analysis, from its file's name and first line."""
    file = options.argument(
        "file", str | None, None, "File for the analysis's main table; - is stdin."
    )

    def run(given: options.Options) -> int:
        return run_analysis(given, entry.id)

    settings = dict(context_settings or {})
    single = typer.Typer(add_completion=False, rich_markup_mode="rich", context_settings=settings)
    single.command(
        entry.command,
        help=f"{entry.title}: {entry.summary}",
        rich_help_panel=analyses.HEADING,
    )(options.command(run, (file,), DEFINITION, options.SHARED))
    return get_command(single)


def run_analysis(given: options.Options, analysis_id: str) -> int:
    from crm_kpi.cli.answer import sources, write
    from crm_kpi.engine.run import Question, compute

    given = replace(given, set_=[*(given.set_ or []), *_words(given, analysis_id)])
    config, specs = sources(given, analysis_id)
    question = Question([], tuple(given.by or ()), given.filters, must=True, tables=[analysis_id])
    write(compute(config, question, specs), config, given, specs)
    return ExitCode.OK


def _words(given: options.Options, analysis_id: str) -> list[str]:
    """--definition KEY=VALUE as --set would say it."""
    words = given.extra.get("definition") or []
    for word in words:
        if "=" not in word:
            raise UsageError(
                f"--definition {word}: should be KEY=VALUE",
                hint=f"for example --definition {_example(analysis_id)}",
            )
    return [f"definitions.{analysis_id}.{word}" for word in words]


def _example(analysis_id: str) -> str:
    fields = analyses.load(analysis_id).definition.model_fields
    return f"{next(iter(fields), 'key')}=VALUE"
