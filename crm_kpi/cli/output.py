"""Where the answer goes: stdout, or a file that is whole or not there."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from crm_kpi.cli import signals
from crm_kpi.errors import OutputError, UsageError


def refuse_inputs(output: Path | None, inputs: Iterable[str | Path]) -> None:
    """An output that is an input or the config would destroy what it reads."""
    if output is None or not output.exists():
        return
    for source in inputs:
        path = Path(source)
        if path.exists() and path.samefile(output):
            raise UsageError(
                f"-o {output}: this file is an input of the same run",
                hint="choose another name for the output",
            )


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """stdout, or a temporary file beside `output` that takes its place when all is written.

    Raises:
        OutputError: the file cannot be written; the old one is untouched.
    """
    try:
        if output is None:
            yield sys.stdout
            sys.stdout.flush()
            return
        target = output.resolve()
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            if target.is_dir():
                raise IsADirectoryError(f"{output} is a folder")
            with target.open("w", encoding="utf-8", newline="") as stream:  # a pipe or a device
                yield stream
            return
        with _replacing(target) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        if output is None:
            raise OutputError(f"the answer cannot be written to stdout: {reason}") from error
        hint = (
            f"create the folder first: mkdir -p {output.parent}"
            if not output.parent.exists()
            else "check the name, the rights and the space on the disk"
        )
        raise OutputError(f"-o {output} cannot be written: {reason}", hint=hint) from error


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    temporary = Path(name)
    signals.temporary.add(temporary)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        else:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        signals.temporary.discard(temporary)
