"""What `--help` says in a language. Its English stands with the commands and their options, so
that help in English loads no texts."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from crm_kpi.cli import language, log_lines, variables
from crm_kpi.messages import Message, texts

KPI = "kpi"
"""Stands for the commands of KPIs, which have the same options."""
VARIABLES = "Every option is a variable too: --as-of is CRM_KPI_AS_OF."


def help_text(key: str, english: str) -> str:
    """A text of help, in the language of the run."""
    return language.say(Message(f"help.{key}", {}, english=english))


def translate(command: Any, name: str) -> Any:
    """The command with what it says of its options in the language of the run.

    name: that of the command, for what it says otherwise than the others do.
    """
    command.epilog = help_text("variables", VARIABLES)
    if language.current() != "en":
        for param in command.params:
            _translate(param, name)
    return command


def option_text(command: str, name: str, english: str) -> str:
    """What is said of an option: by this command, where it says it otherwise than the others."""
    own = f"{command}.{name}"
    there = language.current() != "en" and f"help.{own}" in texts(language.current())
    return help_text(own if there else f"option.{name}", english)


def _translate(param: Any, command: str) -> None:
    """What typer calls the box of those that have none is said in English otherwise."""
    param.help = option_text(command, param.name, getattr(param, "help", None) or "")
    panel = getattr(param, "rich_help_panel", None)
    panel = panel or ("Arguments" if param.param_type_name == "argument" else "Options")
    param.rich_help_panel = help_text(f"panel.{panel}", panel)


def write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    """The first line of help."""
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, help_text("usage", "Usage: "))


class Command(TyperCommand):
    """A command whose frame speaks the language of the run, and whose options stand in the
    environment too."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        if not extra.get("resilient_parsing"):  # a shell that completes wants no message
            extra.setdefault("default_map", variables.values(self.params))
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: Any, args: Any) -> Any:
        rest = super().parse_args(ctx, args)
        variables.take(self.params, ctx)
        if not (ctx.resilient_parsing or ctx.params.get("quiet")):
            for words in variables.unknown(ctx):
                log_lines.say(words)
        return rest

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        option: Any = super().get_help_option(ctx)
        if option is not None and language.current() != "en":
            _translate(option, "")
        return option
