"""Within little memory the answers are the same, and nothing is left behind."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crm_kpi import catalogue, tempfiles
from crm_kpi.catalogue import KpiKind
from crm_kpi.config import load_config
from crm_kpi.config.model import Config
from crm_kpi.engine import memory
from crm_kpi.engine.backends import duckdb as database
from crm_kpi.engine.memory import OutOfCore, out_of_core
from crm_kpi.engine.run import KpiQuery, compute, everything
from crm_kpi.errors import DataError, UsageError
from crm_kpi.render import render
from crm_kpi.sources.io import budget
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.loading import out_of_core as in_parts
from crm_kpi.sources.mapping.session import Session

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
HUGE = 1 << 40
DECLARED = (
    "sources.transactions.dates=%d/%m/%Y",
    "sources.transactions.numbers=1.234,56",
    "sources.interactions.dates=%Y-%m-%d",
)
"""How the columns are written that would have to be looked at as a whole."""


@pytest.fixture(autouse=True)
def _little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files count as large ones: runs do not fit, nor do all tables but customers."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(memory, "TIMES", HUGE)


def config(*words: str, path: Path = SAMPLES / "crm-kpi.yaml") -> Config:
    return load_config(path, ["as_of=2024-12-31", *words], env={})


def sized(config: Config) -> AbstractContextManager[OutOfCore | None]:
    session = Session(MemoryBudget.of(config.limits.memory))
    return out_of_core(config.engine.name, config.specs(), ["transactions"], session)


def answer(config: Config, **question: Any) -> str:
    names = question.pop("metrics", everything(config))
    report = compute(config, KpiQuery(names, **question))
    stream = io.StringIO()
    render(report, "json", stream, about={})
    return stream.getvalue()


@pytest.mark.parametrize("by", [(), ("segment",)], ids=["total", "segment"])
def test_the_samples(by: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = catalogue.ids(KpiKind.TABLE)
    query = {"by": by, "metrics": [*everything(config(*DECLARED)), *tables]}
    monkeypatch.setattr(in_parts, "ROWS", 500)
    # Customers are read as a whole, transactions and others in parts.
    monkeypatch.setattr(in_parts, "HELD", (300 << 20) // (SAMPLES / "customers.csv").stat().st_size)
    within = answer(config("limits.memory=512MiB", *DECLARED), **query)
    monkeypatch.undo()
    assert within == answer(config(*DECLARED), **query)
    assert list(tmp_path.iterdir()) == []


def test_values_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told alike, with the same words that are there."""
    question = KpiQuery(["nps"], where={"segment": ["no such"]})
    with pytest.raises(UsageError, match="no row has segment=no such") as within:
        compute(config("limits.memory=512MiB"), question)
    monkeypatch.undo()
    with pytest.raises(UsageError) as plain:
        compute(config(), question)
    assert within.value.hint == plain.value.hint
    assert within.value.hint


def test_a_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "sources: {customers: {path: c.csv}, transactions: {path: t.csv}}", encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text("customer_id,signup_date\nA,2024-01-01\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("customer_id,date,amount\nA,x,5\n", encoding="utf-8")
    with pytest.raises(DataError, match="1 of 1 rows are rejected"):
        answer(config("limits.memory=512MiB", path=tmp_path / "c.yaml"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "c.yaml", "t.csv"]


def test_memory_that_does_not_suffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def short(*_: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to pin a block")

    with pytest.raises(UsageError, match="does not suffice") as caught:
        database._within(short)
    assert "raise limits.memory" in str(caught.value.hint)


def test_without_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"limits\.memory is 512 MiB, and these tables need") as e:
        answer(config("limits.memory=512MiB"))
    assert 'pip install "crm-kpi[duckdb]"' in str(e.value.hint)


def test_too_little_for_anything() -> None:
    with pytest.raises(UsageError, match="100 MiB is too little"):
        answer(config("limits.memory=100MiB"))


def test_what_fits_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "TIMES", 4)
    with sized(config("limits.memory=400MiB")) as found:
        assert found is None


def test_spark_looks_after_itself() -> None:
    spark = config("limits.memory=400MiB", "engine=spark")
    with sized(spark) as found:
        assert found is None


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """As Ctrl-C does, also while native code computes."""
    code = (
        "import sys, time; from crm_kpi import tempfiles; from crm_kpi.cli import signals\n"
        "signals.watch()\n"
        "with tempfiles.folder() as folder:\n"
        "    (folder / 'a').write_text('x'); print(folder, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    folder = Path(process.stdout.readline().strip())
    assert (folder / "a").exists()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    process.stdout.close()
    assert not folder.exists()


def group(root: Path, files: dict[str, str], own: str) -> int | None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "own").write_text(own)
    return budget.cgroup(root, root / "own")


@pytest.mark.parametrize(
    ("files", "own", "limit"),
    [
        ({}, "", None),
        ({"memory.max": "max\n"}, "0::/\n", None),
        ({"memory.max": "536870912\n"}, "0::/\n", 512 << 20),
        # the smallest of all around it counts
        ({"a/memory.max": "3000000\n", "a/b/memory.max": "max\n"}, "0::/a/b\n", 3_000_000),
        ({"a/memory.max": "3000000\n", "a/b/memory.max": "2000000\n"}, "0::/a/b\n", 2_000_000),
        # a path of the host, within a container
        ({"memory.max": "4000000\n"}, "0::/system.slice/docker-1.scope\n", 4_000_000),
        ({"memory/memory.limit_in_bytes": "5000000\n"}, "4:memory:/docker/1\n0::/\n", 5_000_000),
        ({"memory/a/memory.limit_in_bytes": "6000000\n"}, "4:cpu,memory:/a\n", 6_000_000),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, "4:memory:/\n", None),
        ({"cpu/memory.limit_in_bytes": "5\n"}, "4:cpu:/\n", None),
        ({"memory.max": "nonsense\n"}, "0::/\n", None),
    ],
)
def test_the_limit_of_the_control_group(
    files: dict[str, str], own: str, limit: int | None, tmp_path: Path
) -> None:
    assert group(tmp_path, files, own) == limit
    assert budget.cgroup(tmp_path, tmp_path / "nowhere") is None


def test_it_is_respected_without_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "cgroup", lambda: 1 << 30)
    with sized(config()) as found:
        assert found is not None
        assert found.bytes == (512 << 20) - budget.PROGRAM, "half of it"
        assert found.folder in tempfiles.folders
    monkeypatch.setattr(budget, "cgroup", lambda: 1 << 20)
    with pytest.raises(UsageError, match="the cgroup's memory of 1 MiB is too little"):
        answer(config())
