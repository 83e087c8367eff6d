"""Where outputs lead: links of others in shared folders, and what stands at the end."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.cli import destination
from crm_kpi.cli.destination import Destination, PlantedError, located
from crm_kpi.cli.output import opened
from crm_kpi.errors import OutputError

from .conftest import Run

US, OWNER, STRANGER = 1000, 1001, 1002
LINK, FILE, PIPE, FOLDER = stat.S_IFLNK, stat.S_IFREG, stat.S_IFIFO, stat.S_IFDIR
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")


def put(path: Path, text: str = "new") -> None:
    with opened(path) as stream:
        stream.write(text)


def status(mode: int, uid: int) -> os.stat_result:
    return os.stat_result((mode, 1, 1, 1, uid, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("folder", "kind", "owner", "refused"),
    [
        (0o1777, LINK, STRANGER, True),
        (0o777, LINK, STRANGER, True),
        (0o1770, LINK, STRANGER, True),
        (0o775, LINK, STRANGER, True),
        (0o755, LINK, STRANGER, False),
        (0o1777, LINK, US, False),
        (0o1777, LINK, OWNER, False),
        (0o777, PIPE, STRANGER, True),
        (0o777, stat.S_IFCHR, STRANGER, True),
        (0o755, PIPE, STRANGER, False),
        (0o1777, FILE, STRANGER, True),
        (0o1775, FILE, STRANGER, True),
        (0o777, FILE, STRANGER, False),
        (0o1777, FILE, US, False),
        (0o1777, FILE, OWNER, False),
        (0o1777, FOLDER, STRANGER, False),
    ],
)
def test_what_a_stranger_put_there(
    monkeypatch: pytest.MonkeyPatch, folder: int, kind: int, owner: int, refused: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: US)
    monkeypatch.setattr(os, "fstat", lambda number: status(stat.S_IFDIR | folder, OWNER))
    place = Destination(0, "a")
    if refused:
        with pytest.raises(PlantedError, match=r"a is .* that somebody else"):
            place.refuse_planted(status(kind | 0o777, owner))
    else:
        place.refuse_planted(status(kind | 0o777, owner))


@root
class TestStranger:
    @pytest.fixture
    def shared(self, tmp_path: Path) -> Path:
        folder = tmp_path / "shared"
        folder.mkdir()
        folder.chmod(0o1777)
        (tmp_path / "victim").mkdir()
        (tmp_path / "victim" / "a").write_text("precious")
        return folder

    def planted(self, shared: Path, name: str, text: str) -> None:
        (shared / name).symlink_to(text)
        os.chown(shared / name, 1, 1, follow_symlinks=False)

    @pytest.mark.parametrize(
        ("planted", "text", "output"),
        [
            ("a", "../victim/a", "shared/a"),
            ("a", "{}/victim/a", "shared/a"),
            ("a", "../victim/new", "shared/a"),
            ("dir", "../victim", "shared/dir/a"),
            ("dir", "../victim", "shared/dir/../victim/a"),
            ("dir", "../victim", "mine"),
            ("a", "../victim/a", "chain"),
        ],
    )
    def test_link_is_not_followed(
        self, shared: Path, tmp_path: Path, planted: str, text: str, output: str
    ) -> None:
        self.planted(shared, planted, text.format(tmp_path))
        (tmp_path / "mine").symlink_to("shared/dir/a")
        (tmp_path / "chain").symlink_to("between")
        (tmp_path / "between").symlink_to("shared/a")
        with pytest.raises(OutputError, match=f"{planted} is a link that somebody else") as caught:
            put(tmp_path / output)
        assert "nobody else writes to" in str(caught.value.hint)
        assert {p.name: p.read_text() for p in (tmp_path / "victim").iterdir()} == {"a": "precious"}

    def test_file_is_not_taken_over(self, shared: Path) -> None:
        (shared / "a").write_text("old")
        os.chown(shared / "a", 1, 1)
        with pytest.raises(OutputError, match="a is a file that somebody else"):
            put(shared / "a")
        shared.chmod(0o777)
        put(shared / "a")
        assert (shared / "a").stat().st_uid == os.geteuid()

    def test_pipe_gets_nothing(self, shared: Path) -> None:
        os.mkfifo(shared / "a")
        os.chown(shared / "a", 1, 1)
        with pytest.raises(OutputError, match="a is a pipe that somebody else"):
            put(shared / "a")

    def test_group_of_the_old_file_hands_no_rights_to_ours(self, shared: Path) -> None:
        (shared / "a").write_text("old")
        os.chown(shared / "a", -1, 1)
        (shared / "a").chmod(0o664)
        put(shared / "a")
        found = (shared / "a").stat()
        assert (found.st_gid, found.st_mode & 0o777) == (os.getegid(), 0o644)

    @pytest.mark.parametrize(
        "words",
        [
            ("customers", "customers.csv", "-o", "shared/link/a"),
            ("validate", "customers.csv", "--clean", "shared/link/new"),
            ("init", "customers.csv", "-o", "shared/link/a"),
            ("demo", "shared/link/new", "--customers", "10"),
        ],
    )
    def test_every_command_that_writes(
        self, crm_kpi: Run, customers: Path, shared: Path, tmp_path: Path, words: tuple[str, ...]
    ) -> None:
        (tmp_path / "victim" / "a").unlink()
        self.planted(shared, "link", "../victim")
        done = crm_kpi(*words)
        assert (done.returncode, list((tmp_path / "victim").iterdir())) == (5, [])
        assert "link is a link that somebody else (user 1) put into a folder" in done.stderr


class TestDraft:
    def test_nobody_else_reads_it(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            with opened(tmp_path / "a") as stream:
                stream.write("secret")
                (draft,) = tmp_path.iterdir()
                assert draft.stat().st_mode & 0o777 == 0o600
        finally:
            os.umask(before)
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666

    def test_right_to_act_as_the_owner_is_not_handed_on(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")
        (tmp_path / "a").chmod(0o4755)
        put(tmp_path / "a")
        assert (tmp_path / "a").stat().st_mode & 0o7777 == 0o755

    def test_other_names_of_the_file_keep_the_old_content(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("old")
        os.link(tmp_path / "a", tmp_path / "b")
        put(tmp_path / "a")
        assert ((tmp_path / "a").read_text(), (tmp_path / "b").read_text()) == ("new", "old")


class TestPath:
    def test_chain_of_our_links_leads_to_its_end(self, tmp_path: Path) -> None:
        (tmp_path / "sub" / "deep").mkdir(parents=True)
        (tmp_path / "one").symlink_to("sub/deep/")
        (tmp_path / "sub" / "deep" / "two").symlink_to("../three")
        (tmp_path / "sub" / "three").symlink_to(tmp_path / "end")
        put(tmp_path / "one" / ".." / "deep" / "two")
        assert (tmp_path / "end").read_text() == "new"

    def test_loop_of_links(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        with pytest.raises(OutputError, match="Too many levels of symbolic links"):
            put(tmp_path / "a")

    def test_folder_that_may_be_passed_but_not_listed(self, tmp_path: Path) -> None:
        (tmp_path / "closed" / "open").mkdir(parents=True)
        (tmp_path / "closed").chmod(0o111)
        try:
            put(tmp_path / "closed" / "open" / "a")
        finally:
            (tmp_path / "closed").chmod(0o755)
        assert (tmp_path / "closed" / "open" / "a").read_text() == "new"

    def test_folder_that_vanishes_meanwhile(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()

        def write() -> None:
            with opened(tmp_path / "sub" / "a") as stream:
                stream.write("new")
                for draft in (tmp_path / "sub").iterdir():
                    draft.unlink()
                (tmp_path / "sub").rmdir()

        with pytest.raises(OutputError, match="No such file"):
            write()
        assert list(tmp_path.iterdir()) == []

    def test_stays_in_the_folder_that_was_reached(self, tmp_path: Path) -> None:
        """Though another one takes its name while the answer is computed."""
        (tmp_path / "sub").mkdir()
        with opened(tmp_path / "sub" / "a") as stream:
            stream.write("new")
            (tmp_path / "sub").rename(tmp_path / "moved")
            (tmp_path / "sub").mkdir()
        assert (tmp_path / "moved" / "a").read_text() == "new"
        assert list((tmp_path / "sub").iterdir()) == []

    def test_link_that_is_put_there_meanwhile_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "victim").write_text("precious")
        with opened(tmp_path / "a") as stream:
            stream.write("new")
            (tmp_path / "a").symlink_to("victim")
        assert (tmp_path / "victim").read_text() == "precious"
        assert (tmp_path / "a").stat().st_mode & 0o111 == 0
        assert not (tmp_path / "a").is_symlink()

    def test_descriptor_by_name(self, tmp_path: Path) -> None:
        """As the shell's >(gzip) gives it."""
        reader, writer = os.pipe()
        put(Path(f"/dev/fd/{writer}"))
        os.close(writer)
        with os.fdopen(reader) as pipe:
            assert pipe.read() == "new"

    def test_no_descriptor(self) -> None:
        with pytest.raises(OutputError, match="Bad file descriptor"):
            put(Path("/dev/fd/999999"))

    @pytest.mark.parametrize("missing", ["_RELATIVE", "O_PATH"])
    def test_on_systems_that_have_less(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        if missing == "_RELATIVE":
            monkeypatch.setattr(destination, missing, False)
            for name in ("fchmod", "geteuid"):
                monkeypatch.delattr(os, name)
        else:
            monkeypatch.delattr(os, missing)
        (tmp_path / "sub").mkdir()
        (tmp_path / "link").symlink_to("sub")
        for text in ("one", "two"):
            put(tmp_path / "link" / "a", text)
            assert (tmp_path / "sub" / "a").read_text() == text
        with located(tmp_path / "new" / "er" / "-", make_folders=True):
            assert (tmp_path / "new" / "er").is_dir()
        with pytest.raises(OutputError, match="it is a folder"):
            put(tmp_path / "link")


def test_read_only_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refusing(path: str, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            raise OSError(30, "Read-only file system")
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(OutputError, match="Read-only file system"):
        put(tmp_path / "a")
