"""Runs the program as its users do: as a process with its own streams and exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CRM_KPI", "COV_CORE"))}
    return env | {"COLUMNS": "80", "LC_ALL": "C"} | more


@pytest.fixture
def crm_kpi(tmp_path: Path) -> Run:
    """crm_kpi("nps", "answers.csv", input=..., cwd=...): stdin is closed unless given."""

    def run(
        *words: str | Path,
        input: str | None = None,
        cwd: Path = tmp_path,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "crm_kpi", *map(str, words)],
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env=environment(**(env or {})),
            timeout=120,
        )

    return run


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Twenty at the start of 2024, one of them lost in January, five new: 95 % kept."""
    rows = [f"C{n},2023-05-01," for n in range(19)]
    rows += ["C19,2023-05-01,2024-01-20"]
    rows += [f"N{n},2024-01-10," for n in range(5)]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(["customer_id,signup_date,churn_date", *rows, ""]), encoding="utf-8")
    return path
