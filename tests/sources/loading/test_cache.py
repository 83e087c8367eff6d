"""Tables kept between runs: the same answers, never of another file."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from crm_kpi import marked, sources
from crm_kpi.config import load_config
from crm_kpi.errors import DataError
from crm_kpi.messages import Message
from crm_kpi.results import SourceAudit
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.loading import cache, secret
from tests.sources.conftest import files_of_at_most

OPTIONS = ReadOptions(date(2024, 12, 31))
ROWS = "customer_id,date,amount\nA,2024-01-31,10.50\nB,2024-02-01,20\nB,2024-02-30,20\n" + (
    "C,2024-03-01,1\n" * 200
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "crm-kpi"


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


class Counted:
    """`sources.load_all`, how often it was called, and what the user was told."""

    def __init__(self) -> None:
        self.calls = 0
        self.told: list[str] = []

    def __call__(self, specs: cache.SpecsByTable, options: ReadOptions) -> dict[str, LoadedTable]:
        self.calls += 1
        return sources.load_all(specs, options)


def read(path: Path, load: Counted, options: ReadOptions = OPTIONS) -> LoadedTable:
    specs = {"transactions": [SourceSpec("transactions", (str(path),))]}
    folder = path.parent / "kept"
    return cache.load_all(specs, options, folder, load, load.told.append)["transactions"]


def same(one: LoadedTable, other: LoadedTable) -> bool:
    return (
        one.frame.equals(other.frame)
        and one.rejected.equals(other.rejected)
        and one.audit == other.audit
    )


def entry_of(path: Path) -> Path:
    (entry,) = (path.parent / "kept").glob("[0-9a-f]*")
    return entry


def test_the_second_run_reads_no_file_and_says_the_same(sales: Path) -> None:
    load = Counted()
    first, second = read(sales, load), read(sales, load)
    assert load.calls == 1
    assert first.frame.equals(second.frame)
    assert first.frame.schema == second.frame.schema
    assert first.rejected.equals(second.rejected)
    assert first.audit == second.audit
    assert first.audit.rejected == 1
    assert (first.columns, first.headers, first.currency, first.unique) == (
        second.columns, second.headers, second.currency, second.unique,
    )  # fmt: skip


def test_messages_keep_their_keys_and_values(sales: Path) -> None:
    sales.write_text(
        "Mã KH;Ngày mua;Tổng tiền;kind\nA;31/12/2024;1.250,5;trả hàng\nB;32/12/2024;1,5;mua\n"
        "B;30/12/2025;1,5;mua\n" + "B;30/12/2024;1,5;mua\n" * 99,
        encoding="utf-8",
    )
    load = Counted()
    audits = [read(sales, load).audit for _ in range(2)]
    assert load.calls == 1
    kept, again = ([*map(remembered, said_in(audit))] for audit in audits)
    assert kept == again
    keys = {message[0] for message in kept if isinstance(message, tuple)}
    assert {"parsing.proved", "checks.positive_refunds", "loading.day_first"} <= keys
    assert {"sources.not_a_date", "parsing.declare_dates"} <= keys


def said_in(audit: SourceAudit) -> list[str | None]:
    problems = [words for problem in audit.problems for words in (problem.reason, problem.hint)]
    return [*audit.notes, *audit.assumed, *audit.reasons, *problems]


def remembered(message: object) -> object:
    """The key and the values of a message, and of those within it."""
    if isinstance(message, Message):
        return message.key, {name: remembered(value) for name, value in message.values.items()}
    return [*map(remembered, message)] if isinstance(message, tuple) else message


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


def test_order_in_the_config_is_another_entry(sales: Path) -> None:
    """Answers name columns in the order they were read in."""
    load = Counted()
    read(sales, load, replace(OPTIONS, scales={"nps": (0, 10), "ces": (1, 7)}))
    read(sales, load, replace(OPTIONS, scales={"ces": (1, 7), "nps": (0, 10)}))
    assert load.calls == 2


def test_a_file_that_changes_while_it_is_read_is_not_kept(sales: Path) -> None:
    def load(specs: cache.SpecsByTable, options: ReadOptions) -> dict[str, LoadedTable]:
        sales.write_text(ROWS + "D,2024-03-02,1\n", encoding="utf-8")
        return sources.load_all(specs, options)

    specs = {"transactions": [SourceSpec("transactions", (str(sales),))]}
    cache.load_all(specs, OPTIONS, sales.parent / "kept", load, pytest.fail)
    assert not list((sales.parent / "kept").glob("[0-9a-f]*"))


def test_the_oldest_entries_go(sales: Path) -> None:
    load = Counted()
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert len(list((sales.parent / "kept").glob("[0-9a-f]*"))) == cache.KEPT
    assert not load.told


def test_what_is_no_regular_file_is_read_every_time(tmp_path: Path) -> None:
    load = Counted()
    with pytest.raises(DataError):
        read(tmp_path / "absent.csv", load)
    assert load.calls == 1


def test_where_tables_are_kept(home: Path, tmp_path: Path) -> None:
    assert load_config(None, []).cache_folder() is None
    assert load_config(None, ["cache=true"]).cache_folder() == home
    config = tmp_path / "crm-kpi.yaml"
    config.write_text("cache: kept\n")
    assert load_config(config).cache_folder() == tmp_path / "kept" / ".crm-kpi-cache"


# --- What proves itself is believed, and nothing else


def changed(entry: Path) -> None:
    """As somebody would change it who knows the layout, but not the key."""
    frame = pl.read_parquet(entry / "transactions.parquet")
    buffer = BytesIO()
    frame.with_columns(pl.lit("Z").alias("customer_id")).write_parquet(buffer)
    (entry / "transactions.parquet").write_bytes(buffer.getvalue())


def changed_with_its_hash(entry: Path) -> None:
    import hashlib

    changed(entry)
    text, seal = (entry / "about.json").read_bytes().split(b"\n")
    about = json.loads(text)
    data = (entry / "transactions.parquet").read_bytes()
    about["transactions"]["frame"] |= {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (entry / "about.json").write_bytes(json.dumps(about).encode() + b"\n" + seal)


def other_rows_told(entry: Path) -> None:
    file = entry / "about.json"
    file.write_bytes(file.read_bytes().replace(b'"used": 202', b'"used": 203'))


def replaced(name: str, data: bytes) -> Callable[[Path], None]:
    def change(entry: Path) -> None:
        (entry / name).write_bytes(data)

    change.__name__ = f"{name}-{data[:12]!r}"
    return change


def huge(entry: Path) -> None:
    os.truncate(entry / "about.json", 1 << 40)


def pipe(entry: Path) -> None:
    (entry / "about.json").unlink()
    os.mkfifo(entry / "about.json")


def folder_for_a_file(entry: Path) -> None:
    (entry / "transactions.parquet").unlink()
    (entry / "transactions.parquet").mkdir()


def open_to_others(entry: Path) -> None:
    entry.chmod(0o777)


SHAPES = [b"", b"[]", b"{}", b"1", b"null", b"[" * 100_000, b"\xff\xfe", b'{"transactions": 1}\n00']


@pytest.mark.parametrize(
    "damage",
    [changed, changed_with_its_hash, other_rows_told]
    + [huge, pipe, folder_for_a_file, open_to_others]
    + [replaced("about.json", shape) for shape in SHAPES]
    + [replaced("transactions.parquet", shape) for shape in (b"", b"PAR1")],
)
def test_an_entry_that_does_not_prove_itself(sales: Path, damage: Callable[[Path], None]) -> None:
    load = Counted()
    right = read(sales, load)
    damage(entry_of(sales))
    assert same(read(sales, load), right)
    assert load.calls == 2
    assert len(load.told) == 1
    assert load.told[0].startswith("the cache is passed over: ")


def test_a_damaged_entry_is_made_anew(sales: Path) -> None:
    load = Counted()
    read(sales, load)
    changed(entry_of(sales))
    read(sales, load)
    assert load.calls == 2
    read(sales, load)
    assert load.calls == 2
    assert len(load.told) == 1


@pytest.mark.parametrize("name", ["about.json", "transactions.parquet"])
def test_a_part_that_is_not_there_is_no_damage(sales: Path, name: str) -> None:
    """Another run may just remove the entry."""
    load = Counted()
    read(sales, load)
    (entry_of(sales) / name).unlink()
    read(sales, load)
    read(sales, load)
    assert load.calls == 2
    assert not load.told


@pytest.mark.parametrize("seed", range(5))
def test_bit_rot_anywhere_is_seen(sales: Path, seed: int) -> None:
    load = Counted()
    right = read(sales, load)
    for file in sorted(entry_of(sales).iterdir()):
        if file.name == marked.MARKER:
            continue  # nothing is computed from it
        data = bytearray(file.read_bytes())
        draw = random.Random(f"{file.name} {seed}")
        kind = seed % 3
        if kind == 0:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del data[draw.randrange(len(data)) :]
        else:
            start = draw.randrange(len(data))
            data[start : start + 64] = bytes(b ^ 0x55 for b in data[start : start + 64])
        file.write_bytes(data)
        load.told.clear()
        assert same(read(sales, load), right)
        assert len(load.told) == 1, file.name


def test_what_is_sealed_with_another_shape_is_passed_over(sales: Path) -> None:
    load = Counted()
    right = read(sales, load)
    entry = entry_of(sales)
    seal = cache._Entry(entry, secret.key())._seal
    for text in (b"[]", b"1", b'{"transactions": []}', b'{"transactions": {}}', b"[" * 100_000):
        (entry / "about.json").write_bytes(text + b"\n" + seal(text))
        load.told.clear()
        assert same(read(sales, load), right)
        assert len(load.told) == 1, text


def test_rows_are_counted(sales: Path) -> None:
    load = Counted()
    right = read(sales, load)
    entry = entry_of(sales)
    text = (entry / "about.json").read_bytes().split(b"\n")[0]
    about = json.loads(text)
    about["transactions"]["frame"]["rows"] += 1
    text = json.dumps(about).encode()
    seal = cache._Entry(entry, secret.key())._seal(text)
    (entry / "about.json").write_bytes(text + b"\n" + seal)
    assert same(read(sales, load), right)
    assert "rows in place of" in load.told[0]


def test_another_entry_is_no_answer(sales: Path) -> None:
    """Each is sealed together with its name."""
    load = Counted()
    read(sales, load)
    other = entry_of(sales)
    june = replace(OPTIONS, as_of=date(2024, 1, 31))
    right = read(sales, load, june)
    (mine,) = set((sales.parent / "kept").glob("[0-9a-f]*")) - {other}
    shutil.rmtree(mine)
    shutil.copytree(other, mine)
    assert same(read(sales, load, june), right)
    assert load.calls == 3
    assert len(load.told) == 1


# --- The key


def test_no_repository_takes_it(sales: Path) -> None:
    read(sales, Counted())
    assert (sales.parent / "kept" / ".gitignore").read_text() == "*\n"


def test_the_key_is_the_users_alone_and_not_in_a_shared_folder(sales: Path, home: Path) -> None:
    read(sales, Counted())
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert len((home / "key").read_bytes()) == secret.BYTES
    assert not list((sales.parent / "kept").rglob("key"))


def test_without_its_key_nothing_is_believed(sales: Path, home: Path) -> None:
    load = Counted()
    read(sales, load)
    (home / "key").unlink()
    read(sales, load)
    assert (load.calls, len(load.told)) == (2, 1)
    read(sales, load)
    assert (load.calls, len(load.told)) == (2, 1)  # a new key, a new entry


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: key.write_bytes(b"short"),
        lambda key: key.write_bytes(b""),
        lambda key: key.write_bytes(bytes(1000)),
        lambda key: key.chmod(0o644),
        lambda key: (key.unlink(), key.mkdir()),
        link,
        lambda key: key.parent.chmod(0o777),
        lambda key: (key.parent / marked.MARKER).unlink(),
    ],
)
def test_a_key_that_is_not_to_be_trusted(
    sales: Path, home: Path, damage: Callable[[Path], object]
) -> None:
    load = Counted()
    right = read(sales, load)
    damage(home / "key")
    assert same(read(sales, load), right)
    assert (load.calls, len(load.told)) == (2, 1)
    assert str(home) in load.told[0]


def test_who_has_no_home_has_no_cache(sales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "user_folder", lambda: Path("crm-kpi"))
    monkeypatch.chdir(sales.parent)
    load = Counted()
    read(sales, load)
    assert load.told == ["the cache is passed over: there is no home folder for its key"]
    assert [path.name for path in sales.parent.iterdir()] == ["sales.csv"]


# --- Folders that are not to be used


def foreign(folder: Path) -> None:
    folder.mkdir()
    (folder / "precious.txt").write_text("x")


def foreign_marker(folder: Path) -> None:
    folder.mkdir()
    (folder / marked.MARKER).write_text("Signature: 8a477f597d28d172789f06886806bc55\n# mine\n")


def linked(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere")
    marked.claim(elsewhere)
    folder.symlink_to(elsewhere)


def linked_to_nowhere(folder: Path) -> None:
    folder.symlink_to(folder.with_name("nowhere"))


def world_writable(folder: Path) -> None:
    marked.claim(folder)
    folder.chmod(0o777)


def group_writable(folder: Path) -> None:
    marked.claim(folder)
    folder.chmod(0o770)


def in_an_open_folder(folder: Path) -> None:
    folder.parent.chmod(0o777)


def a_file(folder: Path) -> None:
    folder.write_text("a file")


@pytest.mark.parametrize(
    "place",
    [
        foreign,
        foreign_marker,
        a_file,
        linked,
        linked_to_nowhere,
        world_writable,
        group_writable,
        in_an_open_folder,
    ],
)
def test_a_folder_that_is_not_ours_alone(sales: Path, place: Callable[[Path], None]) -> None:
    place(sales.parent / "kept")
    before = sorted(sales.parent.rglob("*"))
    load = Counted()
    read(sales, load)
    read(sales, load)
    assert load.calls == 2
    assert len(load.told) == 2
    assert all(sentence.startswith("the cache is passed over: ") for sentence in load.told)
    now = [path for path in sorted(sales.parent.rglob("*")) if "home" not in path.parts]
    assert now == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_a_folder_of_somebody_else(sales: Path) -> None:
    marked.claim(sales.parent / "kept")
    os.chown(sales.parent / "kept", 12345, 12345)
    load = Counted()
    read(sales, load)
    assert "belongs to somebody else" in load.told[0]


def test_a_folder_where_the_sticky_bit_protects_ours(sales: Path) -> None:
    sales.parent.chmod(0o1777)
    load = Counted()
    read(sales, load)
    read(sales, load)
    assert (load.calls, load.told) == (1, [])


@pytest.mark.parametrize("size", [0, 16, 512])
def test_a_disk_that_takes_no_more(sales: Path, size: int) -> None:
    load = Counted()
    with files_of_at_most(size):
        found = read(sales, load)
    assert len(load.told) == 1
    assert "File too large" in load.told[0]
    assert same(found, read(sales, load))
    assert not list((sales.parent / "kept").glob(".draft-*"))


def test_polars_may_fail_too(sales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("no space")

    load = Counted()
    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        read(sales, load)
    assert load.told == [f"not kept in the cache {sales.parent / 'kept'}: no space"]


def test_what_could_not_be_read_again_is_not_kept(
    sales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LARGEST", 100)
    load = Counted()
    read(sales, load)
    assert load.told[0].startswith("not kept in the cache")
    assert not list((sales.parent / "kept").glob("[0-9a-f]*"))


def test_who_reads_the_files_says_what_is_wrong_with_them(
    sales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str) -> str:
        raise PermissionError(path)

    monkeypatch.setattr(cache, "_sha256", refused)
    load = Counted()
    read(sales, load)
    assert (load.calls, load.told) == (1, [])


# --- What is deleted, and what never is


def test_what_somebody_put_into_an_entry_survives(sales: Path) -> None:
    load = Counted()
    read(sales, load)
    entry = entry_of(sales)
    (entry / "precious.txt").write_text("x")
    read(sales, load)
    assert load.calls == 1
    changed(entry)
    read(sales, load)
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert (entry / "precious.txt").read_text() == "x"
    assert (entry / "transactions.parquet").exists()


def test_folders_of_other_names_and_without_marker_survive(sales: Path) -> None:
    load = Counted()
    read(sales, load)
    kept = sales.parent / "kept"
    mine = [kept / "abc", kept / ("a" * 64), kept / ("A" * 64), kept / ".draft-abcdefgh"]
    for folder in mine:
        folder.mkdir()
        (folder / "about.json").write_text("x")
        os.utime(folder, (0, 0))
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert all((folder / "about.json").read_text() == "x" for folder in mine)


def test_links_are_never_followed(sales: Path) -> None:
    load = Counted()
    right = read(sales, load)
    entry = entry_of(sales)
    elsewhere = sales.parent / "elsewhere"
    entry.rename(elsewhere)
    entry.symlink_to(elsewhere)
    assert same(read(sales, load), right)
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert len(list(elsewhere.iterdir())) == 4
    assert load.told
    assert entry.is_symlink()


def test_a_file_that_is_a_link_is_not_read(sales: Path) -> None:
    load = Counted()
    right = read(sales, load)
    file = entry_of(sales) / "transactions.parquet"
    link(file)
    assert same(read(sales, load), right)
    assert (load.calls, len(load.told)) == (2, 1)
    assert load.told[0].endswith("is a link")
    assert file.with_name("elsewhere").exists()


def test_a_folder_that_is_a_link_is_told_as_such(sales: Path) -> None:
    linked(sales.parent / "kept")
    load = Counted()
    read(sales, load)
    assert load.told[0].endswith("is no folder, or a link to one")


def test_a_draft_that_a_kill_left_is_swept_and_a_living_one_is_not(sales: Path) -> None:
    load = Counted()
    read(sales, load)
    kept = sales.parent / "kept"
    dead, alive = kept / ".draft-deadbeef", kept / ".draft-alive_00"
    shutil.copytree(entry_of(sales), dead)
    shutil.copytree(entry_of(sales), alive)
    (alive / marked.MARKER).unlink()
    with marked.held(alive):
        read(sales, load)
        assert not dead.exists()
        assert (alive / "about.json").exists()
    read(sales, load)
    assert not alive.exists()


def test_a_draft_of_the_key_is_swept(sales: Path, home: Path) -> None:
    read(sales, Counted())
    dead = home / ".draft-deadbeef"
    dead.mkdir()
    shutil.copy(home / "key", dead)
    shutil.copy(home / marked.MARKER, dead)
    read(sales, Counted())
    assert sorted(path.name for path in home.iterdir()) == [".gitignore", marked.MARKER, "key"]


def test_where_there_are_no_owners_and_no_locks(
    sales: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    for name in ("geteuid", "getuid", "O_NOFOLLOW"):
        monkeypatch.delattr(os, name)
    monkeypatch.setattr(marked, "fcntl", None)
    monkeypatch.setattr(marked, "user_folder", lambda: home)
    monkeypatch.setattr(sys, "platform", "win32")
    load = Counted()
    right = read(sales, load)
    assert same(read(sales, load), right)
    assert (load.calls, load.told) == (1, [])
    changed(entry_of(sales))
    assert same(read(sales, load), right)
    assert (load.calls, len(load.told)) == (2, 1)
    for day in range(1, cache.KEPT + 4):
        read(sales, load, replace(OPTIONS, as_of=date(2024, 12, day)))
    assert len(list((sales.parent / "kept").glob("[0-9a-f]*"))) == cache.KEPT
    assert len(load.told) == 1


# --- Parallel runs


def test_who_comes_second_leaves_what_the_first_has_kept(sales: Path) -> None:
    first: list[os.stat_result] = []

    def slow(specs: cache.SpecsByTable, options: ReadOptions) -> dict[str, LoadedTable]:
        read(sales, Counted())
        first.append(entry_of(sales).stat())
        return sources.load_all(specs, options)

    specs = {"transactions": [SourceSpec("transactions", (str(sales),))]}
    cache.load_all(specs, OPTIONS, sales.parent / "kept", slow, pytest.fail)
    assert os.path.samestat(entry_of(sales).stat(), first[0])


def _run(path: str, folder: str, day: int) -> tuple[str, list[str]]:
    told: list[str] = []
    specs = {"transactions": [SourceSpec("transactions", (path,))]}
    options = replace(OPTIONS, as_of=date(2024, 12, day))
    found = cache.load_all(specs, options, Path(folder), sources.load_all, told.append)
    table = found["transactions"]
    return f"{table.frame.write_csv()}{table.audit}", told


def test_parallel_runs_say_the_same_and_no_word(sales: Path) -> None:
    """They race for the folder, the key, entries, and which of them go."""
    kept = str(sales.parent / "kept")
    days = [day for _ in range(4) for day in range(1, cache.KEPT + 4)]
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        answers = pool.starmap(_run, [(str(sales), kept, day) for day in days], chunksize=1)
    assert len({text for text, _ in answers}) == 1
    assert [told for _, told in answers if told] == []
