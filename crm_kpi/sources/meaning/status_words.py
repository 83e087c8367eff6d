"""What the words of a status mean, in twelve languages.

    done · open · void · returned · partly     of an order
    granted                                    of a return that was asked for
    paying · ended · idle · late               of a subscription
    won · lost                                 of a deal
    test                                       of anything: a trial of the program, spam, deleted

The words stand in `words/status/`, a file a language, each with its source. A word that ends in
`…` is the beginning of a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.sources.names import key
from crm_kpi.sources.unicode import normalized

ORDER = ("done", "open", "void", "returned", "partly")
SUBSCRIPTION = ("paying", "ended", "idle", "late")
OUTCOME = ("won", "lost")
TEST = "test"

_FOLDER = Path(__file__).parent / "words" / "status"
_MORE = "…"
_DATE = re.compile(r"\W*\d{1,4}[-/. ]\d{1,2}")
_REMARK = re.compile(r"\s*[,;:(|\[–—-]")
_WORD = re.compile(r"[^\W_]+")
_NO_PREFIX = ("not", "un", "non", "no", "partially", "partly", "chua", "khong", "nao", "nicht")


@cache
def _languages() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.json")))


@cache
def header_roles() -> Mapping[str, str]:
    """Key of a header that speaks of a status: `main`, `finer`, `returns`, `payment` or
    `delivery`."""
    return {
        key(header): role
        for words in _languages()
        for role, headers in words["headers"].items()
        for header in headers
    }


@cache
def _known(kinds: tuple[str, ...]) -> Mapping[str, str]:
    """Key of a word: what it means, of these meanings."""
    return {
        key(word): kind
        for words in _languages()
        for kind in kinds
        for word in words.get(kind, ())
        if not word.endswith(_MORE)
    }


@cache
def _beginnings(kinds: tuple[str, ...]) -> Mapping[str, str]:
    return {
        key(word): kind
        for words in _languages()
        for kind in kinds
        for word in words.get(kind, ())
        if word.endswith(_MORE)
    }


def meanings(words: Collection[str], kinds: tuple[str, ...]) -> dict[str, str]:
    """What each of the words means, as far as it is known.

    A word is looked up as it stands, then without the beginning that all words share
    (`wc-completed`), then by its beginning before a date or a remark.

    >>> meanings(["wc-completed", "wc-on-hold"], ORDER)
    {'wc-completed': 'done', 'wc-on-hold': 'open'}
    >>> meanings(["Đã hủy 12/03/2026", "Paid (by card)", "Paid (unpaid)"], ORDER)
    {'Đã hủy 12/03/2026': 'void', 'Paid (by card)': 'done'}
    """
    shared = len(_shared(words))
    found = {}
    for word in words:
        meaning = _meaning(word, kinds) or (_meaning(word[shared:], kinds) if shared else None)
        if meaning is not None:
            found[word] = meaning
    return found


def _shared(words: Collection[str]) -> str:
    """What all words begin with, up to a mark, as programs put their name there."""
    if len(words) < 2:
        return "wc-" if "".join(words).startswith("wc-") else ""
    first, last = min(words), max(words)  # what they share is what all share
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    prefix = re.match(r".*[-_:./]", first[:same])
    if prefix is None or _NO_PREFIX.count(key(prefix[0])):
        return ""
    return prefix[0]


def _meaning(word: str, kinds: tuple[str, ...]) -> str | None:
    folded = key(word)
    known = _known(kinds)
    if folded in known:
        return known[folded]
    for beginning, kind in _beginnings(kinds).items():
        if folded.startswith(beginning):
            return kind
    return _by_beginning(normalized("NFC", word), known)


def _by_beginning(word: str, known: Mapping[str, str]) -> str | None:
    """By the longest beginning that is known, where a date or a remark follows that says nothing
    else."""
    parts = [*_WORD.finditer(word)][:16]
    for count in range(len(parts) - 1, 0, -1):
        kind = known.get(key(word[: parts[count - 1].end()]))
        if kind is None:
            continue
        rest = word[parts[count - 1].end() :]
        if not (_DATE.match(rest) or _REMARK.match(rest)):
            return None
        others = set(_kinds_in([part[0] for part in parts[count:]], known)) - {kind}
        return kind if others <= _gone(kind) else None
    return None


def _kinds_in(parts: Sequence[str], known: Mapping[str, str]) -> Iterable[str]:
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            kind = known.get(key("".join(parts[start:end])))
            if kind is not None:
                yield kind


def _gone(kind: str) -> set[str]:
    """What a remark behind a word may speak of, too: a cancelled order may have been paid."""
    return {"void", "returned", "done", "open"} if kind in ("void", "returned") else set()
