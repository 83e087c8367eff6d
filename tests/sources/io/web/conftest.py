"""A server, and what asks it: its names lead to loopback, which is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from crm_kpi.sources.io.web.net_permit import NetPermit
from crm_kpi.sources.io.web.web_answers import WebAnswers

from .tls_server import Server, running

MakeAnswers = Callable[..., WebAnswers]


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def answers(server: Server) -> MakeAnswers:
    """Hosts of the server, each with its port and allowed at 127.0.0.1."""

    def make(
        *hosts: str,
        size: int = 1 << 20,
        seconds: int = 10,
        names: dict[str, Sequence[str]] | None = None,
        folder: Path | None = None,
        private: tuple[str, ...] = ("127.0.0.1",),
    ) -> WebAnswers:
        words = [f"{host}:{server.port}" for host in hosts or ("sheets.test",)]
        permit = NetPermit.of([*words, *private], size, seconds)

        def resolve(host: str, port: int) -> Sequence[str]:
            return (names or {}).get(host, ["127.0.0.1"])

        return WebAnswers(lambda: permit, folder, server.context(), resolve)

    return make
