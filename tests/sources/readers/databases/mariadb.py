"""A MariaDB server of the test session's own: in a folder that goes away, on loopback, with TLS."""

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
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "kpi_reader", "s3cret:/@ phrase"


@dataclass(frozen=True)
class MariaDb:
    port: int
    socket: Path
    authority: Path
    """The certificate of the authority that vouches for `127.0.0.1`."""


def missing() -> str | None:
    """Why no server can be started here; None if one can."""
    if _program("mariadbd") is None or _program("mariadb-install-db") is None:
        return "MariaDB is not installed (mariadbd, mariadb-install-db)"
    return None


@contextlib.contextmanager
def server() -> Iterator[MariaDb]:
    """A running server with root on its socket, and one user with a password who may only read."""
    import trustme

    folder = Path(tempfile.mkdtemp(prefix="crm-kpi-mariadb-"))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1", "db.test")
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    account = _account() if os.getuid() == 0 else None
    if account is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    as_user = [f"--user={account.pw_name}"] if account else []
    data, at = folder / "data", folder / "socket"
    found = MariaDb(_free_port(), at, folder / "ca.pem")
    try:
        subprocess.run(
            [str(_program("mariadb-install-db")), "--no-defaults", f"--datadir={data}", *as_user,
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True, cwd=folder, timeout=120,
        )  # fmt: skip
        options = [
            f"--datadir={data}", f"--socket={at}", f"--port={found.port}", *as_user,
            "--bind-address=127.0.0.1", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=16M", f"--pid-file={folder / 'pid'}", "--skip-name-resolve",
            f"--ssl-ca={folder / 'ca.pem'}", f"--ssl-cert={folder / 'cert.pem'}",
            f"--ssl-key={folder / 'key.pem'}",
        ]  # fmt: skip
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(_program("mariadbd")), "--no-defaults", *options],
                stdout=log, stderr=log, cwd=folder,
            )  # fmt: skip
            try:
                _wait(found, process)
                run(found, *_prepared())
                yield found
            finally:
                process.terminate()
                process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(server: MariaDb, *statements: str) -> None:
    """What the tests need to stand in the database."""
    import pymysql

    with contextlib.closing(
        pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True)
    ) as connection:
        for statement in statements:
            with contextlib.closing(connection.cursor()) as cursor:
                cursor.execute(statement)


def _prepared() -> Sequence[str]:
    return (
        "create database shop character set utf8mb4",
        f"create user '{USER}'@'%' identified by '{PASSWORD}'",
        f"grant select, execute, create temporary tables, insert on shop.* to '{USER}'@'%'",
        f"grant file on *.* to '{USER}'@'%'",
    )


def _program(name: str) -> Path | None:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def _account() -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("mysql")
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: MariaDb, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"MariaDB ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("MariaDB does not answer")
