"""The answers of one run: each address is asked once, whoever reads it, and only if the user has
allowed its host. Nothing is until then, whatever a config says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi.addresses import shown
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, text
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.io.web.net_permit import NetPermit
from crm_kpi.sources.io.web.web_address import WebAddress
from crm_kpi.sources.server import AddressError

if TYPE_CHECKING:
    import ssl

    from crm_kpi.sources.io.web.fetch import WebAnswer
    from crm_kpi.sources.io.web.transport import Resolve

ENVIRONMENT = "env:"
PREFIX = "CRM_KPI_SECRET_"
"""How variables begin that may be sent: a config of somebody else's can name no other."""


@dataclass(eq=False)
class WebAnswers:
    """Args:
    permit: is asked for when an address is.
    folder: where answers with an ETag are kept, if the user keeps anything.
    context, resolve: stand in place of the system's certificates and resolver.
    """

    permit: Callable[[], NetPermit] = NetPermit
    folder: Path | None = None
    context: ssl.SSLContext | None = field(default=None, repr=False)
    resolve: Resolve | None = field(default=None, repr=False)
    _taken: dict[tuple[str, tuple[tuple[str, str], ...]], WebAnswer] = field(
        default_factory=dict, repr=False
    )

    def ask(self, url: str, headers: Sequence[tuple[str, str]], progress: Progress) -> WebAnswer:
        """
        Args:
            headers: names, each with the variable that has its value: `env:CRM_KPI_SECRET_…`.

        Raises:
            UsageError: the address is none, its host is not allowed, a variable is not set, or
                httpx is not installed.
            DataError: as `fetch`.
        """
        place = url, tuple(headers)
        if place not in self._taken:
            address = address_of(url)
            permit = self.permit()
            permit.check(address)
            secrets = {name: _secret(word, os.environ) for name, word in headers}
            try:
                from crm_kpi.sources.io.web import fetch, transport
            except ModuleNotFoundError as error:
                raise UsageError(
                    text("web.no_httpx", path=address.shown, module=error.name),
                    hint=text("web.install_net"),
                ) from error
            asking = fetch.Asking(
                permit,
                self.context or _system_context(),
                self.resolve or transport.resolve,
                self.folder,
            )
            self._taken[place] = fetch.fetch(address, secrets, asking, progress)
        return self._taken[place]

    @property
    def notes(self) -> list[Message]:
        """What was fetched, and what did not have to be."""
        return [note for answer in self._taken.values() for note in answer.notes]


_current: ContextVar[WebAnswers] = ContextVar("answers")


def allow(answers: WebAnswers) -> None:
    """From here on, addresses are read so."""
    _current.set(answers)


def current() -> WebAnswers:
    """Those of the run; where nobody has allowed anything, those of nobody."""
    return _current.get(None) or WebAnswers()


def address_of(url: str) -> WebAddress:
    """
    Raises:
        UsageError: it is no address of a table.
    """
    try:
        return WebAddress.of(url)
    except AddressError as error:
        raise UsageError(
            text("files.fault_of", path=shown(url), why=error.reason), hint=error.hint
        ) from error


def _system_context() -> ssl.SSLContext:
    """Trusts the usual authorities, or those of SSL_CERT_FILE.

    Raises:
        UsageError: that file is none of certificates.
    """
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one, too
        raise UsageError(text("web.no_authorities"), hint=text("web.name_authority")) from error


def _secret(word: str, environment: Mapping[str, str]) -> str:
    """
    Raises:
        UsageError: the variable is not set, or holds what no header may.
    """
    name = word.removeprefix(ENVIRONMENT)
    value = environment.get(name, "").strip()
    if not value:
        raise UsageError(text("web.not_set", variable=name), hint=text("web.set_variable"))
    if not (value.isascii() and value.isprintable()):
        raise UsageError(text("web.odd_secret", variable=name), hint=text("web.set_variable"))
    return value
