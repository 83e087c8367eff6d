"""Answers of surveys as programs write them: `9/10`, `9 điểm`, `★★★★☆`, `5 - Rất hài lòng`, words.

Plain numbers are left to `numeric_columns`. What nobody knows is left as it is, so that the row
is rejected with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from crm_kpi.sources.parsing import answer_words
from crm_kpi.sources.parsing.answer_words import WordScale
from crm_kpi.sources.parsing.text_ops import MISSING
from crm_kpi.sources.unicode import normalized

PLAIN = r"\A-?[0-9]{1,15}(?:\.0+)?\z"
"""A score that needs no reading."""

_FULL, _EMPTY = "★⭐🌟", "☆✩✰"
_STARS = re.compile(rf"([{_FULL}]*)([{_EMPTY}]*)")
_AFTER = r"(\d{1,3})(?:[.,]0+)?"
_BEHIND = re.compile(
    rf"\(?{_AFTER}\)?\s{{0,9}}(?:[-–—:=.)(]\s{{0,9}}){{0,9}}([^\W\d_].{{0,200}}?)\)?"
)
_BEFORE = re.compile(
    rf"([^\W\d_](?:.{{0,200}}[^\W\d_])?[.!]?)\s{{0,9}}[-–—:=(\[]{{1,9}}\s{{0,9}}{_AFTER}\s{{0,9}}[)\]]?"
)
_ONLY = re.compile(_AFTER)
_MARKED = re.compile(r"[-–—:=.)(]")


@dataclass(frozen=True)
class Numbered:
    """An answer that holds its number."""

    score: int
    most: int | None = None
    """The highest number that it names, as in `9/10` and `★★★☆☆`."""
    label: str | None = None
    """What stands beside the number."""


@cache
def _of() -> re.Pattern[str]:
    among = "|".join(map(re.escape, answer_words.listed("of")))
    return re.compile(rf"{_AFTER}\s*(?:/|(?:{among})\b)\s*(\d{{1,3}})\s*(?:{_points()})?")


@cache
def _of_points() -> re.Pattern[str]:
    return re.compile(rf"{_AFTER}\s*(?:{_points()}|[{_FULL}])|[{_FULL}]\s*{_AFTER}")


def _points() -> str:
    return "|".join(map(re.escape, answer_words.listed("points")))


def numbered(answer: str) -> Numbered | None:
    """The number that an answer holds.

    >>> numbered("9/10"), numbered("5 - Rất hài lòng").score, numbered("★★★★☆")
    (Numbered(score=9, most=10, label=None), 5, Numbered(score=4, most=5, label=None))
    """
    answer = normalized("NFC", answer).replace("\ufe0f", "").strip()
    lower = answer.casefold()
    if found := _ONLY.fullmatch(answer):
        return Numbered(int(found[1]))
    if answer and (found := _STARS.fullmatch(answer.replace(" ", ""))):
        return Numbered(len(found[1]), len(found[1] + found[2]) if found[2] else None)
    if found := _of().fullmatch(lower):
        return Numbered(int(found[1]), int(found[2]))
    if found := _of_points().fullmatch(lower):
        return Numbered(int(found[1] or found[2]))
    if found := _BEHIND.fullmatch(answer):
        between = answer[found.end(1) : found.start(2)]
        if _MARKED.search(between) or answer_words.direction(found[2]):
            return Numbered(int(found[1]), label=found[2])
    if found := _BEFORE.fullmatch(answer):
        return Numbered(int(found[2]), label=found[1])
    return None


@dataclass
class Answers:
    """What the words of one column of answers were read as."""

    scores: dict[str, int] = field(default_factory=dict)
    """Of answers that hold a number."""
    unanswered: list[str] = field(default_factory=list)
    """Words that say that there is no answer."""
    unknown: list[str] = field(default_factory=list)
    most: int | None = None
    """The highest number of the scale, where answers name it."""
    turned: bool = False
    """The labels beside the numbers say that a low number is the high end."""
    says_how_good: bool = False
    """The labels or words say how good something is, so that no question has to."""
    scales: list[WordScale] = field(default_factory=list)
    """Of the other words: the scales of which they can be."""
    pair: dict[str, bool] = field(default_factory=dict)
    """Or else good and bad words."""

    @property
    def known(self) -> bool:
        """Whether every answer can be read."""
        return not self.unknown


def read(words: Collection[str], kinds: Collection[str] = answer_words.KINDS) -> Answers:
    """What the different answers of a column say; plain numbers and blanks may be among them.

    Args:
        kinds: of the scales that words can be of.
    """
    answers = Answers()
    labels: list[tuple[int, str]] = []
    tops: set[int] = set()
    rest = []
    for word in words:
        if _MISSING.match(word.strip()):
            continue
        if answer_words.is_unanswered(word):
            answers.unanswered.append(word)
        elif (number := numbered(word)) is None:
            rest.append(word)
        elif number.label is not None and answer_words.is_unanswered(number.label):
            answers.unanswered.append(word)
        else:
            answers.scores[word] = number.score
            tops |= {number.most} if number.most is not None else set()
            labels += [(number.score, number.label)] if number.label is not None else []
    answers.most = tops.pop() if len(tops) == 1 else None
    side = runs_against(labels)
    if side is not None:
        answers.turned, answers.says_how_good = side
    if rest and not answers.scores:
        answers.pair = answer_words.pair(rest)
        scales = answer_words.word_scales(rest, kinds)
        whole = not answers.pair or (scales and len(scales[0].levels) == len(rest))
        answers.scales = scales if whole else []
        known = answers.scales[0].levels if answers.scales else answers.pair
        answers.unknown = [word for word in rest if word not in known]
        if answers.scales:
            answers.says_how_good = answers.scales[0].says_how_good
    else:
        answers.unknown = rest
    return answers


_MISSING = re.compile(MISSING.replace(r"\z", r"\Z"))


def runs_against(labels: Iterable[tuple[int, str]]) -> tuple[bool, bool] | None:
    """Whether the numbers run against their labels, and whether those say how good something is;
    None where the labels do not tell.

    >>> runs_against([(1, "sehr zufrieden"), (6, "sehr unzufrieden")])
    (True, True)
    """
    sides = [(number, *side) for number, label in labels if (side := answer_words.direction(label))]
    if not sides:
        return None
    good = all(says for _, _, says in sides)
    high = [number for number, side, _ in sides if side > 0]
    low = [number for number, side, _ in sides if side < 0]
    if high and low:
        if max(low) < min(high):
            return False, good
        return (True, good) if max(high) < min(low) else None
    # One end alone: 0 and 1 are the lowest of every scale, 5 and more never are.
    ends = high or low
    if max(ends) <= 1 or min(ends) >= 5:
        return (max(ends) <= 1) == bool(high), good
    return None
