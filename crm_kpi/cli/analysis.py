"""The subcommand of one analysis: `crm-kpi cohorts [FILE]`, `crm-kpi rfm [FILE]`."""

from __future__ import annotations

from dataclasses import replace

from crm_kpi import analyses
from crm_kpi.cli.options import AnalysisOptions
from crm_kpi.errors import ExitCode, UsageError


def run_analysis(given: AnalysisOptions, analysis_id: str) -> int:
    from crm_kpi.cli.answer import computed, sources, write
    from crm_kpi.engine.run import Question

    given = replace(given, set_=[*(given.set_ or []), *_words(given, analysis_id)])
    config, specs = sources(given, analysis_id)
    question = Question([], tuple(given.by or ()), given.filters, must=True, tables=[analysis_id])
    write(computed(config, question, given, specs), config, given, specs)
    return ExitCode.OK


def _words(given: AnalysisOptions, analysis_id: str) -> list[str]:
    """--definition KEY=VALUE as --set would say it."""
    words = given.definition or []
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
