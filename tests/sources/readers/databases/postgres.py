"""A PostgreSQL server of the test session's own: in a folder that goes away, on loopback."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

USER, PASSWORD = "kpi_reader", "s3cret:/@ phrase"
_PLACES = ("/usr/local/bin", "/usr/lib/postgresql/*/bin", "/opt/homebrew/bin")


def missing() -> str | None:
    """Why no server can be started here; None if one can."""
    if _program("initdb") is None or _program("postgres") is None:
        return "PostgreSQL is not installed (initdb, postgres)"
    if os.getuid() == 0 and (_account() is None or shutil.which("setpriv") is None):
        return "PostgreSQL does not run as root, and there is no other user to run it"
    return None


@contextlib.contextmanager
def server() -> Iterator[int]:
    """A running server with one user, who has a password. Gives its port."""
    folder = Path(tempfile.mkdtemp(prefix="crm-kpi-postgres-"))
    audit = _account() if os.getuid() == 0 else None
    if audit is not None:
        os.chown(folder, audit.pw_uid, audit.pw_gid)
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    data = folder / "data"
    try:
        subprocess.run(
            [*_as(audit), str(_program("initdb")), "-D", str(data), "-U", USER, "-E", "UTF8",
             "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"],
            check=True, capture_output=True, cwd=folder, timeout=60,
        )  # fmt: skip
        port = _free_port()
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "fsync": "off",
            "unix_socket_directories": "", "lc_monetary": "C",
        }  # fmt: skip
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        log = (folder / "log").open("wb")
        process = subprocess.Popen(
            [*_as(audit), str(_program("postgres")), "-D", str(data), *words],
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)
            log.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(port: int, *statements: str) -> None:
    """What the tests need to stand in the database."""
    from adbc_driver_postgresql import dbapi

    with contextlib.closing(dbapi.connect(f"postgresql://127.0.0.1:{port}/postgres")) as connection:
        for statement in statements:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(statement)
        connection.commit()


def _program(name: str) -> Path | None:
    found = shutil.which(name)
    places = [Path("/").glob(f"{place[1:]}/{name}") for place in _PLACES]
    return Path(found) if found else next((path for place in places for path in place), None)


def _account() -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return None


def _as(audit: pwd.struct_passwd | None) -> Sequence[str]:
    if audit is None:
        return ()
    ids = [f"--reuid={audit.pw_uid}", f"--regid={audit.pw_gid}", "--clear-groups"]
    return ("setpriv", *ids)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    from adbc_driver_manager import Error
    from adbc_driver_postgresql import dbapi

    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with {process.returncode}")
        try:
            dbapi.connect(f"postgresql://127.0.0.1:{port}/postgres").close()
        except Error:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL does not answer")
