"""`python -m tests.recipes`: the recipes of CONTRIBUTING.md, done as they are written.

Each is followed in a copy of the repository. A block that names a file is that file; one that is
called `diff` shows lines of a file, and with a plus those that come between them; `sh` is run.
What is left must pass the linter and have its pages. What is named must be there: words of the
glossary in the code, and paths.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECIPES = ("Add a KPI", "Add a column")
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AFTERWARDS = """
ruff check .
ruff format --check .
python docs/generate.py --check
"""


def section(title: str) -> str:
    """The text below a heading of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.split(r"^## ", text.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def files() -> list[str]:
    """All files that are or may be committed."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [name for name in names.rstrip("\0").split("\0") if (ROOT / name).is_file()]


def copy(folder: Path) -> None:
    for name in files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def write(path: Path, text: str) -> None:
    if path.exists():
        sys.exit(f"{path.name} is there already: the recipe needs another example")
    path.write_text(text, encoding="utf-8")


def insert(path: Path, shown: str) -> None:
    lines = shown.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        sys.exit(f"{path.name} has these lines {text.count(before)} times, not once:\n{before}")
    path.write_text(text.replace(before, "".join(line[1:] for line in lines)), encoding="utf-8")


def run(folder: Path, commands: str) -> None:
    """Run commands in the copy, whose modules come before those that are installed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(folder)}
    done = subprocess.run(["bash", "-exc", commands], cwd=folder, env=environment, check=False)
    if done.returncode:
        sys.exit("what is written in CONTRIBUTING.md does not work")


def follow(recipe: str) -> None:
    blocks = BLOCK.findall(section(recipe))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        copy(folder)
        run(folder, f"python -c 'import crm_kpi; assert \"{folder}\" in crm_kpi.__file__'")
        for language, place, text in blocks:
            if language == "sh":
                run(folder, text)
            else:
                (insert if language == "diff" else write)(folder / place, text)
        run(folder, AFTERWARDS)
    print(f"== {recipe}: {len(blocks)} blocks, as written")


def unknown_names() -> list[str]:
    """Names of the glossary that the code has not got, and paths that are not there."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("crm_kpi/**/*.py"))
    names = re.findall(r"`(\w+)`", section("Glossary"))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    there = "".join(f"/{name}\n" for name in files())
    # Capitals stand for any name.
    paths = re.findall(r"`([a-z_/]+(?:\.[a-z]+|/))`", text)
    return [
        *(name for name in names if not re.search(rf"\b{name}\b", code)),
        *(path for path in paths if f"/{path}" not in there),
    ]


def main() -> None:
    lacking = unknown_names()
    if lacking:
        sys.exit(f"CONTRIBUTING.md names what is not there: {', '.join(lacking)}")
    for recipe in RECIPES:
        follow(recipe)


if __name__ == "__main__":
    main()
