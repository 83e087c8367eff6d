"""The encrypted channel to a SQL Server, by Python's own ssl.

python-tds encrypts by pyOpenSSL alone, and looks at names in its own way. So it gets this channel
in place of a socket, and is told that it need not encrypt: of its first words and the answer to
them, the one byte that settles the encryption is put right in passing. TDS wraps the handshake
into packets of its own; after it, all goes through TLS.
"""

from __future__ import annotations

import socket
import ssl
import time

_HEADER = 8
_PRELOGIN = 0x12
_ENCRYPTION, _END = 0x01, 0xFF
_ON, _NOT_SUPPORTED, _REQUIRED = 1, 2, 3
_MOST = 1 << 16
_MOMENT = 1e-3
"""Seconds; none would mean not to wait at all."""


class NoEncryptionError(Exception):
    """The server does not encrypt, so that the password could be read on the way."""


class TdsChannel:
    """Offers what python-tds wants of a socket."""

    def __init__(
        self, connection: socket.socket, context: ssl.SSLContext, host: str, patience: float
    ) -> None:
        self._connection = connection
        self.end_in(patience)
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # that is all TDS 7 can wrap
        self._tls = context.wrap_bio(self._received, self._to_send, server_hostname=host)
        self._encrypted = False
        self._answer = b""
        """To the first words, as far as it has not been taken."""

    def sendall(self, data: bytes | bytearray) -> None:
        if not self._encrypted:
            data = bytearray(data)
            data[_encryption(data)] = _ON
            self._connection.sendall(data)
            return
        sent = 0
        while sent < len(data):
            sent += self._tls.write(data[sent:])
        self._connection.sendall(self._to_send.read())

    def recv_into(self, buffer: memoryview, size: int) -> int:
        if not self._encrypted:
            self._answer = self._agreed()
        if self._answer:
            taken, self._answer = self._answer[:size], self._answer[size:]
            buffer[: len(taken)] = taken
            return len(taken)
        while True:
            try:
                data = self._tls.read(size)
                buffer[: len(data)] = data
                return len(data)
            except ssl.SSLWantReadError:
                data = self._recv(_MOST)
                if not data:
                    return 0
                self._received.write(data)

    def end_in(self, seconds: float) -> None:
        """Wait no longer than that for all that is still to come: a server that says a little now
        and then would outlast any limit of a single wait."""
        self._end = time.monotonic() + seconds

    def close(self) -> None:
        self._connection.close()

    def _agreed(self) -> bytes:
        """The server's answer, once the connection is encrypted."""
        answer = self._packet()
        at = _encryption(answer)
        if answer[at] not in (_ON, _REQUIRED):
            raise NoEncryptionError
        answer[at] = _NOT_SUPPORTED
        while not self._encrypted:
            try:
                self._tls.do_handshake()
                self._encrypted = True
            except ssl.SSLWantReadError:
                if words := self._to_send.read():
                    head = bytes((_PRELOGIN, 1)) + (_HEADER + len(words)).to_bytes(2) + bytes(4)
                    self._connection.sendall(head + words)
                self._received.write(self._packet()[_HEADER:])
        return bytes(answer)

    def _packet(self) -> bytearray:
        packet = self._exactly(_HEADER)
        return packet + self._exactly(int.from_bytes(packet[2:4]) - _HEADER)

    def _recv(self, most: int) -> bytes:
        self._connection.settimeout(max(self._end - time.monotonic(), _MOMENT))
        return self._connection.recv(most)

    def _exactly(self, size: int) -> bytearray:
        data = bytearray()
        while len(data) < size:
            some = self._recv(size - len(data))
            if not some:
                raise ConnectionResetError
            data += some
        return data


def _encryption(packet: bytes | bytearray) -> int:
    """Where in a packet of first words the byte of the encryption stands.

    Raises ConnectionError if it has none.
    """
    for at in range(_HEADER, len(packet) - 5, 5):
        if packet[at] == _END:
            break
        place = _HEADER + int.from_bytes(packet[at + 1 : at + 3])
        if packet[at] == _ENCRYPTION and place < len(packet):
            return place
    raise ConnectionAbortedError
