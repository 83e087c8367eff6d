"""The scripts in the shells themselves, installed: a key is pressed on a terminal, and what is then
run counts. PowerShell's is not run, as we have none."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ROOT, Run, environment

pty = pytest.importorskip("pty")

ROWS = [
    "Mã KH;Vùng;Nhóm khách;it's;a:b",
    'A;Hà Nội;"Say ""hi""";x;1',
    "B;Huế;$(touch pwned);y;10:30",
    "C;`touch pwned`;O'Neil!;z;11:45",
    r"D;~root;a\b;;*",
    "E;=ls;-x & y;;10:45",
    "F;;;;",
]
PROMPT = {
    "bash": (".bashrc", "PS1='ready> '"),
    "zsh": (".zshrc", "PS1='ready> '"),
    "fish": (".config/fish/config.fish", "function fish_prompt; echo -n 'ready> '; end"),
}
"""A file that the shell reads, and how it is told that it may get a line."""
TAB = "\t"
LINES = [
    (f"repo{TAB}", ["report"]),
    (f"nps --b{TAB}", ["nps", "--by"]),
    (f"--version; A=1 crm-kpi metrics np{TAB}", ["metrics", "nps"]),
    (f"report --by=Vù{TAB}", ["report", "--by=Vùng"]),
    (f"report --by Mã{TAB}", ["report", "--by", "Mã KH"]),
    (f"report --where region=Hà{TAB}", ["report", "--where", "region=Hà Nội"]),
    (f"report --where=region=Hu{TAB}", ["report", "--where=region=Huế"]),
    (f"report --where it{TAB}x", ["report", "--where", "it's=x"]),
    (f"report --where a:b=10:3{TAB}", ["report", "--where", "a:b=10:30"]),
    (rf"report --where region=\`{TAB}", ["report", "--where", "region=`touch pwned`"]),
    (rf"report --where region=\~{TAB}", ["report", "--where", "region=~root"]),
    (f"report --where region=={TAB}", ["report", "--where", "region==ls"]),
    (rf"report --where Nhóm\ khách=\${TAB}", ["report", "--where", "Nhóm khách=$(touch pwned)"]),
    (f"report --where 'Nhóm khách=${TAB}", ["report", "--where", "Nhóm khách=$(touch pwned)"]),
    (f"report --where 'Nhóm khách=S{TAB}", ["report", "--where", 'Nhóm khách=Say "hi"']),
    (f'report --where "Nhóm khách=S{TAB}', ["report", "--where", 'Nhóm khách=Say "hi"']),
    (f'report --where "Nhóm khách=O{TAB}', ["report", "--where", "Nhóm khách=O'Neil!"]),
    (f"report --where 'Nhóm khách=O{TAB}", ["report", "--where", "Nhóm khách=O'Neil!"]),
    (f"report -c kh{TAB}", ["report", "-c", "khách.csv"]),
]


@pytest.fixture(params=PROMPT)
def shell(request: pytest.FixtureRequest, crm_kpi: Run, tmp_path: Path) -> Iterator[int]:
    """The terminal of a shell for which completion is installed, in a folder with a config.

    Its crm-kpi completes, and otherwise writes down the words that it is started with.
    """
    name: str = request.param
    if not shutil.which(name):
        pytest.skip(f"needs {name}")
    (tmp_path / "khách.csv").write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    (tmp_path / "crm-kpi.yaml").write_text(
        "sources: {customers: {path: khách.csv, columns: {region: Vùng}}}", encoding="utf-8"
    )
    program = tmp_path / "bin" / "crm-kpi"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$_CRM_KPI_COMPLETE" ] && exec "{sys.executable}" -m crm_kpi\n'
        "printf '%s\\n' \"$@\" > ran; echo DONE\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    installed = crm_kpi("--install-completion", name, env={"HOME": str(tmp_path)})
    assert installed.returncode == 0, installed.stderr
    file, prompt = PROMPT[name]
    with (tmp_path / file).open("a", encoding="utf-8") as start:
        start.write(f"{prompt}\n")
    env = environment(
        PATH=f"{program.parent}:/usr/bin:/bin",
        PYTHONPATH=str(ROOT),
        LC_ALL="C.UTF-8",
        TERM="dumb",
        HOME=str(tmp_path),
    )
    env = {word: value for word, value in env.items() if word not in ("XDG_CONFIG_HOME", "ZDOTDIR")}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execvpe(name, [name], env)
    yield terminal
    os.kill(child, signal.SIGKILL)
    os.close(terminal)
    os.waitpid(child, 0)


def read_until(terminal: int, pattern: str) -> None:
    shown = ""
    end = time.monotonic() + 60
    while not re.search(pattern, shown, re.DOTALL):
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")


def test_what_is_run_after_a_tab(shell: int, tmp_path: Path) -> None:
    read_until(shell, "ready> ")
    for typed, ran in LINES:
        os.write(shell, f"crm-kpi {typed}\n".encode())
        read_until(shell, "DONE.*ready> ")
        assert (tmp_path / "ran").read_text(encoding="utf-8").splitlines() == ran, typed
    assert not (tmp_path / "pwned").exists()
