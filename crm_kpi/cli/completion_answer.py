"""The program as a shell's completion starts it: a question in the environment, words on stdout.

Beside `process`, as whoever presses a key wants an answer at once and no message: where there is
no answer, nothing is said.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

SHELLS = ("bash", "zsh", "fish", "powershell")


def run(shell: str) -> int:
    """The exit code: 0 when there is a word, else 1, and the shell offers files."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        answer = rest = "".join(f"{line}\n" for line in _lines(shell)).encode()
        while rest:
            rest = rest[os.write(1, rest) :]
        return 0 if answer else 1
    except Exception:  # noqa: BLE001  the command itself will tell it
        return 1


def _lines(shell: str) -> Iterator[str]:
    from crm_kpi.cli.completion_line import offered

    before, word = os.environ.get("_CRM_KPI_WORDS", ""), os.environ.get("_CRM_KPI_WORD", "")
    if shell != "bash":
        for found, about in offered(before.split("\n")[1:], word):
            yield f"{found}\t{about}" if about else found
        return
    from crm_kpi.cli.completion_bash import split, typed

    words, _ = split(before)
    kept, quote = split(before.removesuffix(word))
    for found, _ in offered(words[1:-1], words[-1]):
        if found.startswith(kept[-1]):
            yield typed(found.removeprefix(kept[-1]), quote)
