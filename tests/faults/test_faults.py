"""Short forms of `make fuzz`, `make kill` and `make faults`; and the shim fails what it should."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from crm_kpi.tables import TABLES
from tests.corpus.program import crm_kpi
from tests.faults import fuzz, fuzz_workbooks
from tests.faults.faults import sweep
from tests.faults.kill import kills
from tests.faults.scenes import SCENES
from tests.faults.shim import KINDS, Fault, failing

BY_NAME = {scene.name: scene for scene in SCENES}


WRITING = ("write", "fsync", "chmod", "replace", "mkdir")


def test_nothing_half_written_whatever_fails(tmp_path: Path) -> None:
    assert list(sweep(BY_NAME["json"], tmp_path)) == []


@pytest.mark.parametrize("name", ["table", "init", "clean", "new", "demo"])
def test_nothing_half_written_where_writing_fails(name: str, tmp_path: Path) -> None:
    assert list(sweep(BY_NAME[name], tmp_path, WRITING)) == []


def test_nothing_half_written_when_killed(tmp_path: Path) -> None:
    scenes = [BY_NAME["json"], BY_NAME["clean"]]
    assert list(kills(4, 1, tmp_path, scenes)) == []


def test_damaged_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    codes: Counter[int] = Counter()
    assert list(fuzz.fuzz(1, tmp_path, lambda done: done < 150, codes)) == []
    assert codes[0] > 10
    assert codes[3] > 10


@pytest.mark.parametrize("table", TABLES)
def test_what_is_fuzzed_reads_the_table(table: str) -> None:
    """A command that does not exist, or that lacks a file, would end before its rows are read."""
    outcome = crm_kpi(*fuzz.METRICS[table], fuzz.SAMPLES / f"{table}.csv", "-f", "json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["sources"][table]["used"] > 0


def test_damaged_workbooks_and_parquet_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    codes: Counter[int] = Counter()
    assert list(fuzz_workbooks.fuzz(1, tmp_path, lambda done: done < 100, codes)) == []
    assert codes[0] > 10
    assert codes[3] > 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_shim_fails_what_it_should(kind: str, tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / "folder").mkdir()
        with (tmp_path / "a").open("w", encoding="utf-8") as file:
            file.write("x")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(tmp_path / "a", 0o600)
        os.replace(tmp_path / "a", tmp_path / "b")
        assert (tmp_path / "b").read_text(encoding="utf-8") == "x"
        os.rmdir(tmp_path / "folder")

    with failing(Fault(tmp_path, kind, 1)) as fault, pytest.raises(OSError, match=r".*"):
        work()
    assert fault.hit is not None
    for name in ("a", "b"):
        (tmp_path / name).unlink(missing_ok=True)
    if (tmp_path / "folder").is_dir():
        (tmp_path / "folder").rmdir()
    with failing(Fault(tmp_path, kind, 9)) as fault:
        work()
    assert fault.hit is None
    assert 1 <= fault.count < 9
