"""Pages of the sample company, and a browser that has no network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_AXE = find_spec("axe_playwright_python")
AXE = Path(_AXE.origin or "").with_name("axe.min.js") if _AXE else None
"""The checks of accessibility: axe-core, one file that a package of PyPI carries."""
SAMPLE = (
    "report", "-c", str(ROOT / "samples" / "crm-kpi.yaml"),
    "--every", "month", "--from", "2023-12-01", "--last", "13",
)  # fmt: skip

Opened = Callable[..., Any]
PageFile = Callable[..., Path]


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> PageFile:
    """page_file("--language", "vi"): the page of these words, which is made once."""
    made: dict[tuple[str, ...], Path] = {}

    def make(*more: str, words: tuple[str, ...] = SAMPLE) -> Path:
        if (*words, *more) not in made:
            path = tmp_path_factory.mktemp("pages") / "report.html"
            command = [sys.executable, "-m", "crm_kpi", *words, *more, "-q", "-o", str(path)]
            subprocess.run(command, check=True)
            made[*words, *more] = path
        return made[*words, *more]

    return make


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return CHROMIUM or pytest.skip("there is no chromium here")


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """opened(path, width=390, dark=True): the page, opened offline; `told` has what it said."""
    contexts = []

    def open_page(path: Path, width: int = 1280, *, dark: bool = False, **more: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            offline=True,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.told = []
        page.on("request", lambda request: page.told.append(request.url))
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("dialog", lambda dialog: (page.told.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
