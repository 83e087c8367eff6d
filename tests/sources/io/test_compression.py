"""gzip and zstd: read like what is in them, or refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from crm_kpi import sources
from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.sources.io import compression, file_bytes, spool
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read, rejected

if sys.version_info >= (3, 14):
    from compression.zstd import CompressionParameter, compress
else:
    from backports.zstd import CompressionParameter, compress

TEXT = "customer_id,signup_date\nA,2024-01-02\nB,bad\n"


def zstd(data: bytes) -> bytes:
    """With a checksum, as the program of that name writes."""
    return compress(data, options={CompressionParameter.checksum_flag: 1})


PACKERS = {"gzip": gzip.compress, "zstd": zstd}


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("path", ["t.csv.gz", "t.csv", "t.txt.zst"])
def test_known_by_the_first_bytes_whatever_the_name(name: str, path: str) -> None:
    data = PACKERS[name](TEXT.encode())
    loaded = read("customers", data, path=path)
    assert loaded.frame["customer_id"].to_list() == ["A"]
    assert rejected(loaded) == [(3, "signup_date", "bad", "not a date")]
    assert loaded.audit.bytes == len(data)
    assert loaded.audit.sha256 == [hashlib.sha256(data).hexdigest()]
    assert loaded.audit.notes == [f"{path}: unpacked from {name}"]
    assert loaded.audit.assumed == []


@pytest.mark.parametrize("name", PACKERS)
def test_several_members_are_one_file(name: str) -> None:
    pack = PACKERS[name]
    data = pack(TEXT.encode()) + pack(b"C,2024-01-03\n")
    assert read("customers", data).frame["customer_id"].to_list() == ["A", "C"]


@pytest.mark.parametrize("name", PACKERS)
def test_other_encodings_inside(name: str) -> None:
    data = PACKERS[name](TEXT.replace("A", "Đ").encode("utf-16"))
    assert read("customers", data).frame["customer_id"].to_list() == ["Đ"]


@pytest.mark.parametrize("name", PACKERS)
def test_stdin(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO(PACKERS[name](TEXT.encode()))

    monkeypatch.setattr(sys, "stdin", Pipe)
    options = ReadOptions(AS_OF, everything=True)
    loaded = sources.load(TABLES["customers"], [SourceSpec("customers", ("-",))], options)
    assert loaded.audit.used == 1


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("left", [5, 20, -1])
def test_a_file_that_is_cut_off(name: str, left: int) -> None:
    data = PACKERS[name](TEXT.encode())
    with pytest.raises(DataError, match=rf"t\.csv: ends in the middle of its {name} data"):
        read("customers", data[:left])


@pytest.mark.parametrize("name", PACKERS)
def test_a_file_that_is_damaged(name: str) -> None:
    data = bytearray(PACKERS[name](TEXT.encode() * 50))
    for place in (len(data) // 2, -6):
        damaged = data.copy()
        damaged[place] ^= 0xFF
        with pytest.raises(DataError, match=rf"t\.csv: .*{name} data"):
            read("customers", bytes(damaged))
    with pytest.raises(DataError, match=rf"t\.csv: its {name} data are damaged"):
        read("customers", bytes(data) + b"junk")


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_not_let_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "HARMLESS", 8 << 20)
    bomb = PACKERS[name](b"0" * (16 << 20))
    with pytest.raises(DataError, match=r"t\.csv: .* unpack to more than 50 times") as caught:
        read("customers", bomb)
    assert "unpack it first" in str(caught.value.hint)


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_large_goes_to_disk_and_is_read_alike(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    data = PACKERS[name](TEXT.encode())
    plain = read("customers", data)
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    blob = file_bytes.read("t.csv", None)
    assert blob.memory is None
    assert blob.file is not None
    assert blob.file.path.read_bytes() == TEXT.encode()
    assert (blob.length, blob.size) == (len(TEXT), len(data))
    del blob
    spilled = read("customers", data)
    assert spilled.frame.equals(plain.frame)
    assert spilled.audit == plain.audit
    del spilled, plain
    assert list((tmp_path / "temporary").iterdir()) == [], "nothing is left"


def test_a_disk_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    monkeypatch.setattr("tempfile.tempdir", "no/such/folder")
    with pytest.raises(UsageError, match=r"no folder for temporary .*no/such/folder"):
        read("customers", gzip.compress(TEXT.encode()))


def test_a_disk_that_is_full_at_the_last_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held back for a larger write fails when the file is closed."""
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    full = SimpleNamespace(path=Path("/dev/full"))
    monkeypatch.setattr(spool, "TemporaryFile", lambda: full)
    with pytest.raises(UsageError, match=r"t\.csv: its text cannot be kept in .*: No space"):
        read("customers", gzip.compress(TEXT.encode()))


def test_an_empty_file_inside() -> None:
    with pytest.raises(DataError, match=r"t\.csv: is empty"):
        read("customers", gzip.compress(b""))


def test_size_and_checksum_of_a_plain_file() -> None:
    loaded = read("customers", TEXT)
    assert loaded.audit.bytes == Path("t.csv").stat().st_size
    assert loaded.audit.sha256 == [hashlib.sha256(TEXT.encode()).hexdigest()]
