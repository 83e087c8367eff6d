"""Options that count before the command line is parsed, as what is said of its faults rests on
them."""

from __future__ import annotations

from collections.abc import Sequence


def last_value(arguments: Sequence[str], option: str) -> str | None:
    """The last word given to an option, before a `--`."""
    words = [*arguments]
    if "--" in words:
        words = words[: words.index("--")]
    found = None
    for place, word in enumerate(words):
        if word == option and place + 1 < len(words):
            found = words[place + 1]
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found
