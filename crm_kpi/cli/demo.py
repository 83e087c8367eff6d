"""`crm-kpi demo DIR`: sample data of a fictional company, and a config for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from crm_kpi import demo
from crm_kpi.cli import notices
from crm_kpi.cli.options import DemoOptions
from crm_kpi.cli.output import make_folder, opened
from crm_kpi.errors import ExitCode, UsageError


def run(options: DemoOptions) -> int:
    folder = options.folder
    taken = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    if taken:
        raise UsageError(
            f"{folder} is not empty: {', '.join(taken[:5])}",
            hint="choose a new folder; nothing of yours is overwritten",
        )
    written = demo.write(folder, options.customers, options.seed, _new)
    if not options.quiet:
        notices.info(f"{len(written)} files in {folder}")
        notices.info(f"try: crm-kpi report -c {folder / 'crm-kpi.yaml'}")
    return ExitCode.OK


def _new(path: Path) -> AbstractContextManager[TextIO]:
    make_folder(path.parent, "demo")
    return opened(path, "demo")
