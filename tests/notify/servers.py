"""Servers on loopback that answer as those of services do, on a good day and on a bad one."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("apprise")
trustme = pytest.importorskip("trustme")

Answer = int | str | tuple[int, dict[str, str]]
"""A status, with headers or without; `reset` or `hang`."""


@dataclass
class WebServer:
    """answers: one a request, then 200."""

    port: int
    secure: bool
    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, bytes]] = field(default_factory=list)

    def address(self, secret: str = "SECRET", **options: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in options.items())
        return f"{'jsons' if self.secure else 'json'}://localhost:{self.port}/{secret}?x=1{more}"

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.requests]


@contextlib.contextmanager
def web(context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.requests.append((self.path, body))
            answer: Answer = server.answers.pop(0) if server.answers else 200
            if answer == "hang":
                time.sleep(2)
                return
            if answer == "reset":
                self.connection.close()
                return
            status, headers = answer if isinstance(answer, tuple) else (int(answer), {})
            said = b'{"ok": true, "result": {"message_id": "1"}}'
            if "/services" in self.path:
                said = b"ok"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *words: object) -> None: ...

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *words: object) -> None: ...

    listening = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
    server = WebServer(listening.server_address[1], context is not None)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def certificate(*names: str) -> tuple[Any, ssl.SSLContext]:
    """An authority, and what a server of these names needs."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return authority, context


@dataclass
class MailServer:
    """refusals: what is answered to a recipient, one a try; then accepted."""

    port: int
    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def address(self, *to: str, mode: str = "insecure") -> str:
        return (
            f"mailto://localhost:{self.port}/?from=kpi@example.com&to={','.join(to)}"
            f"&mode={mode}&user=&pass="
        )


@contextlib.contextmanager
def mail() -> Iterator[MailServer]:
    smtpd = pytest.importorskip("aiosmtpd.controller")

    class Handler:
        async def handle_RCPT(  # noqa: N802
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            if found.refusals:
                return found.refusals.pop(0)
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            found.mails.append(envelope.content)
            found.recipients.extend(envelope.rcpt_tos)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = MailServer(free.getsockname()[1])
    controller = smtpd.Controller(Handler(), hostname="127.0.0.1", port=found.port)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()
