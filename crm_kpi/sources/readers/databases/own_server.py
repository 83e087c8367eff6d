"""Whether a server is the one that the environment names, as a URL may be somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_kpi.messages import Message, text
from crm_kpi.sources.query import Query
from crm_kpi.sources.server import Server


def stranger(
    server: Server,
    query: Query,
    environment: Mapping[str, str],
    hosts: Sequence[str],
    port: str,
) -> tuple[Message | None, str]:
    """Why a password of the environment may not go to a server, and the variable that could name
    it; None where it may: the URL names no host, or that of the environment, letter by letter.

    Args:
        hosts, port: the variables that name them.
    """
    named = {word for variable in hosts for word in _words(environment, variable)}
    ports = _words(environment, port)
    if {host.lower() for host in server.hosts} - {*named, ""}:
        return text("files.password_other_host", query=query.name, variable=hosts[0]), hosts[0]
    if ports and {*server.ports} - {*ports, ""}:
        return text("files.password_other_port", query=query.name, variable=port), port
    return None, ""


def _words(environment: Mapping[str, str], variable: str) -> list[str]:
    return [word.lower() for word in environment.get(variable, "").split(",") if word]
