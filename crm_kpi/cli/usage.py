"""What the parser of the command line refuses. Its own words are English; ours are for others."""

from __future__ import annotations

from typing import Any

import typer

from crm_kpi.messages import Message


def said(error: typer.TyperException) -> Message:
    """What typer says; its kinds of errors are told apart by name, as they are not exported."""
    fault: Any = error
    kind, english = type(error).__name__, error.format_message()
    if kind == "NoSuchOption" and fault.possibilities:
        near = ", ".join(sorted(fault.possibilities))
        values = {"option": fault.option_name, "options": near}
        return Message("usage.no_option_but", values, english)
    if kind == "NoSuchOption":
        return Message("usage.no_option", {"option": fault.option_name}, english)
    if kind == "BadOptionUsage":
        return Message("usage.needs_value", {"option": fault.option_name}, english)
    if kind == "MissingParameter" and fault.param is not None:
        return Message("usage.missing", {"param": _name(fault.param)}, english)
    if kind == "BadParameter" and fault.param is not None:
        values = {"param": _name(fault.param), "expected": fault.param.make_metavar(ctx=fault.ctx)}
        return Message("usage.bad_value", values, english)
    return Message("usage.other", {"words": english}, english)


def _name(param: Any) -> str:
    """The longest name of an option, or what help calls an argument."""
    return max(param.opts, key=len) if param.opts[0].startswith("-") else param.human_readable_name
