from __future__ import annotations

from pathlib import Path

import pytest

import crm_kpi.demo

from .reading import Export, read

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The default sample data, made now."""
    return crm_kpi.demo.write(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def samples() -> dict[str, Export]:
    """Those of the repository."""
    return read(SAMPLES)


@pytest.fixture(scope="session", params=["samples", "demo"])
def tables(
    request: pytest.FixtureRequest, written: list[Path], samples: dict[str, Export]
) -> dict[str, Export]:
    """What must hold of the one must hold of the other."""
    return samples if request.param == "samples" else read(written[0].parent)
