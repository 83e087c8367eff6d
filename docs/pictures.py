"""Takes the pictures of README from the samples: python docs/pictures.py [--check]

    docs/pictures/page.png, page-dark.png   the top of the page, by Playwright and chromium
    docs/pictures/screen.svg                the overview on a terminal
    docs/pictures/headline.png              what -o report.png writes

With --check nothing is written; the exit code is 1 when the screen shows something else by now.
A browser draws letters by a point or so otherwise on every machine, so that pages are not compared.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
WHAT = ("report", "-c", "config.example.yaml", "--every", "month", "--from", "2023-12-01",
        "--last", "13", "-q")  # fmt: skip
COLUMNS = 104
MOST_LINES = 44
WIDE, TALL = 1280, 860
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>crm-kpi report</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px
}}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def crm_kpi(*more: str) -> bytes:
    """What the program answers on such a terminal."""
    told = os.environ | {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    told |= {"CRM_KPI_LANGUAGE": "en", "PYTHONUTF8": "1"}
    told.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "crm_kpi", *WHAT, *more]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=told, cwd=ROOT).stdout


def screen() -> str:
    """The overview as SVG, in the colours that a terminal shows."""
    lines = crm_kpi("-f", "overview").decode().splitlines()[:MOST_LINES]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    console.print(Text("$ crm-kpi report", "bold"))
    console.print(Text.from_ansi("\n".join(lines)), no_wrap=True, crop=False)
    return console.export_svg(title="crm-kpi report", code_format=FRAME, unique_id="screen")


def words(svg: str) -> list[str]:
    """What is read on a picture of a screen."""
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).replace("\xa0", " ").rstrip() for text in texts]


def pages() -> None:
    """The top of the page in both themes."""
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder, "report.html")
        crm_kpi("-o", str(path))
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, scheme in (("page", "light"), ("page-dark", "dark")):
            page = opened.new_page(viewport={"width": WIDE, "height": TALL}, color_scheme=scheme)
            page.goto(path.as_uri())
            page.screenshot(path=FOLDER / f"{name}.png")
        opened.close()


def main(arguments: list[str]) -> int:
    path, now = FOLDER / "screen.svg", screen()
    if "--check" in arguments:
        stale = words(path.read_text("utf-8")) != words(now)
        print("stale: docs/pictures" if stale else "the pictures show what is shown today")
        return int(stale)
    FOLDER.mkdir(exist_ok=True)
    path.write_text(now, "utf-8")
    crm_kpi("-o", str(FOLDER / "headline.png"))
    pages()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
