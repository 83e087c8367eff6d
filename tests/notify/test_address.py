"""Addresses are read from where they stand, and are never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm_kpi.notify.address import NoAddress, find

SECRET = "mailto://me:SECRET@example.com"


def test_of_a_variable_and_of_a_file(tmp_path: Path) -> None:
    assert find("env:BOSS", None, {"BOSS": f" {SECRET}\n"}).secret == SECRET
    path = tmp_path / "boss"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    found = find("file:boss", tmp_path, {})
    assert found.secret == SECRET
    assert "SECRET" not in f"{found} {found!r}"


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_variable_that_is_not_set(value: str | None) -> None:
    with pytest.raises(NoAddress, match="the environment has no BOSS"):
        find("env:BOSS", None, {} if value is None else {"BOSS": value})


@pytest.mark.skipif(os.name == "nt", reason="rights are not looked at on Windows")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_can_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "boss"
    path.write_text(SECRET)
    path.chmod(mode)
    with pytest.raises(NoAddress, match="others may read") as error:
        find("file:boss", tmp_path, {})
    assert "SECRET" not in str(error.value)
    assert error.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize("content", [b"", b"\n", b"SECRET\nSECRET\n", b"\xff\xfe", b"S" * 9000])
def test_a_file_that_holds_no_address(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "boss"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(NoAddress) as error:
        find(f"file:{path}", None, {})
    assert "SECRET" not in str(error.value)


def test_no_file_or_something_else(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("gone", "pipe", "."):
        with pytest.raises(NoAddress):
            find(f"file:{name}", tmp_path, {})
