"""`python -m tests.installs [PYTHON…]`: what is published, installed where nothing is.

The wheel and the sdist are built, and each is installed in a new environment of every Python of
3.11 to 3.14 that is found, the first with all extras; the program must answer there. Then `pipx`
installs it, and it is run as `uvx` runs it. Needs a package index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*words: str | Path, cwd: Path, **variables: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    subprocess.run([*map(str, words)], cwd=cwd, check=True, env=env, stdout=subprocess.PIPE)


def pythons(asked: list[str]) -> list[str]:
    """Those that start: a name on the path may stand for a version that is not installed."""
    found = []
    for name in asked or [f"python{version}" for version in VERSIONS]:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            found.append(path)
        else:
            print(f"== {name} is not here")
    return found


def environment(python: str, folder: Path) -> Path:
    """The folder of the programs of a new environment."""
    run(python, "-m", "venv", folder, cwd=ROOT)
    return folder / SCRIPTS


def build(folder: Path) -> tuple[Path, Path]:
    tools = environment(sys.executable, folder / "tools")
    run(tools / "pip", "install", "-q", "build", "pipx", "uv", cwd=folder)
    run(tools / "python", "-m", "build", "-o", folder / "dist", ROOT, cwd=folder)
    (wheel,), (sdist,) = ((folder / "dist").glob(name) for name in ("*.whl", "*.tar.gz"))
    return wheel, sdist


def answers(folder: Path, *program: str | Path) -> None:
    """It writes a company and reports on it, in a new folder."""
    empty = Path(tempfile.mkdtemp(dir=folder))
    run(*program, "--version", cwd=empty)
    run(*program, "demo", "demo", cwd=empty)
    run(*program, "report", "-c", "demo/crm-kpi.yaml", "-o", "report.html", cwd=empty)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel, sdist = build(folder)
        for number, python in enumerate(pythons(sys.argv[1:])):
            for kind, package in (("wheel", wheel), ("sdist", sdist)):
                scripts = environment(python, folder / f"{kind}{number}")
                extras = "" if number or kind == "sdist" else "[all]"
                run(scripts / "pip", "install", "-q", f"{package}{extras}", cwd=folder)
                answers(folder, scripts / "crm-kpi")
                if extras:  # an engine that only they bring
                    samples = ROOT / "samples" / "crm-kpi.yaml"
                    engine = ("-c", samples, "--engine", "duckdb")
                    run(scripts / "crm-kpi", "report", "nps", *engine, cwd=folder)
                shutil.rmtree(scripts.parent)
                print(f"== {python}: {kind}{extras}", flush=True)
        tools, mine = folder / "tools" / SCRIPTS, folder / "pipx"
        places = {"PIPX_HOME": str(mine / "home"), "PIPX_BIN_DIR": str(mine / "bin")}
        run(tools / "pipx", "install", "--python", sys.executable, wheel, cwd=folder, **places)
        answers(folder, mine / "bin" / "crm-kpi")
        print("== pipx", flush=True)
        uv = tools / "uv"
        answers(folder, uv, "tool", "run", "--from", wheel, "--python", sys.executable, "crm-kpi")
        print("== uvx")


if __name__ == "__main__":
    main()
