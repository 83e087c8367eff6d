"""The manual page: of every command, and without a fault in its macros."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from crm_kpi.cli import man
from crm_kpi.cli.app import app

from .conftest import Run


def test_every_command_and_option_is_in_it(crm_kpi: Run, tmp_path: Path) -> None:
    done = crm_kpi("man", "-o", "crm-kpi.1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (tmp_path / "crm-kpi.1").read_text("utf-8")
    assert page == man.page()
    assert "Mọi chỉ số" in crm_kpi("man", "--language", "vi").stdout
    lines = page.splitlines()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f".Ss {name}" in lines, name
        for param in command.params:
            if param.param_type_name == "option":
                assert f"Fl {param.opts[-1][1:]}".replace("-", "\\-") in page


def test_text_is_no_macro() -> None:
    assert man._escaped(".Sh x \\fB 'y' --by") == "\\&.Sh x \\efB 'y' \\-\\-by"


@pytest.mark.skipif(not shutil.which("mandoc"), reason="needs mandoc")
def test_mandoc_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "crm-kpi.1").write_text(man.page(), encoding="utf-8")
    done = subprocess.run(
        ["mandoc", "-Tlint", "crm-kpi.1"], capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (0, "")
