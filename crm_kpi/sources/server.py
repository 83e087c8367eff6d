"""Where a database server is: its URL, read letter by letter, that of PostgreSQL as libpq does.

The grammar is narrower than libpq's, and what it lets through is written anew for libpq, part by
part: nothing in it can be read in two ways. A config may be somebody else's, so its URL says
where, never who and never with what: no password, no file of one, no other host behind the host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import quote, unquote

from crm_kpi.messages import Message, text

MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
PARAMETERS = (
    "application_name",
    "channel_binding",
    "connect_timeout",
    "service",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
)
"""What may stand behind the question mark."""
_PASSWORDS = ("password", "sslpassword")
_REFUSED = (
    *("dbname", "host", "hostaddr", "options", "passfile", "port", "require_auth"),
    *("servicefile", "sslcert", "sslkey", "sslcompression", "gssencmode", "user"),
)
"""Known to libpq, so that naming one gives nothing away."""
_URL = re.compile(
    r"(?P<scheme>[a-z]+)://"
    r"(?:(?P<user>[^/?#@;:,\[\]]*)@)?"
    r"(?P<hosts>[^/?#@;]*)"
    r"(?:/(?P<database>[^?#@;]*))?"
    r"(?:\?(?P<parameters>[^#@;]*))?"
)
_HOST = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+(?:%25[\w.-]+)?)\]|(?P<name>[^\[\]:]*))(?::(?P<port>[0-9]{1,5})?)?"
)
_WITH_PASSWORD = re.compile(r"[^/?#]*://[^/?#@]*:[^/?#]*@")
_HALF_ENCODED = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_SECONDS = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class UrlGrammar:
    """What the URL of a kind of server may hold."""

    schemes: tuple[str, ...]
    parameters: tuple[str, ...]
    modes: tuple[str, ...]
    """Of `sslmode`."""
    written: Callable[[], Message]
    """How such a URL is written, for an error."""
    several_hosts: bool = False


POSTGRESQL_URL = UrlGrammar(
    ("postgresql", "postgres"),
    PARAMETERS,
    MODES,
    lambda: text("sources.write_url"),
    several_hosts=True,
)
MYSQL_URL = UrlGrammar(
    ("mysql", "mariadb"),
    ("connect_timeout", "sslmode", "sslrootcert"),
    ("disable", "verify-ca", "verify-full"),
    lambda: text("sources.write_mysql"),
)
MSSQL_URL = UrlGrammar(
    ("mssql", "sqlserver"),
    ("connect_timeout", "sslmode", "sslrootcert"),
    ("verify-ca", "verify-full"),
    lambda: text("sources.write_mssql"),
)


class AddressError(ValueError):
    """A URL that is refused. Neither the reason nor the hint repeats any of it."""

    def __init__(self, reason: Message, hint: Message | None = None) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


@dataclass(frozen=True)
class Server:
    """The parts of a URL, decoded. A host that is not named is empty, and so is a port."""

    hosts: tuple[str, ...]
    ports: tuple[str, ...]
    database: str
    user: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, url: str, grammar: UrlGrammar = POSTGRESQL_URL) -> Server:
        """
        Raises:
            AddressError: it is no URL of such a server, or says what no config may say.
        """
        if _WITH_PASSWORD.match(url):
            raise _password()
        try:
            return cls._of(url, grammar)
        except _NoUrlError:
            raise AddressError(text("sources.no_url"), grammar.written()) from None

    @classmethod
    def _of(cls, url: str, grammar: UrlGrammar) -> Server:
        parts = _URL.fullmatch(url)
        if (
            parts is None
            or parts["scheme"] not in grammar.schemes
            or not url.isprintable()
            or re.search(r"[\s\\]", url)
        ):
            _no_url()
        hosts = [_HOST.fullmatch(host) or _no_url() for host in parts["hosts"].split(",")]
        ports = tuple(host["port"] or "" for host in hosts)
        if any(int(port or 1) not in range(1, 1 << 16) for port in ports):
            _no_url()
        names = tuple(_decoded(host["six"] or host["name"] or "") for host in hosts)
        if any("," in name for name in names):
            _no_url()
        if len(names) > 1 and not grammar.several_hosts:
            _no_url()
        parameters = _parameters(parts["parameters"], grammar)
        if "service" in parameters and (parts["hosts"] or parts["user"]):
            raise AddressError(text("sources.service_and_host"), text("sources.write_service"))
        database, user = _decoded(parts["database"] or ""), _decoded(parts["user"] or "")
        return cls(names, ports, database, user, parameters)

    def url(self, parameters: Mapping[str, str]) -> str:
        """The URL for libpq, with these parameters beside its own."""
        user = f"{_encoded(self.user)}@" if self.user else ""
        hosts = ",".join(
            _encoded(host) + (f":{port}" if port else "")
            for host, port in zip(self.hosts, self.ports, strict=True)
        )
        every = {**self.parameters, **parameters}
        options = "&".join(f"{name}={_encoded(value)}" for name, value in every.items())
        return f"postgresql://{user}{hosts}/{_encoded(self.database)}?{options}"


def _parameters(words: str | None, grammar: UrlGrammar) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for word in words.split("&") if words else ():
        name, equals, value = word.partition("=")
        name = _decoded(name)
        if name in _PASSWORDS:
            raise _password()
        if name not in grammar.parameters:
            reason = text("sources.unknown_parameter")
            if name in _REFUSED:
                reason = text("sources.refused_parameter", parameter=name)
            raise AddressError(reason, _known(grammar.parameters))
        if not equals or "=" in value or name in parameters:
            raise AddressError(text("sources.parameter_once", parameter=name))
        parameters[name] = _decoded(value)
    if parameters.get("sslmode", grammar.modes[0]) not in grammar.modes:
        raise AddressError(text("sources.unknown_sslmode"), _known(grammar.modes))
    if not _SECONDS.fullmatch(parameters.get("connect_timeout", "1")):
        raise AddressError(text("sources.connect_timeout"))
    return parameters


def _decoded(part: str) -> str:
    if _HALF_ENCODED.search(part):
        _no_url()
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError:
        _no_url()


def _encoded(part: str) -> str:
    return quote(part, safe="")


def _password() -> AddressError:
    return AddressError(text("sources.holds_password"), text("sources.take_password_out"))


class _NoUrlError(ValueError):
    """What cannot be taken apart."""


def _no_url() -> NoReturn:
    raise _NoUrlError from None


def _known(words: Sequence[str]) -> Message:
    return text("sources.known_are", words=", ".join(words))
