"""The page, printed: by a browser, which lays it out as it does on paper."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import TextIO

from crm_kpi import tempfiles
from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.render import as_html
from crm_kpi.render.outline import About
from crm_kpi.results import Report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 60
_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--no-pdf-header-footer",
)  # fmt: skip


def write(
    report: Report, stream: TextIO, about: Mapping[str, About], *, language: str = "en"
) -> None:
    """
    Raises:
        UsageError: there is no such browser here, or it does not print.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise UsageError(text("pictures.no_browser"), hint=text("pictures.print_the_page"))
    with tempfiles.folder() as folder:
        page, printed = folder / "report.html", folder / "report.pdf"
        page.write_text(as_html.page(report, about, language), "utf-8")
        profile = f"--user-data-dir={folder / 'profile'}"
        # A browser that the system's owner runs has no sandbox; the page runs no script of others.
        unboxed = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        command = [browser, *_FLAGS, *unboxed, profile, f"--print-to-pdf={printed}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
            content = printed.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(
                text("pictures.not_printed", browser=browser), hint=text("pictures.print_the_page")
            ) from error
    stream.flush()
    stream.buffer.write(content)
