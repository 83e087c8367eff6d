"""Temporary folders: gone when they are done with, also after a kill, and only ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crm_kpi import marked, tempfiles
from tests.sources.conftest import files_of_at_most


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this process."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def killed(temporary: Path) -> Path:
    """The folder of a process that was killed."""
    code = (
        "import os, signal; from crm_kpi import tempfiles\n"
        "with tempfiles.folder() as folder:\n"
        "    (folder / 'transactions.judged.0.parquet').write_text('x')\n"
        "    (folder / 'duckdb_temp_1_0_storage_DEFAULT-0.tmp').write_text('x')\n"
        "    print(folder, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    return Path(done.stdout.strip())


def swept() -> None:
    with tempfiles.folder():
        pass


def test_what_a_killed_run_left_is_swept(temporary: Path) -> None:
    folder = killed(temporary)
    assert folder.parent == temporary
    assert len(list(folder.iterdir())) == 3
    swept()
    assert not list(temporary.iterdir())


def test_the_folder_of_a_living_run_stays() -> None:
    with tempfiles.folder() as folder:
        (folder / "a.parquet").write_text("x")
        swept()
        assert (folder / "a.parquet").exists()


def test_what_is_not_ours_stays(temporary: Path) -> None:
    dead = killed(temporary)
    names = ("crm-kpi-unmarked", "crm-kpi-foreign_", "crm-kpi-of_more_letters", "other")
    for name in names:
        shutil.copytree(dead, temporary / name)
    (temporary / "crm-kpi-unmarked" / marked.MARKER).write_text("another's")
    (temporary / "crm-kpi-foreign_" / "precious.txt").write_text("x")
    elsewhere = temporary.parent / "elsewhere"
    shutil.copytree(dead, elsewhere)
    (temporary / "crm-kpi-linked00").symlink_to(elsewhere)
    shutil.copytree(dead, temporary / "crm-kpi-link_in0")
    (temporary / "crm-kpi-link_in0" / "b.parquet").symlink_to(elsewhere / "a.parquet")
    shutil.copytree(dead, temporary / "crm-kpi-open0000")
    (temporary / "crm-kpi-open0000").chmod(0o777)
    before = sorted(temporary.rglob("*"))
    swept()
    left = sorted(temporary.rglob("*"))
    assert left == [path for path in before if dead not in (path, path.parent)]
    assert len(list(elsewhere.iterdir())) == 3


def test_nothing_is_swept_where_everybody_may_replace_it(temporary: Path) -> None:
    dead = killed(temporary)
    temporary.chmod(0o777)
    swept()
    assert dead.exists()
    temporary.chmod(0o1777)
    swept()
    assert not dead.exists()


def test_a_folder_that_cannot_be_marked_is_used_all_the_same() -> None:
    with files_of_at_most(0), tempfiles.folder() as folder:
        assert folder.is_dir()
    assert not folder.exists()
