"""Where answers go: files that are whole or not there, pipes, devices, streams that are full."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crm_kpi import tempfiles
from crm_kpi.cli import address_space, process
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.errors import ExitCode, IdentityError, OutputError, UsageError
from crm_kpi.render.formats import CATALOGUE_FORMATS

from .conftest import ROOT, Run, environment


def put(path: Path, text: str = "new") -> None:
    with opened(path) as stream:
        stream.write(text)


class TestFile:
    def test_takes_the_place_of_the_old_one_with_its_rights(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_text("old")
        path.chmod(0o640)
        put(path)
        assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
        assert list(tmp_path.iterdir()) == [path]

    def test_new_one_has_the_rights_that_the_umask_leaves(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            put(tmp_path / "a")
        finally:
            os.umask(before)
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize("there", [True, False])
    def test_a_link_stays_a_link(self, tmp_path: Path, there: bool) -> None:
        if there:
            (tmp_path / "a").write_text("old")
        (tmp_path / "link").symlink_to("a")
        put(tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "a").read_text() == "new"

    def test_old_one_stays_when_the_writer_fails(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")

        def fail() -> None:
            with opened(tmp_path / "a") as stream:
                stream.write("half")
                raise IdentityError("a bug")

        with pytest.raises(IdentityError):
            fail()
        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old"}
        assert not tempfiles.files

    def test_two_writers_leave_one_whole_file(self, tmp_path: Path) -> None:
        def write(letter: str) -> None:
            for _ in range(20):
                put(tmp_path / "a", letter * 100_000)

        writers = [threading.Thread(target=write, args=(letter,)) for letter in "xy"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        text = (tmp_path / "a").read_text()
        assert (len(text), len(set(text))) == (100_000, 1)
        assert len(list(tmp_path.iterdir())) == 1

    @pytest.mark.parametrize(
        ("name", "reason", "hint"),
        [
            ("no/a", "No such file", "mkdir -p"),
            ("a" * 300, "too long", "check the name"),
            ("file/a", "Not a directory", "check the name"),
            (".", "it is a folder", "name a file in it"),
        ],
    )
    def test_that_cannot_be(self, tmp_path: Path, name: str, reason: str, hint: str) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match=reason) as caught:
            put(tmp_path / name)
        assert hint in str(caught.value.hint)
        refuse_inputs(tmp_path / name, [tmp_path / "b"])

    def test_that_must_not_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """root may write everything, so the answer is the system's, not the mode's."""
        (tmp_path / "a").write_text("old")
        monkeypatch.setattr(os, "access", lambda *_, **__: False)
        with pytest.raises(OutputError, match="Permission denied"):
            put(tmp_path / "a")
        assert (tmp_path / "a").read_text() == "old"

    def test_on_a_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(number: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        (tmp_path / "a").write_text("old")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            put(tmp_path / "a")
        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old"}


def test_an_input_is_refused_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "link").symlink_to("a.csv")
    for source in (tmp_path / "a.csv", tmp_path / "*.csv", tmp_path / "**" / "a*", tmp_path):
        with pytest.raises(UsageError, match=r"--clean .*link: this file is an input"):
            refuse_inputs(tmp_path / "link", [source], "--clean")
    refuse_inputs(tmp_path / "link", [tmp_path / "b*.csv", "-"])
    refuse_inputs(None, [tmp_path / "a.csv"])


class TestPipeOrDevice:
    def test_names_of_stdout_in_this_process(self, capsys: pytest.CaptureFixture[str]) -> None:
        for name in ("-", "/dev/stdout"):
            put(Path(name), name)
        assert capsys.readouterr().out == "-/dev/stdout"

    def test_pipe_gets_the_answer(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        found: list[str] = []
        reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_text()))
        reader.start()
        put(tmp_path / "pipe")
        reader.join()
        assert found == ["new"]
        assert (tmp_path / "pipe").is_fifo()

    def test_device_that_is_full(self) -> None:
        with pytest.raises(OutputError, match="/dev/full"):
            put(Path("/dev/full"))

    @pytest.mark.parametrize("name", ["-", "/dev/stdout"])
    def test_names_of_stdout(
        self, crm_kpi: Run, customers: Path, tmp_path: Path, name: str
    ) -> None:
        plain = crm_kpi("customers", customers, "-f", "csv").stdout
        assert crm_kpi("customers", customers, "-f", "csv", "-o", name).stdout == plain
        log = tmp_path / "log"
        log.write_text("before\n")
        command = f"{sys.executable} -m crm_kpi customers {customers} -f csv -o {name} >> {log}"
        subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment(), check=True)
        assert log.read_text() == f"before\n{plain}"
        assert not (tmp_path / "-").exists()

    def test_stderr_by_name(self, crm_kpi: Run, customers: Path) -> None:
        done = crm_kpi("customers", customers, "-f", "ndjson", "-q", "-o", "/dev/stderr")
        assert done.stdout == ""
        assert '"metric": "customers"' in done.stderr

    def test_stdout_that_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Full(io.StringIO):
            def flush(self) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(sys, "stdout", Full())
        with pytest.raises(OutputError, match="stdout: No space left"), opened(None) as stream:
            stream.write("x")

    def test_reader_that_went_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Gone(io.StringIO):
            def flush(self) -> None:
                raise BrokenPipeError

        monkeypatch.setattr(sys, "stdout", Gone())
        with pytest.raises(BrokenPipeError), opened(None) as stream:
            stream.write("x")


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["nps", "--help"], ["metrics"]])
@pytest.mark.parametrize(
    ("redirection", "code"),
    [("> /dev/full", 5), ("2> /dev/full", 0), (">&-", 5), ("2>&-", 0), ("| true", None)],
)
def test_streams_that_are_full_or_closed(
    words: list[str], redirection: str, code: int | None
) -> None:
    command = f"{sys.executable} -m crm_kpi {' '.join(words)} {redirection}"
    status, err = _in_shell(command)
    assert status in ((0, 141) if code is None else (code,))
    assert "Traceback" not in err
    if code == 5:
        assert "the answer cannot be written to stdout: " in err


def _in_shell(command: str) -> tuple[int, str]:
    """The program's own exit code, and what it says on stderr."""
    reader, writer = os.pipe()
    done = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}} >&{writer}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        pass_fds=(writer,),
    )
    os.close(writer)
    with os.fdopen(reader) as status:
        return int(status.read()), done.stderr


