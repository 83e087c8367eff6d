"""Settings that hold for all tests, and the one cluster that some of them ask."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from crm_kpi.config.engine import Engine
from crm_kpi.engine.backends.registry import open_backend
from crm_kpi.frames.backend import Backend
from tests.engine.cluster import Cluster, cluster

# Tests do not time: a busy machine is no fault of the program.
settings.register_profile("crm-kpi", deadline=None)
settings.load_profile("crm-kpi")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Who asks for it is marked with `tests.engine.cluster.NEEDED`."""
    with cluster(tmp_path_factory.mktemp("spark")) as found:
        yield found


@pytest.fixture(params=["polars", "duckdb"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Each that computes without a server, as the program opens it."""
    with open_backend(Engine(name=request.param), None) as found:
        yield found
