"""What `--help` says in a language. Its English stands with the commands and their options, so
that help in English loads no texts."""

from __future__ import annotations

from typing import Any

from crm_kpi.cli import language
from crm_kpi.messages import Message, texts

KPI = "kpi"
"""Stands for the commands of KPIs, which have the same options."""


def help_text(key: str, english: str) -> str:
    """A text of help, in the language of the run."""
    return language.say(Message(f"help.{key}", {}, english=english))


def translate(command: Any, name: str) -> Any:
    """The command with what it says of its options in the language of the run.

    name: that of the command, for what it says otherwise than the others do.
    """
    if language.current() != "en":
        there = texts(language.current())
        for param in command.params:
            own = f"{name}.{param.name}"
            key = own if f"help.{own}" in there else f"option.{param.name}"
            param.help = help_text(key, getattr(param, "help", None) or "")
            panel = getattr(param, "rich_help_panel", None)
            if panel:
                param.rich_help_panel = help_text(f"panel.{panel}", panel)
    return command
