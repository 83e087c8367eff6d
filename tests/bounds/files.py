"""Files that a reader could choke on: each kind can be made as large as one likes.

`python -m tests.bounds.files` lets the program loose on all of them at 10 MiB, each within 20
seconds and 1 GiB.
"""

from __future__ import annotations

import gzip
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HEADER = b"customer_id,date,amount\n"
ROW = b"C1,2024-01-02,5\n"
LARGE = 10 << 20
SECONDS, BYTES = 20, 1 << 30

Make = Callable[[int], bytes]


def repeated(unit: bytes, head: bytes = HEADER, tail: bytes = b"") -> Make:
    return lambda size: head + unit * (size // len(unit)) + tail


def counted(form: str, head: bytes = HEADER) -> Make:
    length = len(form.format(10_000)) + 1
    return lambda size: head + "".join(form.format(i) for i in range(size // length)).encode()


def noise(letters: bytes, head: bytes = b"") -> Make:
    return lambda size: head + bytes(random.Random(1).choices(letters, k=size))


def packed(make: Make, times: int) -> Make:
    """A file that unpacks to so many times the size that is asked for."""
    return lambda size: gzip.compress(make(size * times), 9)


READ: dict[str, Make] = {
    "empty lines": repeated(b"\n"),
    "empty lines of CR": repeated(b"\r", b"customer_id,date,amount\r"),
    "empty lines of CRLF": repeated(b"\r\n", b"customer_id,date,amount\r\n"),
    "CR below LF": repeated(b"\r"),
    "one comma": repeated(b",\n"),
    "commas": repeated(b",,\n"),
    "blanks": repeated(b" \n"),
    "blanks between commas": repeated(b" , , \n"),
    "hard blanks": repeated("\u00a0\n".encode()),
    "quoted nothing": repeated(b'""\n'),
    "quoted nothings": repeated(b'"","",""\n'),
    "quoted line ends": repeated(b'"\n'),
    "commas in one line": repeated(b","),
    "a field of line ends": repeated(b"\n", HEADER + b'"', b'",2024-01-02,5\n'),
    "a field of marks": repeated(b'""', HEADER + b'"', b'",2024-01-02,5\n'),
    "a long field": repeated(b"x", HEADER + b'"', b'",2024-01-02,5\n'),
    "header again": repeated(HEADER),
    "header with BOM again": repeated(b"\xef\xbb\xbf" + HEADER),
    "equal rows": repeated(ROW),
    "dates that tell nothing": repeated(b"C1,1/1/2024,5\nC1,2/2/2024,5\n"),
    "escaped marks": repeated(b'"a\\"b",2024-01-02,5\n'),
}
"""What ends with an answer, in the long form perhaps with exit 3."""

REFUSED: dict[str, Make] = {
    "one letter": repeated(b"x\n"),
    "a long line": repeated(b"x"),
    "a long first line": repeated(b"x", b""),
    "a wide header": repeated(b"a,", b"", b"\n"),
    "bad rows": repeated(b"C1,x,y\n"),
    "bad dates": counted("C1,x{},5\n"),
    "bad amounts": counted("C1,2024-01-02,z{}\n"),
    "a long number": repeated(b"9", HEADER + b"C1,2024-01-02,", b"\n"),
    "a long grouped number": repeated(b"1,", HEADER + b'C1,2024-01-02,"', b'"\n'),
    "a long total": repeated(b" ", HEADER + ROW + b"Total ", b"x,,\n"),
    "marks on one letter": repeated("\u0300\u0323".encode(), HEADER + b"a", b",x,5\n"),
    "rows of more fields": repeated(b"C1,2024-01-02,5,6\n"),
    "totals": repeated(b"Total,,5\n"),
    "sep lines": repeated(b"sep=;\n", b""),
    "BOMs": repeated(b"\xef\xbb\xbf", b""),
    "BOM lines": repeated(b"\xef\xbb\xbf\n"),
    "titles": repeated(b"title here\n", b"", HEADER + ROW),
    "NULs": repeated(b"\0", b""),
    "any bytes": noise(bytes(range(256))),
    "marks and commas": noise(b'abc,"\n', HEADER),
    "a packed bomb": packed(repeated(ROW), 300),
}
"""What ends with exit 3."""


def run(data: bytes) -> tuple[int, float, int]:
    """The exit code of `revenue` over these bytes, and the seconds and bytes that it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        command = [sys.executable, "-m", "crm_kpi", "revenue", "-q", "--transactions", str(path)]
        start = time.monotonic()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS)),
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, time.monotonic() - start, used.ru_maxrss << 10


def main() -> int:
    bad = 0
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name, make in {**READ, **REFUSED}.items():
        code, seconds, size = run(make(LARGE))
        good = code in (0, 3) and seconds <= SECONDS and size <= BYTES
        bad += not good
        word = "ok " if good else "BAD"
        print(f"{word} {name}: exit {code}, {seconds:.1f} s, {size >> 20} MiB", flush=True)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
