"""A query to a database as a source: where the database is, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from crm_kpi.addresses import hide, shown
from crm_kpi.messages import Message, text
from crm_kpi.sources.server import MSSQL_URL, MYSQL_URL, POSTGRESQL_URL, AddressError, Server

SQLITE, POSTGRESQL, MYSQL, MSSQL = "sqlite", "postgresql", "mysql", "mssql"
_SERVERS = {POSTGRESQL: POSTGRESQL_URL, MYSQL: MYSQL_URL, MSSQL: MSSQL_URL}
_SCHEMES = {SQLITE: SQLITE} | {
    scheme: kind for kind, grammar in _SERVERS.items() for scheme in grammar.schemes
}
_SHOWN = 200
"""Characters of a query in messages."""


@dataclass(frozen=True)
class Query:
    """`database` is a URL without password: `postgresql://host:5432/shop`, `mysql://host/shop`,
    `mssql://host/shop`, `sqlite:///shop.db` (a path from the working directory; with a fourth
    slash, from the root)."""

    database: str
    sql: str

    @property
    def kind(self) -> str | None:
        """Which database it is; None for one that cannot be read."""
        return _SCHEMES.get(self.database.partition("://")[0])

    @property
    def file(self) -> str | None:
        """The path of a database that is one file."""
        if self.kind != SQLITE:
            return None
        return self.database.partition("://")[2].partition("/")[2]

    def within(self, folder: Path | None) -> Query:
        """The same, with a relative path seen from the working directory instead of `folder`."""
        if folder is None or self.file is None:
            return self
        return replace(self, database=f"{SQLITE}:///{folder / self.file}")

    @property
    def name(self) -> str:
        """What stands for a path in messages and accounts: neither user nor options."""
        sql = " ".join(hide(self.sql).split()).rstrip("; ")
        start = sql if len(sql) <= _SHOWN else f"{sql[: _SHOWN - 1]}…"
        return f"{shown(self.database)}: {start}"


def fault(database: str) -> tuple[Message, Message | None] | None:
    """What is wrong with the URL of a database, and what to do; never the URL itself, which may
    hold a password."""
    scheme, colon, rest = database.partition("://")
    kind = _SCHEMES.get(scheme) if colon else None
    if kind is None:
        return text("sources.other_scheme"), None
    if kind == SQLITE:
        return _file_fault(rest)
    try:
        Server.of(database, _SERVERS[kind])
    except AddressError as error:
        return error.reason, error.hint
    return None


def _file_fault(rest: str) -> tuple[Message, Message | None] | None:
    if len(rest) < 2 or not rest.startswith("/"):
        return text("sources.no_file_named"), text("sources.write_sqlite")
    if set(rest) & {"?", "#", ";"} or min(rest) < " ":
        return text("sources.file_with_options"), text("sources.name_file_alone")
    return None
