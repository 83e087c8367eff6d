"""`init -y` and then `report`: it answers, or `init` has said what is open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from crm_kpi.cli import app, process

from .conftest import ROOT

NO_DATA = {".yaml", ".py"}


def _inputs() -> dict[str, list[Path]]:
    cases = [path.parent for path in (ROOT / "tests/field/cases").glob("*/case.yaml")]
    samples = [*(ROOT / "samples").glob("*.csv")]
    presets = [*(ROOT / "tests/sources/mapping/presets/files").iterdir()]
    found = {
        folder.name: [p for p in folder.iterdir() if p.suffix not in NO_DATA] for folder in cases
    }
    found |= {path.name: [path] for path in (*samples, *presets)}
    return {"samples": samples} | {name: files for name, files in found.items() if files}


INPUTS = _inputs()


def run(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = process.code_of(lambda: app.run([*words]))
    return (code, *capsys.readouterr())


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_init_never_writes_what_report_refuses_unsaid(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in INPUTS[name]:
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    files = sorted(path.name for path in INPUTS[name])
    code, _, told = run(["init", *files, "-y", "-o", "crm-kpi.yaml"], capsys)
    report, answer, refused = run(["report", "-f", "json"], capsys)
    if code == 0:
        assert report == 0, refused
        assert json.loads(answer)["results"]
        assert not any(line.startswith("open: ") for line in told.splitlines())
    else:
        assert code == 3, told
        assert any(line.startswith("open: ") for line in told.splitlines())
