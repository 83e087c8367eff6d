"""docs/python.md and the notebook: what they show is what comes out."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_page_says_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    flags = doctest.IGNORE_EXCEPTION_DETAIL | doctest.NORMALIZE_WHITESPACE
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=flags
    )
    assert (failed, tried > 5) == (0, True)


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    client = pytest.importorskip("nbclient")
    formats = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))
    notebook = formats.read(ROOT / "docs" / "first-report.ipynb", as_version=4)
    kernel = {"kernel_name": "python3", "timeout": 120, "resources": {"metadata": {}}}
    kernel["resources"]["metadata"]["path"] = str(ROOT / "docs")
    client.NotebookClient(notebook, **kernel).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in cells)
    assert 'class="crm-kpi"' in cells[0].outputs[0].data["text/html"]
