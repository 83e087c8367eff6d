"""What stands for a SQL Server: as much of TDS, by its specification, as one login and a few
queries take, with its certificate. It keeps what it is told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

REPLY = 4
ON, NOT_SUPPORTED = 1, 2
COLLATION = bytes.fromhex("0904d00034")

Answer = Callable[[str], bytes]


def done(status: int = 0) -> bytes:
    return struct.pack("<BHHQ", 0xFD, status, 0, 0)


def error(number: int, severity: int, words: str) -> bytes:
    body = struct.pack("<iBB", number, 1, severity) + _long(words) + _short("db") + _short("")
    body += struct.pack("<i", 1)
    return b"\xaa" + struct.pack("<H", len(body)) + body + done(2)


def table(columns: Sequence[tuple[str, bytes]], *rows: Sequence[bytes], status: int = 0) -> bytes:
    """Each column with its type as it goes over the wire, and the rows with their values so."""
    head = struct.pack("<H", len(columns))
    for name, kind in columns:
        head += struct.pack("<IH", 0, 1) + kind + _short(name)
    return b"\x81" + head + b"".join(b"\xd1" + b"".join(row) for row in rows) + done(status)


def nvarchar(words: str | None) -> bytes:
    if words is None:
        return b"\xff\xff"
    data = words.encode("utf-16-le")
    return struct.pack("<H", len(data)) + data


NVARCHAR = b"\xe7" + struct.pack("<H", 8000) + COLLATION


def texts(names: Sequence[str], *rows: Sequence[str | None], status: int = 0) -> bytes:
    columns = [(name, NVARCHAR) for name in names]
    return table(columns, *([nvarchar(value) for value in row] for row in rows), status=status)


def route(host: str, port: int) -> bytes:
    place = struct.pack("<BH", 0, port) + struct.pack("<H", len(host)) + host.encode("utf-16-le")
    body = b"\x14" + struct.pack("<H", len(place)) + place + bytes(2)
    return b"\xe3" + struct.pack("<H", len(body)) + body


@dataclass
class SqlServer:
    """
    Args:
        answer: what it says to a query.
        login: what it says to a login instead of letting in, or before it.
        pause: seconds that it waits before each packet of an answer.
    """

    context: ssl.SSLContext | None
    answer: Answer
    login: bytes = b""
    pause: float = 0
    port: int = 0
    read_only: bool = False
    heard: bytes = b""
    """What went over the wire, as it went."""
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    """User, password and database of each."""
    queries: list[str] = field(default_factory=list)


@contextlib.contextmanager
def server(
    authority: Path | None,
    answer: Answer,
    login: bytes = b"",
    names: Sequence[str] = ("127.0.0.1",),
    pause: float = 0,
) -> Iterator[SqlServer]:
    """A server on loopback. What vouches for it is written to `authority`; None: it does not
    encrypt."""
    context = None
    if authority is not None:
        import trustme

        ca = trustme.CA()
        ca.cert_pem.write_to_path(str(authority))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(*names).configure_cert(context)
    found = SqlServer(context, answer, login, pause)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found.port = int(listening.getsockname()[1])
        threading.Thread(target=_serve, args=(found, listening), daemon=True).start()
        yield found


def _serve(server: SqlServer, listening: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            visitor, _ = listening.accept()
            with visitor, contextlib.suppress(OSError):
                visitor.settimeout(10)
                _Visit(server, visitor).run()


class _Visit:
    def __init__(self, server: SqlServer, visitor: socket.socket) -> None:
        self._server, self._visitor = server, visitor
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None

    def run(self) -> None:
        self._message()
        encryption = NOT_SUPPORTED if self._server.context is None else ON
        self._say(bytes((1, 0, 6, 0, 1, 255, encryption)))
        if self._server.context is not None:
            self._handshake(self._server.context)
        words = self._message()
        self._server.logins.append(_login(words))
        self._server.read_only = bool(words[26] & 0x20)
        acknowledged = struct.pack("<B", 1) + bytes.fromhex("74000004") + _short("stub") + bytes(4)
        welcome = b"\xad" + struct.pack("<H", len(acknowledged)) + acknowledged + done()
        database = b"\x01" + _short(self._server.logins[-1][2]) + _short("")
        welcome = b"\xe3" + struct.pack("<H", len(database)) + database + welcome
        refused = self._server.login.startswith(b"\xaa")
        self._say(self._server.login if refused else self._server.login + welcome)
        while not refused:
            words = self._message()
            query = words[int.from_bytes(words[:4], "little") :].decode("utf-16-le")
            self._server.queries.append(query)
            ours = query.startswith(("set transaction", "if @@trancount"))
            self._say(done() if ours else self._server.answer(query))

    def _handshake(self, context: ssl.SSLContext) -> None:
        tls = context.wrap_bio(self._in, self._out, server_side=True)
        while self._tls is None:
            try:
                tls.do_handshake()
                self._tls = tls
            except ssl.SSLWantReadError:
                self._flush_handshake()
                self._in.write(self._message())
        self._flush_handshake()

    def _flush_handshake(self) -> None:
        if words := self._out.read():
            self._visitor.sendall(struct.pack(">BBHHBB", 0x12, 1, len(words) + 8, 0, 0, 0) + words)

    def _message(self) -> bytes:
        body, last = b"", 0
        while not last:
            _, last, size = struct.unpack(">BBH", self._exactly(8)[:4])
            body += self._exactly(size - 8)
        return body

    def _say(self, words: bytes) -> None:
        parts = [words[at : at + 4088] for at in range(0, len(words), 4088)]
        for number, part in enumerate(parts, 1):
            time.sleep(self._server.pause)
            head = struct.pack(">BBHHBB", REPLY, number == len(parts), len(part) + 8, 0, 0, 0)
            if self._tls is None:
                self._visitor.sendall(head + part)
            else:
                self._tls.write(head + part)
                self._visitor.sendall(self._out.read())

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            some = self._some(size - len(data))
            if not some:
                raise ConnectionResetError
            data += some
        return data

    def _some(self, size: int) -> bytes:
        while True:
            if self._tls is not None:
                with contextlib.suppress(ssl.SSLWantReadError):
                    return self._tls.read(size)
            some = self._visitor.recv(size if self._tls is None else 1 << 16)
            self._server.heard += some
            if self._tls is None or not some:
                return some
            self._in.write(some)


def _login(words: bytes) -> tuple[str, str, str]:
    def at(place: int) -> bytes:
        start, letters = struct.unpack_from("<HH", words, place)
        return words[start : start + 2 * letters]

    veiled = bytes(each ^ 0xA5 for each in at(44))
    password = bytes((each >> 4) | (each << 4) & 0xF0 for each in veiled)
    user, database = at(40).decode("utf-16-le"), at(68).decode("utf-16-le")
    return user, password.decode("utf-16-le"), database


def _short(words: str) -> bytes:
    return bytes((len(words),)) + words.encode("utf-16-le")


def _long(words: str) -> bytes:
    return struct.pack("<H", len(words)) + words.encode("utf-16-le")
