"""The typer application: fixed commands, and one per KPI of the catalogue."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup
from typer.main import get_command

from crm_kpi import catalogue, messages, plugins
from crm_kpi.cli import (
    VERSION,
    address_space,
    completion_scripts,
    environment,
    help,
    language,
    log_lines,
    options,
    usage,
)
from crm_kpi.cli.compare_options import CompareOptions
from crm_kpi.cli.help import Command
from crm_kpi.cli.notify_options import NotifyOptions
from crm_kpi.cli.parameters import LOG_FORMATS, command
from crm_kpi.cli.restated_options import RestatedOptions
from crm_kpi.errors import ExitCode, OutputError, UsageError, did_you_mean
from crm_kpi.messages import text


class CatalogueCommands(TyperGroup):
    """Adds a subcommand per KPI, made when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        kpis = [entry.command for entry in catalogue.entries().values()]
        return [*super().list_commands(ctx), *kpis]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = cmd_name.lower()
        command = super().get_command(ctx, name)
        if command:
            command.help = help.help_text(name, command.help or "")
            return help.translate(command, name)
        kpi = catalogue.find(cmd_name)
        return kpi and help.translate(kpi_command(catalogue.entries()[kpi]), help.KPI)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        help.write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All commands by what they are about, from the names and first lines of their files.

        Not in rich's boxes, whose import takes twice as long as all the rest.
        """
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(help.help_text("program", self.help or ""))
        fixed = {name: help.help_text(name, one.help or "") for name, one in self.commands.items()}
        panels = {help.help_text("panel.Commands", "Commands"): fixed}
        for entry in catalogue.entries().values():
            heading = language.say(entry.heading)
            panels.setdefault(heading, {})[entry.command] = about(entry)
        params: list[Any] = self.get_params(ctx)
        for param in params:
            param.help = help.help_text(f"option.{param.name}", param.help or "")
        records = [param.get_help_record(ctx) for param in params]
        panels[help.help_text("panel.Options", "Options")] = dict(filter(None, records))
        column = max(len(name) for rows in panels.values() for name in rows)
        for heading, rows in panels.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(column), text) for name, text in rows.items()])
        formatter.write_paragraph()
        formatter.write_text(help.help_text("start", self.epilog or ""))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        unknown = args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None
        if unknown and not ctx.resilient_parsing:  # a shell that completes wants no message
            known = self.list_commands(ctx)
            raise UsageError(
                text("cli.no_command", word=args[0]),
                hint=did_you_mean(args[0], known) or text("cli.list_metrics"),
            )
        return super().resolve_command(ctx, args)


def about(entry: catalogue.Entry) -> str:
    return f"{language.say(entry.title_said)}: {language.say(entry.summary_said)}"


app = typer.Typer(
    name="crm-kpi",
    cls=CatalogueCommands,
    help="Customer KPIs from the exports you have, numbers you can trust.",
    epilog="Start with: crm-kpi demo demo && crm-kpi report -c demo/crm-kpi.yaml",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(VERSION)
        raise typer.Exit()


def _take_plugins(files: list[Path] | None) -> None:
    plugins.take_files(files or ())


@app.callback()
def top(
    plugin: Annotated[
        list[Path] | None,
        typer.Option(
            "--plugin",
            callback=_take_plugins,
            is_eager=True,
            help="Before the command: a Python file with a KPI, which is run.",
            metavar="FILE",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option("--language", help="Language of what people read.", metavar="LANGUAGE"),
    ] = None,
    log_format: Annotated[
        LOG_FORMATS | None, typer.Option("--log-format", help="How stderr says it: text or json.")
    ] = None,
) -> None: ...


_Asked = TypeVar("_Asked")


def _add(name: str, place: tuple[str, str], asked: type[_Asked], help: str) -> None:
    """A command whose module is imported when it runs, not when help is shown."""

    def run(values: _Asked) -> int:
        import importlib

        module, function = place
        code: int = getattr(importlib.import_module(f"crm_kpi.cli.{module}"), function)(values)
        return code

    app.command(name, cls=Command, help=help)(command(run, asked))


def asked_of(entry: catalogue.Entry) -> type[options.MetricOptions]:
    """What the command of a KPI can be asked."""
    if entry.takes_definition:
        return options.OF_ANALYSES.get(entry.id, options.AnalysisOptions)
    return options.MetricOptions


def kpi_command(entry: catalogue.Entry) -> Any:
    """The subcommand of one KPI, from its file's name and first line."""

    def run(values: options.MetricOptions) -> int:
        from crm_kpi.cli.report import run_kpi

        return run_kpi(values, entry.id)

    single = typer.Typer(
        add_completion=False, rich_markup_mode="rich", context_settings=app.info.context_settings
    )
    single.command(
        entry.command,
        cls=Command,
        help=about(entry),
        rich_help_panel=language.say(entry.heading),
    )(command(run, asked_of(entry)))
    return get_command(single)


