"""Files that a reader could choke on end with an answer or one clear error."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.sources.io import compression, fifo, file_bytes
from crm_kpi.sources.io.budget import MIB, MemoryBudget
from crm_kpi.sources.readers import parquet
from crm_kpi.sources.readers.csv.dialect import sniff
from crm_kpi.sources.readers.csv.structure import prove
from crm_kpi.tables import TABLES
from tests.bounds.files import READ, REFUSED
from tests.sources.conftest import AS_OF, read

SHORT = 200_000
"""Bytes."""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(path: str) -> CrmKpiError:
    options = ReadOptions(AS_OF)
    with pytest.raises(CrmKpiError) as caught:
        sources.load(TABLES["transactions"], [SourceSpec("transactions", (path,))], options)
    return caught.value


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("size", [SHORT, 2 << 20])
def test_what_can_be_read(name: str, size: int) -> None:
    data = READ[name](size)
    audit = read("transactions", data).audit
    assert audit.balanced
    assert audit.used == (data.count(b",5\n") if b",5\n" in data else 0)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "HARMLESS", 1 << 20)
    Path("t.csv").write_bytes(REFUSED[name](SHORT))
    error = refused("t.csv")
    assert isinstance(error, DataError)
    assert len(error.problems) <= 100


def test_empty_lines_are_kept_as_runs() -> None:
    lines = 3 << 20
    Path("t.csv").write_bytes(b"a,b\n1,2\n" + b"\n" * lines + b"3,4\n")
    blob = file_bytes.read("t.csv", None)
    proof = prove(blob, sniff(blob, delimiter=",", has_header=True, recognised=len))
    assert proof.records == lines + 2
    assert len(proof.blank) == lines
    assert proof.blank.count == 1


@pytest.mark.parametrize("blank", ["", ",", ",,", " ,\t", '"",""', "\u00a0"])
def test_rows_among_empty_lines_keep_their_lines(blank: str) -> None:
    """A file with many of them goes another way than one with few."""
    many = f"{blank}\n" * (1 << 19)
    text = (
        f"customer_id,date,amount\n{many}C1,2024-01-02,5\n{blank}\nC2,bad,6\n{many}C3,2024-01-03,7"
    )
    loaded = read("transactions", text)
    assert loaded.frame["customer_id"].to_list() == ["C1", "C3"]
    assert [problem.line for problem in loaded.audit.problems] == [(1 << 19) + 4]
    assert loaded.audit.skipped == (1 << 20) + 1
    assert f"{(1 << 20) + 1} empty lines skipped" in loaded.audit.notes[0]


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/full"])
def test_devices_are_refused(path: str) -> None:
    assert "is a device, not a file" in refused(path).message
    os.symlink(path, "link.csv")
    assert "is a device, not a file" in refused("link.csv").message


def test_the_empty_device_is_an_empty_file() -> None:
    assert refused(os.devnull).message == "/dev/null: is empty"


@pytest.mark.parametrize("kind", ["pipe", "device", "socket"])
@pytest.mark.parametrize("path", ["lake", "lake/*"])
def test_only_files_are_read_out_of_folders(kind: str, path: str) -> None:
    Path("lake").mkdir()
    if kind == "pipe":
        os.mkfifo("lake/a.parquet")
    elif kind == "device":
        os.symlink("/dev/zero", "lake/a.parquet")
    else:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("lake/a.parquet")
    error = refused(path)
    assert isinstance(error, DataError)
    assert error.message.startswith("lake/a.parquet: is a pipe or a device")


def test_a_pipe_into_which_nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fifo, "PATIENCE", 0.1)
    os.mkfifo("pipe")
    error = refused("pipe")
    assert isinstance(error, DataError)
    assert "nobody has written" in error.message


def test_a_stream_is_bounded_by_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(path: str) -> Iterator[bytes]:
        while True:
            yield b"x" * MIB

    monkeypatch.setattr(fifo, "parts", endless)
    os.mkfifo("pipe")
    with pytest.raises(UsageError, match=r"pipe: gives more than 70 MiB, which is limits\.memory"):
        file_bytes.read("pipe", None, MemoryBudget(70 * MIB))


def test_parquet_of_equal_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl

    row = pl.DataFrame({"customer_id": ["C1"], "date": ["2024-01-02"], "amount": [5]})
    pl.concat([row] * 2000, rechunk=True).write_parquet("t.parquet")
    assert read("transactions", Path("t.parquet").read_bytes(), path="u.parquet").audit.used
    monkeypatch.setattr(parquet, "HARMLESS", 1000)
    monkeypatch.setattr(parquet, "RATIO", 1)
    assert "2,000 rows" in refused("t.parquet").message


def test_parquet_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl

    pl.DataFrame({"customer_id": ["C1"], "date": ["2024-01-02"], "amount": [5]}).write_parquet("t")
    blob = file_bytes.read("t", None)
    small = parquet.ParquetFile(blob, MemoryBudget(MIB))
    with pytest.raises(UsageError, match=r"limits\.memory is 1 MiB, and t with 1 rows needs"):
        small.frame()
