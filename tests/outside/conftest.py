from __future__ import annotations

from collections.abc import Iterator

import pytest

import crm_kpi.demo

from .sample import Sample
from .sql import Company


@pytest.fixture(scope="session", params=[1, 2], ids=["seed 1", "seed 2"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    crm_kpi.demo.write(folder, customers=1000, seed=request.param)
    return Sample(folder)


@pytest.fixture(scope="session")
def company(sample: Sample) -> Iterator[Company]:
    company = Company(sample)
    yield company
    company.connection.close()
