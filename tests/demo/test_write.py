"""What `write` promises: the same bytes, the files named, nothing overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

import crm_kpi.demo
from crm_kpi.errors import OutputError, UsageError
from crm_kpi.tables import TABLES

from .answers import ANSWERS
from .conftest import SAMPLES


def test_ten_tables_and_a_config_are_written(written: list[Path]) -> None:
    assert [path.name for path in written] == [f"{name}.csv" for name in TABLES] + ["crm-kpi.yaml"]
    assert sorted(written) == sorted(written[0].parent.iterdir())


def test_nothing_else_is_among_the_samples(written: list[Path]) -> None:
    names = {path.name for path in written} | {"README.md", ".gitattributes"}
    assert {path.name for path in SAMPLES.iterdir()} == names
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 1_500_000


def test_the_readme_lists_every_known_answer() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for known in ANSWERS:
        command = f"crm-kpi {known.metric.replace('_', '-')} {shown(known.options)}`"
        line = next((line for line in readme.splitlines() if command in line), None)
        assert line is not None, command
        assert f"| {known.value:,} |" in line, line


def shown(options: tuple[str, ...]) -> str:
    return " ".join(f'"{o}"' if " " in o else o for o in options)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Pinned, so that it is seen on every platform and Python that runs this test."""
    digest = hashlib.sha256()
    for path in crm_kpi.demo.write(tmp_path, customers=1000, seed=42):
        digest.update(path.read_bytes())
    assert digest.hexdigest() == (
        "cbc4f7de38a1935ddb7be5c157377c14524acf75eb88302303f01614d65636b3"
    )


def test_another_seed_gives_other_data(written: list[Path], tmp_path: Path) -> None:
    for path in crm_kpi.demo.write(tmp_path, seed=8)[:-1]:
        assert path.read_bytes() != (written[0].parent / path.name).read_bytes(), path.name


def test_dialects_differ(written: list[Path]) -> None:
    contents = {path.stem: path.read_bytes() for path in written}
    assert [name for name, data in contents.items() if data.startswith(b"\xef\xbb\xbf")] == [
        "transactions"
    ]
    assert [name for name, data in contents.items() if b"\r\n" in data] == ["transactions"]
    assert contents["tickets"].startswith(b"ticket_id;customer_id;")
    assert all(data.endswith(b"\n") for data in contents.values())


def test_the_config_names_every_table(written: list[Path]) -> None:
    config = yaml.safe_load(written[-1].read_text(encoding="utf-8"))
    assert config["sources"] == {name: {"path": f"{name}.csv"} for name in TABLES}


@pytest.mark.parametrize("customers", [-1, 0, 100_001])
def test_sizes_out_of_range_are_refused(tmp_path: Path, customers: int) -> None:
    with pytest.raises(UsageError, match=f"{customers} customers"):
        crm_kpi.demo.write(tmp_path / "new", customers=customers)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["costs.csv", "crm-kpi.yaml"])
def test_files_that_are_there_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=name):
        crm_kpi.demo.write(tmp_path, customers=1)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="taken"):
        crm_kpi.demo.write(tmp_path / "taken", customers=1)


def test_folders_are_made(tmp_path: Path) -> None:
    assert len(crm_kpi.demo.write(tmp_path / "a" / "b", customers=1)) == 11
