"""Spark gives what polars gives: through a Connect server, and on the cluster itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_kpi import catalogue
from crm_kpi.catalogue import KpiKind
from crm_kpi.config import load_config
from crm_kpi.engine.run import KpiQuery, compute
from tests.engine.cluster import HOST, NEEDED, QUICK, Cluster
from tests.engine.company import ANALYSES, ask, company, text
from tests.engine.test_scan_in_place import lake

ROOT = Path(__file__).parents[3]
VARIANTS = [
    *("v_retention_90", "v_retention_period", "v_repeat_ever_day", "v_nps_customer", "v_net_final"),
    *("v_solution_shop", "v_first_contact_7", "v_quarter_long", "v_weighted_learned"),
]
"""With frames of their own; DuckDB is asked for all."""
CLI = [sys.executable, "-m", "crm_kpi"]

pytestmark = NEEDED


def test_every_metric_and_frame(spark: Cluster) -> None:
    names = [*catalogue.ids(KpiKind.SCALAR, KpiKind.MODEL), *VARIANTS]
    tables = {name: ANALYSES.get(name, [""])[0] for name in catalogue.ids(KpiKind.TABLE)}
    polars, connect = (
        ask(company(1), engine, metrics=names, tables=tables, by=("segment",))
        for engine in ("polars", f"{{name: spark, remote: {spark.remote}}}")
    )
    assert len(polars.results) > 1000
    assert all(polars.tables.values())
    assert polars.skipped == connect.skipped
    assert text(polars) == text(connect)


def test_parquet_where_it_lies(spark: Cluster, tmp_path: Path) -> None:
    nasty = company(2)
    specs = lake(nasty, tmp_path)
    words = [f"as_of={nasty.as_of}", f"timezone={nasty.timezone}", "limits.rejected_rows=50%"]
    place = f"{{name: spark, remote: {spark.remote}, in_place: [transactions, tickets, leads]}}"
    reports = [
        compute(
            load_config(None, [*words, f"engine={engine}"], env={}),
            KpiQuery(["revenue", "clv", "first_response_time", "leads"], ("segment",)),
            specs,
        )
        for engine in ("polars", place)
    ]
    assert text(reports[0]) == text(reports[1])
    accounts = [report.sources["transactions"] for report in reports]
    assert accounts[0].used == accounts[1].used
    assert accounts[0].unknown_customers == accounts[1].unknown_customers > 0


def test_on_the_cluster_itself(spark: Cluster, tmp_path: Path) -> None:
    """From the command line, where stdout is the answer alone."""
    settings = {"spark.sql.shuffle.partitions": "4", "spark.executor.extraJavaOptions": QUICK}
    written = "".join(f"{name} {value}\n" for name, value in settings.items())
    (tmp_path / "spark-defaults.conf").write_text(written)
    words = [*CLI, "report", "revenue", "nrr", "uniqueness", "retention-rate", "sales-cycle"]
    words += ["-c", str(ROOT / "samples" / "crm-kpi.yaml"), "--by", "segment", "-f", "json"]
    words += ["--where", "region=Hà Nội", "--set", f"engine={{master: {spark.master}}}"]
    # A Connect session leaves words for children in the environment.
    env = {name: value for name, value in os.environ.items() if not name.startswith("SPARK")}
    env |= {"SPARK_SUBMIT_OPTS": QUICK, "SPARK_LOCAL_IP": HOST, "SPARK_CONF_DIR": str(tmp_path)}
    answers = [
        subprocess.run([*words, "--engine", name], check=True, capture_output=True, env=env).stdout
        for name in ("polars", "spark")
    ]
    assert answers[0] == answers[1]
    assert any(result["value"] for result in json.loads(answers[0])["results"])


@pytest.mark.parametrize("place", ["remote=sc://127.0.0.1:9", "master=spark://127.0.0.1:9"])
def test_nothing_answers(place: str) -> None:
    words = [*CLI, "nps", str(ROOT / "samples" / "surveys.csv"), "--engine", "spark"]
    found = subprocess.run(
        [*words, "--set", f"engine.{place}"], capture_output=True, text=True, env=os.environ
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert f"no Spark at {place.partition('=')[2]}" in found.stderr
