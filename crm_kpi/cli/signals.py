"""Ctrl-C and SIGTERM end the process at once, also while native code computes.

Python runs its own signal handlers only between byte codes, which may be
seconds away while polars works. The byte that the interpreter writes to the
wake-up descriptor arrives at once; a thread waits for it, removes what is half
written, and ends the process.
"""

from __future__ import annotations

import os
import signal
import socket
import threading

from crm_kpi import tempfiles
from crm_kpi.errors import ExitCode

CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def watch() -> None:
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in CODES:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, lambda *_: None)
    threading.Thread(target=_wait, args=(reader, writer), daemon=True).start()


def _wait(reader: socket.socket, writer: socket.socket) -> None:
    while True:
        for byte in reader.recv(1):
            if byte in CODES:
                end(CODES[signal.Signals(byte)])


def end(code: ExitCode) -> None:
    """End the process without what is half written."""
    tempfiles.remove_all()
    os._exit(code)