class TestBoundary:
    """What the one place that catches everything makes of it."""

    def code(self, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
        def fail() -> int:
            raise error

        monkeypatch.setattr(sys, "argv", ["crm-kpi"])
        return process.code_of(fail)

    def test_a_bug_does_not_quote_the_data(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Panic(BaseException):
            """As polars' own, which is no Exception."""

        for error in (ValueError("secret"), Panic("secret")):
            assert self.code(monkeypatch, error) == ExitCode.BUG
        err = capsys.readouterr().err
        assert "secret" not in err
        assert "ValueError in test_output.py:" in err
        assert "Panic in test_output.py:" in err

    def test_with_v_a_bug_says_all(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail() -> int:
            raise ValueError("a\x1b[31m")

        monkeypatch.setattr(sys, "argv", ["crm-kpi", "-v"])
        assert process.code_of(fail) == ExitCode.BUG
        assert "ValueError: a␛[31m" in capsys.readouterr().err

    def test_an_identity_says_what_does_not_hold(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.code(monkeypatch, IdentityError("rows do not add up")) == ExitCode.BUG
        assert "rows do not add up" in capsys.readouterr().err

    def test_no_memory(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.code(monkeypatch, MemoryError()) == ExitCode.USAGE
        assert "memory" in capsys.readouterr().err

    def test_a_long_cell_is_cut(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.code(monkeypatch, UsageError("x" * 10_000_000))
        assert len(capsys.readouterr().err) < 2000


def test_an_interrupt_takes_half_written_files_away(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from crm_kpi.cli import signals; from crm_kpi.cli.output import opened\n"
        "signals.watch()\n"
        "with opened(Path('a')) as stream:\n"
        "    stream.write('x' * 100_000); stream.flush(); print('half', flush=True)\n"
        "    time.sleep(60)\n"
    )
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        with subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(PYTHONPATH=str(ROOT)),
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"half\n"
            assert len(list(tmp_path.iterdir())) == 1
            process.send_signal(number)
            assert process.wait(timeout=20) == code
        assert list(tmp_path.iterdir()) == []


class TestMemory:
    @pytest.mark.parametrize("kib", [200_000, 700_000, 1_000_000, 1_500_000])
    def test_too_low_a_limit_is_said_at_once(
        self, customers: Path, kib: int, tmp_path: Path
    ) -> None:
        command = f"ulimit -v {kib}; exec {sys.executable} -m crm_kpi customers {customers}"
        done = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
            env=environment(),
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert f"memory limit of {kib >> 10} MiB (ulimit -v) is too low" in done.stderr
        assert "hint: ulimit -v" in done.stderr

    def test_where_there_are_no_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "resource", None)
        address_space.check()


def test_a_file_that_is_written_while_it_is_read(
    customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_kpi.sources.readers.csv import scan
    from tests.corpus.program import crm_kpi

    real = scan.scan

    def meanwhile(*given: object, **more: object) -> object:
        frame = real(*given, **more)  # type: ignore[arg-type]
        with customers.open("a") as file:
            file.write("LATE,2024-01-05,\n")
        return frame

    monkeypatch.setattr(scan, "scan", meanwhile)
    done = crm_kpi("customers", customers, "-f", "json")
    assert (done.code, done.out) == (3, "")
    assert "changed while it was read" in done.err


@pytest.mark.parametrize("words", [[], ["nps"], ["funnel"]], ids=lambda words: " ".join(words))
def test_the_catalogue_in_every_format(crm_kpi: Run, words: list[str]) -> None:
    written = {format: _catalogue(crm_kpi, words, format) for format in CATALOGUE_FORMATS}
    assert len(set(written.values())) == len(written)  # none is another one in disguise
    records = [json.loads(line) for line in written["ndjson"].splitlines()]
    told = json.loads(written["json"])
    assert records == (told if isinstance(told, list) else [told])
    header, *rows = csv.reader(io.StringIO(written["csv"]))
    assert header == list(records[0])
    assert [row[0] for row in rows] == [record["metric"] for record in records]
    markdown = written["markdown"]
    assert markdown.startswith("## ")
    assert "| --- |" in markdown
    assert all(record["title"] in markdown for record in records)
    assert "##" not in written["table"]


def _catalogue(crm_kpi: Run, words: list[str], format: str) -> str:
    done = crm_kpi("metrics", *words, "-f", format)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
