"""`crm-kpi demo DIR`: sample data of a fictional company, and a config for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from crm_kpi import demo
from crm_kpi.cli import language, notices
from crm_kpi.cli.options import DemoOptions
from crm_kpi.cli.output import make_folder, opened
from crm_kpi.errors import ExitCode, UsageError
from crm_kpi.messages import text


def run(options: DemoOptions) -> int:
    folder = options.folder
    taken = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    if taken:
        raise UsageError(
            text("cli.folder_not_empty", folder=folder, names=", ".join(taken[:5])),
            hint=text("cli.new_folder"),
        )
    written = demo.write(folder, options.customers, options.seed, _new, language.say)
    if not options.quiet:
        notices.info(text("cli.files_written", number=len(written), folder=folder))
        notices.info(text("cli.try_report", config=folder / "crm-kpi.yaml"))
    return ExitCode.OK


def _new(path: Path) -> AbstractContextManager[TextIO]:
    make_folder(path.parent, "demo")
    return opened(path, "demo")
