"""A query to a database as a source: where the database is, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_SCHEMES = {SQLITE: SQLITE, POSTGRESQL: POSTGRESQL, "postgres": POSTGRESQL}
_SECRET = ("password", "sslpassword")
_SHOWN = 200
"""Characters of a query in messages."""


@dataclass(frozen=True)
class Query:
    """`database` is a URL without password: `postgresql://host:5432/shop`, `sqlite:///shop.db`
    (a path from the working directory; with a fourth slash, from the root)."""

    database: str
    sql: str

    @property
    def kind(self) -> str | None:
        """Which database it is; None for one that cannot be read."""
        return _SCHEMES.get(urlsplit(self.database).scheme)

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
        url = urlsplit(self.database)
        host = url.netloc.rpartition("@")[2]
        sql = " ".join(self.sql.split()).rstrip("; ")
        shown = sql if len(sql) <= _SHOWN else f"{sql[: _SHOWN - 1]}…"
        return f"{url.scheme}://{host}{url.path}: {shown}"


def fault(database: str) -> tuple[str, str | None] | None:
    """What is wrong with the URL of a database, and what to do; never the URL itself, which may
    hold a password."""
    try:
        url = urlsplit(database)
        password = url.password
        _ = url.port
    except ValueError:
        return "is no URL", "write postgresql://HOST/DATABASE or sqlite:///PATH"
    if password is not None or any(key in _SECRET for key, _ in parse_qsl(url.query)):
        return (
            "holds a password",
            "take it out: PGPASSWORD in the environment or a password file (PGPASSFILE) gives it",
        )
    kind = _SCHEMES.get(url.scheme)
    if kind is None:
        return "should begin with postgresql:// or sqlite:///", None
    if kind == SQLITE and (url.netloc or len(url.path) < 2):
        return "should name a file", "write sqlite:///PATH, with a fourth slash for /PATH"
    return None
