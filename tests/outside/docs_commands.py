"""The `crm-kpi` commands of the docs, as they stand in blocks and in the text.

    sh, crontab, powershell, text, ini, yaml    each line that starts the program
    console                                     `$ ` starts a command; below it is what it prints,
                                                with a line of … for what is left out
    `crm-kpi report`                            a whole command in a sentence

A block with a file for a title is that file; `crm-kpi.yaml` is the samples' with keys from each.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "samples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
_PARTS = re.compile(
    r'^ *```(?P<kind>\w*)(?: title="(?P<file>[^"\n]+)")?\n(?P<block>.*?)^ *```$'
    r"|(?<!`)`(?P<inline>[^`]+)`(?!`)",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"`([^`]+)`")
_REDIRECTION = re.compile(r"\s\d?>>?\s*(?:&\d|\"[^\"]*\"|\S+)")
_PROGRAM = re.compile(r"(?:ExecStart=)?(?:\S*[/\\])?crm-kpi(?:\.exe)?")
_BEFORE = re.compile(
    r"((\w+=.*|[\d*/,-]+|-|run:|Start|with:|/c) ?)*"  # variables, times of cron, keys of YAML
    r"|uvx --from \.|docker run .*"
)


@dataclass(frozen=True)
class Command:
    """One command, without what the shell does with its output.

    words: those behind the program's name.
    env: variables that stand before it.
    stdin: the file that `cat` hands to it.
    may_fail: whether something stands there for when it does (`|| …`).
    shown: the lines that it prints, as the page has them.
    """

    words: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()
    stdin: str | None = None
    may_fail: bool = False
    shown: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return " ".join((*(f"{name}={value}" for name, value in self.env), *self.words))


def blocks(page: Path, kind: str) -> list[str]:
    """The blocks of one language."""
    found = _PARTS.finditer(page.read_text("utf-8"))
    return [part["block"] for part in found if part["kind"] == kind]


def files(page: Path) -> Iterator[tuple[str, str]]:
    """The files that the page has, by their names."""
    for part in _PARTS.finditer(page.read_text("utf-8")):
        if part["file"]:
            yield part["file"], part["block"]


def commands(page: Path) -> list[Command]:
    """All of a page in their order, each once."""
    found: list[Command] = []
    for part in _PARTS.finditer(page.read_text("utf-8")):
        if part["inline"]:
            found += of_line(" ".join(part["inline"].split()))
        elif part["kind"] == "console":
            found += _of_console(part["block"])
        elif not part["file"]:
            for line in part["block"].replace("\\\n", " ").splitlines():
                found += of_line(line)
            found += [one for text in _INLINE.findall(part["block"]) for one in of_line(text)]
    return list(dict.fromkeys(found))


def _of_console(block: str) -> Iterator[Command]:
    for text in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        line, *shown = text.splitlines()
        *before, last = of_line(line)
        yield from before
        yield replace(last, shown=tuple(shown))


def of_line(line: str) -> Iterator[Command]:
    """The commands of a line of a shell."""
    if "crm-kpi" not in line or line.lstrip().startswith(("#", "│")):  # a remark, a help screen
        return
    parts = _split(_REDIRECTION.sub("", line))
    for number, (words, end) in enumerate(parts):
        at = next((n for n, word in enumerate(words) if _PROGRAM.fullmatch(word)), None)
        if at is None or at == len(words) - 1 or not _BEFORE.fullmatch(" ".join(words[:at])):
            continue
        piped = number and parts[number - 1][1] == "|" and parts[number - 1][0][0] == "cat"
        yield Command(
            words=tuple(words[at + 1 :]),
            env=tuple(tuple(word.split("=", 1)) for word in words[:at] if "=" in word),  # type: ignore[misc]
            stdin=parts[number - 1][0][1] if piped else None,
            may_fail=end == "||",
        )


def _split(line: str) -> list[tuple[list[str], str]]:
    """The words between operators, and the operator behind each."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;")
    lexer.whitespace_split, lexer.escape = True, ""
    parts: list[tuple[list[str], str]] = []
    words: list[str] = []
    try:
        for word in lexer:
            if set(word) <= set("|&;"):
                parts.append((words, word))
                words = []
            else:
                words.append(word)
    except ValueError:  # an apostrophe in a sentence
        return []
    return [*parts, (words, "")]


def parsed(words: list[str]) -> Any:
    """The values that the real parser gives to the options; raises where it refuses them."""
    from typer.main import get_command

    from crm_kpi.cli.app import app

    program: Any = get_command(app)
    with program.make_context("crm-kpi", [*words]) as context:
        if not context._protected_args and not context.args:
            return context.params
        rest = [*context._protected_args, *context.args]
        name, command, rest = program.resolve_command(context, rest)
        with command.make_context(name, rest, parent=context) as inner:
            return inner.params
