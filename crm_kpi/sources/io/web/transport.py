"""Connections to the addresses that were checked, and to no others.

A name is resolved once: each of its addresses is checked, and one of these is connected to, while
the certificate and the Host header stay those of the name. No proxy of the environment comes
between, no cookie is kept, and no read waits longer than what is left of the time.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.web.deadline import Deadline
from crm_kpi.sources.io.web.net_permit import NetPermit
from crm_kpi.sources.io.web.web_address import IpAddress, WebAddress

Resolve = Callable[[str, int], Sequence[str]]
"""The IP addresses of a host. Raises OSError."""

ASKED = "crm_kpi"
"""The extension of a request that says what is asked: an address, and headers that are secret."""
_TO_CONNECT = 10.0
"""Seconds, of each address that a host has."""


def resolve(host: str, port: int) -> Sequence[str]:
    """As the system does."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [*dict.fromkeys(str(address[0]) for *_, address in found)]


class PinnedTransport(httpx.BaseTransport):
    """Sends the request that its `ASKED` extension names. What it is called in the request itself
    is for whoever keeps answers, and holds no secret."""

    def __init__(
        self, permit: NetPermit, deadline: Deadline, context: ssl.SSLContext, resolve: Resolve
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            network_backend=_CheckedBackend(permit, deadline, resolve),
            max_keepalive_connections=0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        address, secrets = request.extensions[ASKED]
        assert isinstance(address, WebAddress)
        shown = [(k, v) for k, v in request.headers.raw if k.lower() != b"host"]
        hidden = [(name.encode(), value.encode()) for name, value in secrets.items()]
        answer = self._pool.handle_request(
            httpcore.Request(
                "GET",
                httpcore.URL(
                    scheme=b"https",
                    host=address.host.encode(),
                    port=address.port,
                    target=address.target.encode(),
                ),
                headers=[(b"Host", address.authority.encode()), *shown, *hidden],
            )
        )
        names = {name.lower() for name, _ in answer.headers}
        if answer.status == 200 and not names & {b"content-length", b"transfer-encoding"}:
            answer.close()  # it could break off anywhere, and nobody would know
            raise DataError(text("web.open_ended", path=address.shown))
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, permit: NetPermit, deadline: Deadline, resolve: Resolve) -> None:
        self._permit, self._deadline, self._resolve = permit, deadline, resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        refused: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for ip in self._checked(host, port):
            wait = min(self._deadline.left(), _TO_CONNECT)
            try:
                stream = httpcore.SyncBackend().connect_tcp(str(ip), port, wait)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
        raise refused or httpcore.ConnectError

    def _checked(self, host: str, port: int) -> list[IpAddress]:
        """The addresses of a host, if every one of them may be connected to.

        Raises:
            UsageError: one may not.
            OSError: there are none.
        """
        names = self._deadline.within(lambda: self._resolve(host, port))
        found = [ip_address(name.partition("%")[0]) for name in names]
        if not found:
            raise OSError
        for ip in found:
            self._permit.check_ip(host, ip)
        return found


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each step ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
