"""What was told is remembered between runs, whole or not at all."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_kpi.errors import ConfigError, OutputError
from crm_kpi.notify import told
from crm_kpi.notify.told import ToldFinding

pytest.importorskip("filelock")

NOW = datetime(2024, 12, 31, 8, tzinfo=UTC)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "state" / told.NAME
    found = {"nps": ToldFinding("missed", NOW, {"ab": NOW - timedelta(days=1)})}
    with told.locked(path) as before:
        assert before.to("boss") == {}
        before.keep("boss", found)
        before.keep("none", {})
    assert told.read(path).to("boss") == found
    assert list(json.loads(path.read_text())["recipients"]) == ["boss"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(p.name for p in path.parent.iterdir()) in (
        ["notify.json"],
        ["notify.json", "notify.lock"],
    )


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "no", '{"version": 2, "recipients": {}}', '{"version": 1, "recipients": []}',
     '{"version": 1, "recipients": {"a": {"b": {"level": "missed", "at": "2024-01-01"}}}}'],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path, content: str) -> None:
    """Customers would be written to once more."""
    path = tmp_path / told.NAME
    path.write_text(content)
    with pytest.raises(ConfigError, match="not as it was written"), told.locked(path):
        pass
    assert path.read_text() == content


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / told.NAME
    with (
        told.locked(path),
        pytest.raises(OutputError, match="another `crm-kpi notify`"),
        told.locked(path, patience=0.1),
    ):
        pass


def test_two_processes_tell_once(tmp_path: Path) -> None:
    """Each looks and tells under the lock: what one has told, the other does not."""
    path, log = tmp_path / told.NAME, tmp_path / "log"
    program = f"""
import time
from datetime import UTC, datetime
from pathlib import Path
from crm_kpi.notify import told
with told.locked(Path({str(path)!r})) as before:
    if not before.to("boss"):
        time.sleep(0.3)
        with open({str(log)!r}, "a") as file:
            file.write("told\\n")
        before.keep("boss", {{"nps": told.ToldFinding("missed", datetime.now(UTC))}})
"""
    runs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert log.read_text() == "told\n"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"), told.locked(tmp_path / "file" / "a"):
        pass