_add(
    "report",
    ("report", "run_report"),
    options.ReportOptions,
    "Every KPI that the sources can feed, or those that are named.",
)
_add(
    "open",
    ("open_report", "run"),
    options.OpenOptions,
    "The report as a page, report.html or what -o says, opened in the browser.",
)
_add(
    "check",
    ("check", "run"),
    options.CheckOptions,
    "What misses its threshold or is near it; exit 4 when one is missed.",
)
_add(
    "notify",
    ("notify", "run"),
    NotifyOptions,
    "Tell people or a program what is missed, unusual or to be done; for cron.",
)
_add(
    "validate",
    ("validate", "run"),
    options.ValidateOptions,
    "Every problem of config and data: file, line, column, value.",
)
_add(
    "compare",
    ("compare", "run"),
    CompareOptions,
    "Two exports of one customers list: who came, who went, who turned.",
)
_add(
    "restated",
    ("restated", "run"),
    RestatedOptions,
    "Which values are no longer what they were when first reported, by a log of --log.",
)
_add(
    "init",
    ("init", "run"),
    options.InitOptions,
    "Look at files, and write a config for them: which table each is, which column is which.",
)
_add(
    "metrics",
    ("describe", "run_metrics"),
    options.MetricsOptions,
    "The catalogue of KPIs; with an id, all about one.",
)
_add(
    "benchmarks",
    ("list_benchmarks", "run"),
    options.BenchmarksOptions,
    "What others have, as it was published: figures of industries, with their sources.",
)
_add(
    "schema",
    ("describe", "run_schema"),
    options.SchemaOptions,
    "JSON Schema of the config or of the JSON output.",
)
_add(
    "mcp",
    ("assistants", "run"),
    options.ConfigOptions,
    "Serve the KPIs of a config to an assistant, by the Model Context Protocol on stdio.",
)
_add(
    "config",
    ("config_command", "run"),
    options.ConfigCommandOptions,
    "The config in force, with the options and defaults; or whether it is right.",
)
_add(
    "man",
    ("man", "run"),
    options.ManOptions,
    "The manual page of crm-kpi(1), of this version.",
)
_add(
    "demo",
    ("demo", "run"),
    options.DemoOptions,
    "Write sample data of a fictional company, and a config for it.",
)


def run(arguments: list[str]) -> int:
    """Parse and run; the exit code. Without a word, the help."""
    environment.drop_odd_width()
    log_lines.begin(arguments)
    language.begin(arguments)
    completion_scripts.prepare(arguments)
    # pydantic would look for plugins of its own in every installed package, for 20 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        todo = get_command(app).main(
            args=arguments or ["--help"], prog_name="crm-kpi", standalone_mode=False
        )
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer's way with a reader that left
            raise end.__context__ from None
        return int(end.code or 0)  # a completion is told, shown or installed
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(text("cli.completion_not_installed", error=error)) from error
    except typer.TyperException as error:
        raise UsageError(usage.message_of(error), hint=text("cli.see_help")) from error
    if not callable(todo):
        return ExitCode.USAGE if todo else ExitCode.OK
    messages.texts("en")  # where memory or files run out later, they could not be loaded
    environment.check()
    address_space.check()
    return int(todo())
