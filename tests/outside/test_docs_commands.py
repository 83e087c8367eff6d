"""Every `crm-kpi` command of the docs is run: it ends as it should, and prints what the page shows.

They run in their order in a copy of samples/, those that name it or the example beside it in the
folder above. Pages with several files of their own have a copy each; the others share one, in
which a command that stands on several of them is run once.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
import yaml

from crm_kpi.errors import ExitCode
from tests.corpus.program import Outcome, crm_kpi

from .docs_commands import PAGES, ROOT, Command, blocks, commands, files, of_line, parsed

ELSEWHERE = {
    "mcp": "serves until its client goes; tests/cli/test_assistants.py has one",
    "notify --test": "sends an e-mail over the network; tests/notify has a server for it",
    "fetching.md: nps": "needs the network; tests/cli/test_fetching.py fetches from loopback",
    "databases.md: report": "needs a database server; tests/sources starts some",
    "report --watch": "runs until Ctrl-C; tests/cli/test_watch.py ends it",
}
"""How a command begins that is parsed and not run, on all pages or on one, and why."""
STANDS_FOR = {"CUSTOMER": "KH0042", "FOLDER": "another", "ID": "nps", "METRIC": "revenue"}
STANDS_FOR |= {"NAME": "after_sale"}
"""Words in capitals, and one of what they stand for."""
MORE = {"forecast": ("--every", "month")}
"""What the samples need besides: their config asks for four quarters, too few to learn from."""
EXPORTS = {
    "november.csv": "customer_id,signup_date,left\nA,2024-01-05,no\nB,2024-11-30,no\n",
    "december.csv": "customer_id,signup_date,left\nA,2024-01-05,yes\nC,2024-12-31,no\n",
}
"""Files that only the reader has, in exports/."""
DAY_OF_RUN = "2025-01-02"
"""What the pages have for the day on which their commands are run."""
SCRIPT = re.compile(r"^python - <<'END' > (\S+)\n(.*?)^END$", re.MULTILINE | re.DOTALL)
APART = {page: [page] for page in PAGES if len([*files(page)]) > 1}
GROUPS = {None: [page for page in PAGES if page not in APART], **APART}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands are run, in it and in samples below; nothing of the user is touched."""
    exports = tmp_path / "samples" / "exports"
    shutil.copytree(ROOT / "samples", exports.parent)
    shutil.copy(ROOT / "config.example.yaml", tmp_path)
    exports.mkdir()
    for name, text in EXPORTS.items():
        (exports / name).write_text(text, encoding="utf-8")
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    monkeypatch.setattr(typer, "launch", lambda path: 0)
    return tmp_path


