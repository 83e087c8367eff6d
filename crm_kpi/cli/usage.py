"""What the parser of the command line refuses. Its own words are English; ours are for others."""

from __future__ import annotations

from typing import Any

import typer

from crm_kpi.cli import variables
from crm_kpi.messages import Message


def message_of(error: typer.TyperException) -> Message:
    """What typer says; its kinds of errors are told apart by name, as they are not exported."""
    fault: Any = error
    param = getattr(fault, "param", None)
    if param is not None and variables.has_said(param, fault.ctx):
        fault.param_hint = variables.name_of(param)
    kind, english = type(error).__name__, error.format_message()
    if kind == "NoSuchOption" and fault.possibilities:
        near = ", ".join(sorted(fault.possibilities))
        values = {"option": fault.option_name, "options": near}
        return Message("usage.no_option_but", values, english)
    if kind == "NoSuchOption":
        return Message("usage.no_option", {"option": fault.option_name}, english)
    if kind == "BadOptionUsage":
        return Message("usage.needs_value", {"option": fault.option_name}, english)
    if kind == "MissingParameter" and param is not None:
        return Message("usage.missing", {"param": param.get_error_hint()}, english)
    if kind == "BadParameter" and param is not None:
        name, wanted = fault.param_hint or param.get_error_hint(), param.type_descriptor
        if wanted.is_choice:
            values = {"param": name, "words": ", ".join(map(str, wanted.choices or ()))}
            return Message("usage.not_one_of", values, english)
        return Message("usage.bad_value", {"param": name, "kind": param.bare_type()}, english)
    return Message("usage.other", {"words": english}, english)
