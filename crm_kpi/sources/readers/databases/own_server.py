"""Whether a server is the one that the environment names, as a URL may be somebody else's; how it
proves that; and the errors of one that is not there."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import Message, text
from crm_kpi.sources import certificates
from crm_kpi.sources.query import Query
from crm_kpi.sources.server import Server

PATIENCE = 15
"""Seconds to wait for a server, where nobody says."""
HERE = ("localhost", "127.0.0.1", "::1")
"""On this machine nobody stands between."""


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


def port_of(words: str, usual: int) -> int:
    return int(words) if words.isascii() and words.isdigit() else usual


def checking(server: Server, query: Query, mode: str) -> ssl.SSLContext:
    """What lets nobody in without a certificate that an authority vouches for.

    Raises DataError if the file of the authority cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=server.parameters.get("sslrootcert"))
    except (OSError, ValueError) as error:
        why = text("general.words_of_others", words="root certificate file")
        raise DataError(
            text("files.no_server_why", query=query.name, why=why),
            hint=text("files.check_server"),
        ) from error
    context.check_hostname = mode == "verify-full"
    return context


def unreachable(error: Exception, query: Query) -> DataError:
    why = certificates.fault(error)
    if why is None:
        reason = text("files.no_server", query=query.name)
    else:
        reason = text("files.no_server_why", query=query.name, why=why)
    return DataError(reason, hint=text("files.check_server"))


def no_driver(error: ModuleNotFoundError, query: Query) -> UsageError:
    return UsageError(
        text("files.no_driver", query=query.name, module=error.name),
        hint=text("files.install_databases"),
    )
