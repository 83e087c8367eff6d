"""A server on loopback that speaks TLS under whatever name, and what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

NAMES = ("sheets.test", "other.test", "a.b.test", "localhost", "127.0.0.1")
Route = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """`routes`: what is answered to a path, without its query."""

    port: int
    authority: trustme.CA
    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The URL and the headers of each request, their names in small letters."""

    def url(self, path: str, host: str = "sheets.test") -> str:
        return f"https://{host}:{self.port}{path}"

    def context(self) -> ssl.SSLContext:
        """That of who trusts its authority, and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context

    def trust_file(self, folder: Path) -> str:
        path = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(path))
        return str(path)

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Always this; the names of headers have _ for -."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            send(request, body, status, **headers)

        self.routes[path] = answer

    def send_on(self, path: str, to: str, status: int = 302) -> None:
        self.serve(path, b"", status, Location=to)


def send(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
        request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def running(names: tuple[str, ...] = NAMES) -> Iterator[Server]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"]
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append((f"https://{host}{self.path}", headers))
            with suppress(OSError):  # nobody listens any longer
                server.routes[self.path.partition("?")[0]](self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A handshake that failed is what some tests are about."""

    listener = Quiet(("127.0.0.1", 0), Handler)
    listener.socket = context.wrap_socket(
        listener.socket, server_side=True, do_handshake_on_connect=False
    )
    server = Server(listener.server_port, authority)
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
