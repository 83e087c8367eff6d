"""All frames: what their docstrings promise, how they are named, and when narwhals is imported."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pytest

from crm_kpi import frames
from crm_kpi.frames.context import FrameContext
from tests.engine.company import ask, company

FOLDER = Path(frames.__file__).parent
COLUMN = re.compile(r" {4}([a-z_0-9:]+(?:, [a-z_0-9:]+)*)  +\S")
SHAPE = re.compile(r".+\n\nGrain: .+\n\nColumns.*:.+\n\nSource: .+\.", re.DOTALL)

Build = Callable[..., Any]


def _frames() -> Iterator[Build]:
    """Every function that builds a frame: of a context and options by name."""
    for path in sorted(FOLDER.glob("[!_]*.py")):
        module = importlib.import_module(f"crm_kpi.frames.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first, *rest = inspect.signature(function).parameters.values()
            of_context = function.__module__ == module.__name__ and first.name == "context"
            by_name = all(parameter.kind is parameter.KEYWORD_ONLY for parameter in rest)
            if of_context and by_name and not name.startswith("_"):
                yield function


FRAMES = list(_frames())


@pytest.mark.parametrize("build", FRAMES, ids=lambda build: build.__name__)
def test_docstring_in_one_shape(build: Build) -> None:
    assert SHAPE.fullmatch(inspect.getdoc(build) or "")


@pytest.mark.parametrize("build", FRAMES, ids=lambda build: build.__name__)
def test_options_are_always_given(build: Build) -> None:
    """With a default there were two keys for one frame, which is then built twice."""
    _, *options = inspect.signature(build).parameters.values()
    assert all(option.default is option.empty for option in options)


def test_names_are_used_once() -> None:
    names = [build.__name__ for build in FRAMES]
    assert len(set(names)) == len(names) > 40


def test_documented_columns_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    columns: dict[Build, set[str]] = {}

    def spied(self: FrameContext, build: Build, *args: Any, **options: Any) -> nw.LazyFrame:
        frame = original(self, build, *args, **options)
        columns.setdefault(build, set()).update(frame.columns)
        return frame

    original = FrameContext.frame
    monkeypatch.setattr(FrameContext, "frame", spied)
    ask(company(1), "polars", by=["segment"])
    assert len(columns) > 40
    told = 0
    for build, there in columns.items():
        section = (inspect.getdoc(build) or "").partition("\nColumns")[2]
        documented = {
            name
            for line in section.splitlines()
            for names in COLUMN.findall(line)
            for name in names.split(", ")
        }
        assert documented <= there, build
        told += len(documented)
    assert told > 120


def test_metrics_name_frames_without_narwhals() -> None:
    """Help, names and needs have to be there before the dataframe libraries are."""
    program = (
        "import sys; from crm_kpi import catalogue;"
        "[*map(catalogue.load, catalogue.ids(catalogue.KpiKind.SCALAR))];"
        "print([name for name in ('narwhals', 'polars', 'numpy', 'duckdb') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"