@pytest.fixture
def recipients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Those of the pages, all of them a server on loopback."""
    from tests.notify.servers import web

    with web() as server:
        for name in ("BOSS_URL", "SUPPORT_URL", "WRITERS_URL", "HO_TRO", "NGUOI_VIET"):
            monkeypatch.setenv(name, server.address())
        yield


@pytest.mark.parametrize("page", GROUPS, ids=lambda page: page.name if page else "others")
def test_every_command_runs(
    page: Path | None,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    pages = GROUPS[page]
    mine = dict.fromkeys(c for page in pages for c in commands(page) if not start(page, c))
    if any("--exec" in one.words for one in mine) and sys.platform == "win32":
        pytest.skip("a script is no program there")
    if any("notify" in one.words for one in mine):
        request.getfixturevalue("recipients")
    for with_files in pages:
        lay(with_files, folder / "samples")
    faults = []
    for one in mine:
        monkeypatch.chdir(place(one, folder))
        fault = fault_of(one, copy_context().run(run, one, monkeypatch))
        faults += [f"crm-kpi {one} {fault}"] if fault else []
    assert mine
    assert not faults, "\n".join(faults)


def test_what_is_not_run_is_parsed_and_stands_somewhere() -> None:
    exempt = [(start(page, one), one) for page in PAGES for one in commands(page)]
    assert {key for key, _ in exempt if key} == {*ELSEWHERE}
    for key, one in exempt:
        assert key is None or parsed([*one.words]) is not None


def start(page: Path, one: Command) -> str | None:
    """The key of `ELSEWHERE` with which the command begins."""
    text = " ".join((*one.words, ""))
    lines = (text, f"{page.name}: {text}")
    return next((key for key in ELSEWHERE if any(t.startswith(f"{key} ") for t in lines)), None)


def lay(page: Path, folder: Path) -> None:
    """The files that the page has, and what its scripts write."""
    for name, text in files(page):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if name == "crm-kpi.yaml":
            before, more = path.read_text("utf-8"), yaml.safe_load(text)
            keys = yaml.safe_load(before)
            merged = {key: {**keys.get(key, {}), **value} for key, value in more.items()}
            apart = keys.keys().isdisjoint(more)  # the lines stay where they are
            text = f"{before}\n{text}" if apart else yaml.safe_dump({**keys, **merged})
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    for block in blocks(page, "sh"):
        for name, script in SCRIPT.findall(block):
            words = [sys.executable, "-c", script]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            (folder / name).write_text(done.stdout, encoding="utf-8")


def place(one: Command, folder: Path) -> Path:
    beside = any(word.startswith("samples/") or word == "config.example.yaml" for word in one.words)
    return folder if beside else folder / "samples"


def run(one: Command, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    words: list[str] = []
    for word in one.words:
        word = STANDS_FOR.get(word, word).removeprefix("/srv/kpi/")
        words += sorted(map(str, Path().glob(word))) if "*" in word else [word]
    with monkeypatch.context() as env:
        for name, value in one.env:
            env.setenv(name, value)
        stdin = Path(one.stdin).read_bytes() if one.stdin else b""
        return crm_kpi(*words, *MORE.get(" ".join(words), ()), stdin=stdin)


def fault_of(one: Command, done: Outcome) -> str | None:
    if done.code not in {ExitCode.OK, ExitCode.MISSED if one.may_fail else ExitCode.OK}:
        return f"ends with {done.code}: {done.err}"
    if re.search(r"^(error|lỗi)\b|Traceback", done.err, re.MULTILINE):
        return f"says {done.err}"
    if one.shown is not None and not is_shown(one.shown, done.out):
        return f"prints\n{done.out}"
    return None


def is_shown(shown: tuple[str, ...], printed: str) -> bool:
    """Whether these lines are what is printed, a line of … standing for any number of others."""
    for today in {date.today(), datetime.now(UTC).date()}:
        printed = printed.replace(f"{today}", DAY_OF_RUN)
    lines = (r"(.*\n)*?" if line == "…" else rf"{re.escape(line)} *\n" for line in shown)
    return re.fullmatch("".join(lines), printed) is not None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cd x && crm-kpi a 'b c' > d || crm-kpi e", [("a", "b c"), ("e",)]),
        ("*/30 8-18 * * 1-6  cd /srv && crm-kpi notify -q 2>&1 | logger -t crm-kpi",
         [("notify", "-q")]),
        ("A=1 .venv/bin/crm-kpi b; journalctl -u crm-kpi -o cat", [("b",)]),
        ("  - run: crm-kpi check -f markdown >> \"$SUMMARY\"", [("check", "-f", "markdown")]),
        ("│ crm-kpi restated shows it │", []),
        ("# crm-kpi report", []),
    ],
)  # fmt: skip
def test_the_commands_of_a_line(line: str, words: list[tuple[str, ...]]) -> None:
    assert [one.words for one in of_line(line)] == words


def test_what_the_shell_does_with_a_command_is_known() -> None:
    (piped,) = of_line("cat a.csv | crm-kpi csat | jq .")
    (checked,) = of_line("0 8 * * 1    A=1 crm-kpi check > goals.txt || cat goals.txt")
    assert (piped.stdin, piped.may_fail) == ("a.csv", False)
    assert (checked.env, checked.may_fail) == ((("A", "1"),), True)


def test_another_output_and_a_wrong_option_are_found() -> None:
    assert is_shown(("a", "…", "d"), "a\nb\nc\nd\n")
    assert not is_shown(("a", "d"), "a\nb\nc\nd\n")
    assert not is_shown(("…", "c"), "a\nb\nc\nd\n")
    with pytest.raises(Exception, match="no-such"):
        parsed(["report", "--no-such", "x"])
