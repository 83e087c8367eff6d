"""The words of surveys, in eight languages: what is answered, and how it is asked.

They stand in `words/answers/`, a file a language, each with its source. The words of a scale go
from its low end to its high one: the less content, the harder, the less agreed comes first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.sources.names import key
from crm_kpi.sources.unicode import normalized

KINDS = frozenset({"satisfaction", "quality", "ease", "agreement", "likelihood", "effort"})
"""Of scales: what their words speak of."""
OF_SURVEY: Mapping[str, frozenset[str]] = {
    "nps": frozenset(),
    "csat": frozenset({"satisfaction", "quality", "ease", "agreement"}),
    "ces": frozenset({"ease", "agreement", "effort"}),
}
"""Survey: the kinds whose words answer it; a recommendation is asked for in numbers alone."""
SAYS_HOW_GOOD = frozenset({"satisfaction", "quality", "ease"})
"""Kinds of scales whose high end is the good one, whatever is asked. Of the others, such as
`agreement`, the question says what the high end means."""

_FOLDER = Path(__file__).parent / "words" / "answers"
_MORE = "…"


@dataclass(frozen=True)
class WordScale:
    """Words that answers of one column stand for: from 1, the lowest, to `points`."""

    kind: str
    points: int
    levels: Mapping[str, int]

    @property
    def says_how_good(self) -> bool:
        return self.kind in SAYS_HOW_GOOD


@cache
def _languages() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.json")))


@cache
def _scales() -> tuple[tuple[str, int, Mapping[str, int]], ...]:
    """Kind, points, and the level of each word by its key."""
    return tuple(
        (kind, len(levels), {key(w): i for i, words in enumerate(levels, 1) for w in words})
        for language in _languages()
        for kind, several in language["scales"].items()
        for levels in several
    )


def word_scales(words: Collection[str], kinds: Collection[str] = KINDS) -> list[WordScale]:
    """The scales of these kinds that have most of the words, as far as that is at least half of
    them; no two words may stand for one level.

    >>> [(s.points, s.levels) for s in word_scales(["Hài lòng", "Rất hài lòng", "?"])][:1]
    [(5, {'Hài lòng': 4, 'Rất hài lòng': 5})]
    """
    found: dict[tuple[int, tuple[tuple[str, int], ...]], WordScale] = {}
    for kind, points, known in _scales():
        if kind not in kinds:
            continue
        levels = {word: level for word in sorted(words) if (level := known.get(key(word)))}
        different = {level: key(word) for word, level in levels.items()}
        if levels and all(different[level] == key(word) for word, level in levels.items()):
            found.setdefault((points, tuple(levels.items())), WordScale(kind, points, levels))
    most = max((len(scale.levels) for scale in found.values()), default=0)
    if 2 * most < len(words):
        return []
    return [scale for scale in found.values() if len(scale.levels) == most]


def pair(words: Collection[str]) -> dict[str, bool]:
    """Words that are good or bad and nothing between, such as `Good` and `Bad`; all or none."""
    meant = {word: good for word in words if (good := _pairs().get(key(word))) is not None}
    return meant if len(meant) == len(words) else {}


@cache
def _pairs() -> Mapping[str, bool]:
    return {
        key(word): good
        for language in _languages()
        for good, words in zip((False, True), language["pair"], strict=True)
        for word in words
    }


def direction(label: str) -> tuple[int, bool] | None:
    """Whether a label is of the upper half of a scale (1) or of its lower one (-1), and whether
    that scale says how good something is; None where the label is not known.

    >>> direction("sehr zufrieden"), direction("rất khó"), direction("neutral")
    ((1, True), (-1, True), None)
    """
    folded = key(label)
    for kind, points, known in _scales():
        level = known.get(folded)
        if level is not None:
            side = 2 * level - (points + 1)
            return (1 if side > 0 else -1, kind in SAYS_HOW_GOOD) if side else None
    return None


@cache
def _unanswered() -> frozenset[str]:
    return frozenset(key(word) for language in _languages() for word in language["unanswered"])


def is_unanswered(word: str) -> bool:
    """Whether it says that there is no answer: `don't know`, `Không áp dụng`, `Offered`."""
    return key(word) in _unanswered()


@cache
def listed(name: str) -> tuple[str, ...]:
    """The words of `points` or `of`, the longest first."""
    words = {word for language in _languages() for word in language[name]}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def question_words(name: str) -> re.Pattern[str]:
    """What finds words of questions in text of `folded`: of `nps`, `effort`, `rates` and the like.
    A word that ends in `…` is the beginning of one."""
    words = {w for language in _languages() for w in language["questions"][name]}
    return re.compile("|".join(map(_as_pattern, sorted(words, key=lambda w: (-len(w), w)))))


def _as_pattern(word: str) -> str:
    stem = word.removesuffix(_MORE)
    return rf"\b{re.escape(folded(stem))}" + ("" if word != stem else r"\b")


def folded(text: str) -> str:
    """Text in which words of questions are looked for."""
    return normalized("NFC", text).casefold().replace("_", " ")
