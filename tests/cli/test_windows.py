"""Windows, played: what it lacks is taken away, its console and its paths are stood in for.

Nothing here ran on Windows. The workflow of the tests does so, where there is one.
"""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from crm_kpi.cli import language, output, process, windows_console
from crm_kpi.errors import ExitCode, OutputError
from crm_kpi.sources.readers import parquet

from .conftest import ROOT, environment

SCENE = Path(__file__).with_name("windows.py")


def windows(
    *words: str | Path, cwd: Path, input: bytes | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """The program, with the pipes of a console in code page 1258."""
    return subprocess.run(
        [sys.executable, str(SCENE), *map(str, words)],
        capture_output=True,
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), PYTHONIOENCODING="cp1258", **env),
        timeout=120,
    )


def answered(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done.stdout.decode()


def test_the_report_is_the_same(tmp_path: Path, crm_kpi: Any) -> None:
    config = ROOT / "samples" / "crm-kpi.yaml"
    words = ("report", "-c", config, "-f", "json", "--last", "2")
    there = json.loads(answered(windows(*words, cwd=tmp_path)))
    here = json.loads(crm_kpi(*words, cwd=tmp_path).stdout)
    assert there["results"] == here["results"]


@pytest.mark.parametrize("name", ["report.html", "report.xlsx", "kpis.csv", "kpis.md"])
def test_files_are_written(tmp_path: Path, name: str) -> None:
    config = ROOT / "samples" / "crm-kpi.yaml"
    (tmp_path / name).write_text("old", encoding="utf-8")
    answered(windows("report", "-c", config, "-o", name, "--language", "vi", cwd=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_size > 1000


def test_files_as_windows_writes_them(tmp_path: Path) -> None:
    """Lines end with \\r\\n; a code page and UTF-16 are told by their bytes."""
    rows = "Mã KH;Ngày trả lời;Điểm\r\nA;2024-01-05;10\r\nB;2024-01-06;3\r\n"
    values = []
    for encoding in ("utf-8-sig", "utf-16", "utf-8"):
        path = tmp_path / "điểm.csv"
        path.write_bytes(rows.encode(encoding))
        done = windows("nps", path, "--as-of", "2024-01-31", "-f", "json", cwd=tmp_path)
        values.append([one["value"] for one in json.loads(answered(done))["results"]])
    assert values == [[0.0]] * 3


def test_the_rest_of_the_commands(tmp_path: Path) -> None:
    answered(windows("demo", "demo", cwd=tmp_path))
    config = tmp_path / "demo" / "crm-kpi.yaml"
    kept = config.read_text("utf-8") + "cache: true\n"
    config.write_bytes(kept.replace("\n", "\r\n").encode("utf-8-sig"))
    folders = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "kept")}
    first, again = (
        answered(windows("report", "-c", config, "-f", "json", cwd=tmp_path, **folders))
        for _ in range(2)
    )
    assert json.loads(first)["results"] == json.loads(again)["results"]
    assert answered(windows("validate", "-c", config, cwd=tmp_path, **folders))
    assert answered(windows("metrics", "nps", cwd=tmp_path))
    assert windows("report", "nosuch", cwd=tmp_path).returncode == ExitCode.USAGE


def test_no_file_is_read_or_written_in_the_encoding_of_the_machine(tmp_path: Path) -> None:
    """Python warns where a text is opened without saying how it is written."""
    for words in (["demo", "demo"], ["report", "-c", "demo/crm-kpi.yaml", "-o", "report.html"]):
        command = [sys.executable, "-X", "warn_default_encoding"]
        command += ["-W", "error::EncodingWarning:crm_kpi", "-m", "crm_kpi", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=120
        )
        assert done.returncode == 0, done.stderr


class Console(io.FileIO):
    """Python's stream for a console of Windows: it takes UTF-8, whatever the code page."""


@pytest.mark.parametrize("terminal", [True, False])
def test_letters_go_to_the_console_itself(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setattr(io, "_WindowsConsoleIO", Console, raising=False)
    reader, writer = pty.openpty() if terminal else os.pipe()
    stream = process._stream(writer, process._Answer)
    assert isinstance(stream.buffer.raw, Console) is terminal
    stream.write("Tỷ lệ rời bỏ\n")
    stream.flush()
    assert os.read(reader, 100).decode().split() == ["Tỷ", "lệ", "rời", "bỏ"]
    os.close(reader)
    os.close(writer)


def test_nul_is_no_console(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError("Cannot open non-console file")

    monkeypatch.setattr(io, "_WindowsConsoleIO", refuse, raising=False)
    monkeypatch.setattr(os, "isatty", lambda _: True)
    assert windows_console.raw_stream(1) is io.FileIO


@pytest.mark.parametrize("obeys", [True, False])
def test_a_console_that_knows_no_colours_gets_none(
    monkeypatch: pytest.MonkeyPatch, obeys: bool
) -> None:
    asked = []

    class Kernel:
        @staticmethod
        def GetConsoleMode(_: int, mode: Any) -> int:  # noqa: N802
            mode._obj.value = 3
            return 1

        @staticmethod
        def SetConsoleMode(_: int, mode: int) -> int:  # noqa: N802
            asked.append(mode)
            return obeys

    import ctypes
    import types

    handles = types.SimpleNamespace(get_osfhandle=lambda number: number)
    monkeypatch.setitem(sys.modules, "msvcrt", handles)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=Kernel), raising=False)
    monkeypatch.setattr(os, "isatty", lambda number: number == 1)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("TERM", raising=False)
    windows_console.prepare()
    assert asked == [7]
    assert os.environ.get("TERM") == (None if obeys else "dumb")


def test_the_language_of_windows_is_that_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows_console, "display_language", lambda: "vi_VN")
    assert language._of_locale({}, terminal=True) == "vi"
    assert language._of_locale({"LANG": "en_US.UTF-8"}, terminal=True) == "en"
    assert language._of_locale({}, terminal=False) == "en"


def test_a_reader_that_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows says EINVAL where others say EPIPE."""

    def gone(*_: Any) -> int:
        raise OSError(22, "Invalid argument")

    for platform, expected in (("win32", BrokenPipeError), ("linux", OutputError)):
        monkeypatch.setattr(sys, "platform", platform)
        base = type("Base", (io.RawIOBase,), {"write": gone})
        stream = type("Stream", (process._Answer, base), {})()
        with pytest.raises(expected):
            stream.write(b"x")


def test_devices_without_numbers_are_not_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-o nul` is not what stdout is, though Windows says of both: device 0, number 0."""
    nothing = os.stat_result((0o20666, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    monkeypatch.setattr(os, "stat", lambda *_, **__: nothing)
    monkeypatch.setattr(os, "fstat", lambda *_: nothing)
    assert output._standing(Path("nul")) is None


def test_folders_of_parquet_in_a_path_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "PurePath", PureWindowsPath)
    path = r"C:\sales\month=2024-01\shop=Hu%E1%BA%BF\part-0.parquet"
    assert parquet.partitions(path) == [("month", "2024-01"), ("shop", "Huế")]
