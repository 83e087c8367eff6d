"""`--engine`: which engine computes, and what is said when it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.config.engine import Engine
from crm_kpi.engine.backends.registry import open_backend
from crm_kpi.errors import UsageError

SAMPLES = Path(__file__).parents[3] / "samples" / "crm-kpi.yaml"


def report(*words: str) -> str:
    command = [sys.executable, "-m", "crm_kpi", "report", "-c", str(SAMPLES), "-f", "json", *words]
    found = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return found.stdout


def test_duckdb_reports_what_polars_reports() -> None:
    assert report("--by", "segment", "--engine", "duckdb") == report("--by", "segment")


def test_the_option_leaves_the_block_alone() -> None:
    """The block of the config says where Spark is, the option which engine it is this time."""
    block = "engine={name: spark, remote: 'sc://127.0.0.1:9'}"
    assert report("nps", "--set", block, "--engine", "polars") == report("nps")


@pytest.mark.parametrize(("name", "module"), [("duckdb", "duckdb"), ("spark", "pyspark")])
def test_a_missing_extra(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"crm_kpi.engine.backends.{name}", raising=False)
    config = load_config(None, [f"engine={name}"], env={})
    with (
        pytest.raises(UsageError, match=f"{name} is not installed") as found,
        open_backend(config.engine),
    ):
        pass
    assert found.value.hint == f'pip install "crm-kpi[{name}]"'


def test_spark_is_in_one_place() -> None:
    engine = Engine(name="spark", remote="sc://localhost", master="spark://localhost")
    with pytest.raises(UsageError, match="remote and master"), open_backend(engine):
        pass


def test_a_name_or_a_block() -> None:
    assert load_config(None, ["engine=duckdb"], env={}).engine == Engine(name="duckdb")
    block = load_config(None, ["engine={name: spark, master: 'local[1]'}"], env={}).engine
    assert block == Engine(name="spark", master="local[1]")


def test_a_token_of_the_environment_goes_to_no_server_that_only_the_config_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", "SECRET")
    engine = Engine(name="spark", remote="sc://127.0.0.1:9/;user_id=me")
    for named in ("", "sc://other:9", "sc://127.0.0.1:10"):
        monkeypatch.setenv("SPARK_REMOTE", named)
        with pytest.raises(UsageError, match="is not sent there") as caught, open_backend(engine):
            pass
        assert "SECRET" not in f"{caught.value.message} {caught.value.hint}"
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:9/;token=SECRET")
    with (
        pytest.raises(UsageError, match=r"no Spark at sc://127|is not installed"),
        open_backend(engine),
    ):
        pass
