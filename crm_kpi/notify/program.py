"""A program that is told, once for each finding, as JSON on its standard input.

It is named on the command line and never in a config, which may come from a stranger. It gets
the rows of a list, with name and e-mail: it runs on this machine, for whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.notify.due import DueFinding
from crm_kpi.records import record
from crm_kpi.render.as_json import encode
from crm_kpi.render.speak import Speaker
from crm_kpi.results import SCHEMA_VERSION, Report

SECONDS = 60.0
"""That a program may take for one finding."""
_SAID = 400
"""Letters that are told of what a program said when it failed."""


def finding_json(due: DueFinding, recipient: str, report: Report, language: str) -> str:
    """One finding on one line: what the JSON of a report has of it, for whom, and its rows."""
    info = report.metrics[due.finding.metric]
    plain: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "recipient": recipient,
        "as_of": report.as_of,
        "title": Speaker(language).say(info.title),
        "unit": info.unit,
        **record(due.finding),
    }
    if due.rows is not None:
        plain["rows"] = due.rows
    return encode(plain)


def run(
    program: str, document: str, environment: Mapping[str, str], seconds: float = SECONDS
) -> Message | None:
    """Start the program and give it the document; why it failed, None where it did not.

    No shell reads its name. What it starts ends with it when its time is up.
    """
    try:
        process = subprocess.Popen(
            [program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        return text("notify.not_started", why=error.strerror or str(error))
    with process:
        try:
            said, _ = process.communicate(document.encode() + b"\n", timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return text("notify.too_slow", seconds=int(seconds))
        except BaseException:
            _end(process)
            raise
    if process.returncode == 0:
        return None
    last = said.decode("utf-8", "replace").strip()[-_SAID:]
    if last:
        return text("notify.failed_saying", code=process.returncode, said=last)
    return text("notify.failed", code=process.returncode)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program, and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
