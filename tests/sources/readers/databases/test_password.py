"""To which servers the environment's password goes, and what a URL of a database may say."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.sources.query import Query, fault
from crm_kpi.sources.readers.databases.database import read
from crm_kpi.sources.server import Server

SECRET = "the-password-of-the-environment"
VARIABLES = (
    *("PGHOST", "PGHOSTADDR", "PGPORT", "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSERVICEFILE"),
    *("PGSSLMODE", "PGREQUIREAUTH", "PGUSER", "PGOPTIONS", "PGCONNECT_TIMEOUT"),
)


class Greedy:
    """A server that asks whoever comes for the password in clear text, and keeps what it gets."""

    def __init__(self, listening: socket.socket) -> None:
        self.port = int(listening.getsockname()[1])
        self.heard = b""
        self._socket = listening
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self._socket.accept()
                with visitor, contextlib.suppress(OSError):
                    visitor.settimeout(10)
                    while len(asked := visitor.recv(4096)) == 8:  # for encryption
                        visitor.sendall(b"N")
                    self.heard += asked
                    visitor.sendall(b"R" + struct.pack(">II", 8, 3))
                    self.heard += visitor.recv(4096)


@pytest.fixture
def greedy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Greedy]:
    pytest.importorskip("adbc_driver_postgresql")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGUSER", "me")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Greedy(listening)


def ask(database: str) -> CrmKpiError:
    with pytest.raises(CrmKpiError) as caught:
        read(Query(database, "select 1"))
    assert SECRET not in f"{caught.value.message} {caught.value.hint}"
    return caught.value


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("127.0.0.1", {}),
        ("127.0.0.1", {"PGHOST": ""}),
        ("127.0.0.1", {"PGHOST": "db.example"}),
        ("127.0.0.1", {"PGHOST": "localhost"}),
        ("127.0.0.1", {"PGHOST": "127.0.0.1", "PGPORT": "5432"}),
        ("%3127.0.0.1", {}),
        ("%31%32%37.0.0.1", {"PGHOST": "db.example"}),
        ("localhost", {"PGHOST": "127.0.0.1"}),
        ("[::ffff:127.0.0.1]", {"PGHOST": "db.example"}),
        ("me@127.0.0.1", {}),
        ("db.example:1,127.0.0.1", {"PGHOST": "db.example"}),
    ],
)
def test_a_password_goes_to_no_host_that_only_the_url_names(
    greedy: Greedy, monkeypatch: pytest.MonkeyPatch, host: str, named: dict[str, str]
) -> None:
    for name, value in {"PGPASSWORD": SECRET, **named}.items():
        monkeypatch.setenv(name, value)
    error = ask(f"postgresql://{host}:{greedy.port}/shop?connect_timeout=2")
    assert error.code == 2
    assert "the password of the environment is not sent" in error.message
    assert greedy.heard == b""


def test_a_password_of_a_service_stays_with_its_host(
    greedy: Greedy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.write_text(f"[shop]\nhost=db.example\npassword={SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "shop")
    assert ask(f"postgresql://127.0.0.1:{greedy.port}/shop").code == 2
    monkeypatch.delenv("PGSERVICE")
    assert fault(f"postgresql://127.0.0.1:{greedy.port}/shop?service=shop") is not None
    assert fault(f"postgresql://:{greedy.port}/shop?service=shop") is not None
    assert fault("postgresql:///shop?service=shop") is None
    assert greedy.heard == b""


def test_no_password_is_sent_in_clear_text(
    greedy: Greedy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"postgresql://127.0.0.1:{greedy.port}/shop"
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"*:*:*:*:{SECRET}\n", encoding="utf-8")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    for more in ("", "?sslmode=disable", "?sslmode=prefer"):
        error = ask(url + more)
        assert (error.code, "in clear text" in error.message) == (3, True)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    assert "in clear text" in ask(url).message
    assert b"me\0" in greedy.heard  # it was asked, though
    assert SECRET.encode() not in greedy.heard


def test_who_lets_it_be_sent_in_clear_text_sends_it(
    greedy: Greedy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("PGPASSWORD", SECRET),
        ("PGHOST", "127.0.0.1"),
        ("PGREQUIREAUTH", "password"),
    ):
        monkeypatch.setenv(name, value)
    ask(f"postgresql://127.0.0.1:{greedy.port}/shop")
    assert SECRET.encode() in greedy.heard


def test_a_url_does_not_weaken_what_the_environment_asks(
    greedy: Greedy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    error = ask(f"postgresql://127.0.0.1:{greedy.port}/shop?sslmode=disable")
    assert isinstance(error, UsageError)
    assert "PGSSLMODE" in error.message
    assert isinstance(ask(f"postgresql://127.0.0.1:{greedy.port}/shop"), DataError)
    assert greedy.heard == b""


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("passw%6Frd=SECRET", "holds a password"),
        ("%70%61ssword=SECRET", "holds a password"),
        ("sslmode=require&sslpassword=SECRET", "holds a password"),
        ("passfile=SECRET", "holds the parameter passfile"),
        ("host=SECRET", "holds the parameter host"),
        ("host%61ddr=SECRET", "holds the parameter hostaddr"),
        ("sslkey=SECRET", "holds the parameter sslkey"),
        ("options=-cSECRET", "holds the parameter options"),
        ("user=SECRET", "holds the parameter user"),
        ("require_auth=password", "holds the parameter require_auth"),
        ("SECRET", "holds a parameter that is not known"),
        ("SECRET=SECRET", "holds a parameter that is not known"),
        ("PassWord=SECRET", "holds a parameter that is not known"),
        ("=SECRET", "holds a parameter that is not known"),
        ("&SECRET", "holds a parameter that is not known"),
        ("%2570assword=SECRET", "holds a parameter that is not known"),
        ("sslmode", "should hold sslmode=VALUE, once"),
        ("sslmode=require&sslmode=disable", "should hold sslmode=VALUE, once"),
        ("sslmode=require=SECRET", "should hold sslmode=VALUE, once"),
        ("sslmode=SECRET", "holds an unknown sslmode"),
        ("connect_timeout=0", "holds a connect_timeout that is not 1 to 999 seconds"),
        ("sslmode=require%00", "is no URL"),
        ("application_name=%zz", "is no URL"),
        ("application_name=a#SECRET", "is no URL"),
        ("application_name=a;SECRET", "is no URL"),
        ("application_name=a@SECRET", "is no URL"),
        ("application_name=a SECRET", "is no URL"),
    ],
)
def test_parameters_that_no_url_may_have(parameters: str, reason: str) -> None:
    for url in (f"postgresql://h/d?{parameters}", f"postgres://me@h:5433?{parameters}"):
        found = fault(url)
        assert found is not None
        assert found[0] == reason
        assert "SECRET" not in str(found)


@pytest.mark.parametrize(
    "url",
    [
        *("postgresql://h\\@evil/d", "postgresql://h/d\n", "postgresql://h%2Cevil/d"),
        *("POSTGRESQL://h/d", " postgresql://h/d", "postgresql:/h/d", "postgresql://h:0/d"),
        *("postgresql://h:65536/d", "postgresql://h:٥/d", "postgresql://a@b@c/d"),
        *("postgresql://h/d;a", "postgresql://h/d#a", "postgresql://h/d@e", "postgresql://[h]/d"),
        *("sqlite:///a.db?mode=rw", "sqlite:///a.db#x", "sqlite:///a.db;x", "sqlite:///a\x00b"),
    ],
)
def test_urls_that_can_be_read_in_two_ways_are_refused(url: str) -> None:
    assert fault(url) is not None


def test_a_url_is_written_anew_part_by_part() -> None:
    server = Server.of(
        "postgres://m%65@h,[::1]:5433/my%20shop?application_name=a%26b&sslmode=require"
    )
    assert (server.user, server.hosts, server.ports) == ("me", ("h", "::1"), ("", "5433"))
    assert server.url({"require_auth": "!password"}) == (
        "postgresql://me@h,%3A%3A1:5433/my%20shop"
        "?application_name=a%26b&sslmode=require&require_auth=%21password"
    )
    assert Server.of("postgresql:///d").hosts == ("",)
    assert Server.of("postgresql://%2Frun%2Fpg/d").hosts == ("/run/pg",)
