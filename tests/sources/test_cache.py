"""Tables kept between runs: the same answers, never of another file."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.config import load_config
from crm_kpi.sources import Loaded, ReadOptions, SourceSpec, cache

OPTIONS = ReadOptions(date(2024, 12, 31))
ROWS = "customer_id,date,amount\nA,2024-01-31,10.50\nB,2024-02-01,20\nB,2024-02-30,20\n" + (
    "C,2024-03-01,1\n" * 200
)


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


class Counted:
    """`sources.load_all`, and how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, specs: cache.Specs, options: ReadOptions) -> dict[str, Loaded]:
        self.calls += 1
        return sources.load_all(specs, options)


def read(path: Path, load: Counted, options: ReadOptions = OPTIONS) -> Loaded:
    specs = {"transactions": [SourceSpec("transactions", (str(path),))]}
    return cache.load_all(specs, options, path.parent / "kept", load)["transactions"]


def test_the_second_run_reads_no_file_and_says_the_same(sales: Path) -> None:
    load = Counted()
    first, second = read(sales, load), read(sales, load)
    assert load.calls == 1
    assert first.frame.equals(second.frame)
    assert first.frame.schema == second.frame.schema
    assert first.rejected.equals(second.rejected)
    assert first.account == second.account
    assert first.account.rejected == 1
    assert (first.columns, first.headers, first.currency, first.unique) == (
        second.columns, second.headers, second.currency, second.unique,
    )  # fmt: skip


def test_a_changed_file_is_read_again_whatever_its_date_and_size_say(sales: Path) -> None:
    load = Counted()
    read(sales, load)
    before = os.stat(sales)
    sales.write_text(ROWS.replace("10.50", "10.51"), encoding="utf-8")
    os.utime(sales, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(sales).st_size == before.st_size
    assert str(read(sales, load).frame["amount"][0]) == "10.5100"
    sales.write_text(ROWS, encoding="utf-8")
    assert str(read(sales, load).frame["amount"][0]) == "10.5000"
    assert load.calls == 2  # the first entry is still there


@pytest.mark.parametrize(
    "change",
    [{"as_of": date(2024, 6, 30)}, {"timezone": "Asia/Ho_Chi_Minh"}, {"currency": "VND"},
     {"texts": {"transactions": frozenset({"channel"})}}],
)  # fmt: skip
def test_another_way_to_read_is_another_entry(sales: Path, change: dict[str, object]) -> None:
    load = Counted()
    read(sales, load)
    read(sales, load, replace(OPTIONS, **change))  # type: ignore[arg-type]
    assert load.calls == 2


def test_another_version_of_the_program_is_another_entry(
    sales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Counted()
    read(sales, load)
    monkeypatch.setattr(cache, "__version__", "another")
    read(sales, load)
    assert load.calls == 2


@pytest.mark.parametrize("name", ["about.json", "transactions.parquet"])
def test_a_damaged_entry_is_made_anew(sales: Path, name: str) -> None:
    load = Counted()
    read(sales, load)
    (file,) = (sales.parent / "kept").glob(f"*/{name}")
    file.write_bytes(file.read_bytes()[:50])
    read(sales, load)
    assert load.calls == 2
    read(sales, load)
    assert load.calls == 2


def test_a_file_that_changes_while_it_is_read_is_not_kept(sales: Path) -> None:
    def load(specs: cache.Specs, options: ReadOptions) -> dict[str, Loaded]:
        sales.write_text(ROWS + "D,2024-03-02,1\n", encoding="utf-8")
        return sources.load_all(specs, options)

    specs = {"transactions": [SourceSpec("transactions", (str(sales),))]}
    cache.load_all(specs, OPTIONS, sales.parent / "kept", load)
    assert not (sales.parent / "kept").exists()


def test_the_oldest_entries_go(sales: Path) -> None:
    load = Counted()
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert len(list((sales.parent / "kept").iterdir())) == cache.KEPT


def test_a_folder_that_cannot_be_written_is_noted(sales: Path) -> None:
    (sales.parent / "kept").write_text("a file")
    found = read(sales, Counted())
    assert any(note.startswith("not kept in the cache") for note in found.account.notes)


def test_what_is_no_regular_file_is_read_every_time(tmp_path: Path) -> None:
    load = Counted()
    with pytest.raises(sources.loading.DataError):
        read(tmp_path / "absent.csv", load)
    assert load.calls == 1


def test_where_tables_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert load_config(None, []).cache_folder() is None
    assert load_config(None, ["cache=true"]).cache_folder() == tmp_path / "crm-kpi"
    config = tmp_path / "crm-kpi.yaml"
    config.write_text("cache: kept\n")
    assert load_config(config).cache_folder() == tmp_path / "kept"
