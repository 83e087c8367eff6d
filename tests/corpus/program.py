"""The program behind its exception boundary, without the cost of a process for each file."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from typer.main import get_command

from crm_kpi.cli import process

_COMMAND = cache(get_command)
"""To make the command line with all its options takes longer than most cases."""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def crm_kpi(*words: str | Path, stdin: bytes = b"") -> Outcome:
    """Run one command line in the working directory."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["crm-kpi", *map(str, words)]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        _stream("stdout", out),
        _stream("stderr", err),
        patch("crm_kpi.cli.app.get_command", _COMMAND),
    ):
        code = process.code_of()
    return Outcome(int(code), out.getvalue(), err.getvalue())


@contextmanager
def _stream(name: str, stream: Any) -> Iterator[None]:
    with patch.object(sys, name, stream):
        yield
