from __future__ import annotations

from pathlib import Path

import pytest

import crm_kpi.demo

from .reading import Export, read


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The default sample data, made now."""
    return crm_kpi.demo.write(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def tables(written: list[Path]) -> dict[str, Export]:
    return read(written[0].parent)
