"""What is said of the scores of a survey, and what of them is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crm_kpi.messages import Message, first_of, joined, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.meaning import score_scales
from crm_kpi.sources.meaning.score_direction import Direction
from crm_kpi.sources.meaning.score_scales import Counts, ScaleEnds
from crm_kpi.sources.meaning.score_words import WordScores, as_values
from crm_kpi.sources.parsing.answer_words import WordScale
from crm_kpi.sources.spec import ReadOptions

_SHOWN = 7


def of_words(
    survey: str, header: str, words: WordScores, counts: Mapping[str, int]
) -> Iterable[Reading]:
    """The words that were read as scores; open where they can stand for others as well."""
    if not (words.scale or words.answers.pair):
        return
    by_word = {w: n for w, n in words.scores.items() if w not in words.answers.scores}
    what = text("meaning.words_as_scores", low=min(by_word.values()), high=max(by_word.values()))
    rows = sum(counts[word] for word in by_word)
    same = [s for s in words.rivals if words.scale and s.points == words.scale.points]
    if not same:
        how = How.PROVED if words.answers.known else How.CONVENTIONAL
        short = text("meaning.words_as_scores_short", words=_shown(by_word))
        yield Reading(header, what, how, _shown(by_word), rows, short=short)
        return
    readings = [by_word] + [_shifted(scale, by_word) for scale in same]
    outcomes = tuple(
        Outcome(
            _shown(scores),
            "sources.surveys.values.score",
            as_values(scores),
            score_scales.figure(survey, _by_score(scores, counts), (1, words.scale.points), False),
        )
        for scores in readings
        if words.scale is not None
    )
    yield Reading(header, what, How.OPEN, text("meaning.words_of_scales"), rows, outcomes)


def _shifted(scale: WordScale, like: Mapping[str, int]) -> dict[str, int]:
    return {word: scale.levels[word] for word in like if word in scale.levels}


def _by_score(scores: Mapping[str, int], counts: Mapping[str, int]) -> Counts:
    found: Counter[int] = Counter()
    for word, score in scores.items():
        found[score] += counts[word]
    return found


def of_none(header: str, none: Mapping[str, int]) -> Iterable[Reading]:
    """Answers that say that there is none."""
    if none:
        shown = first_of(map(repr, sorted(none)[:_SHOWN]), len(none) - _SHOWN)
        rows = sum(none.values())
        short = text("meaning.no_answer_short", count=rows, words=shown)
        yield Reading(header, text("meaning.no_answer"), How.CONVENTIONAL, shown, rows, short=short)


def of_scores(
    survey: str,
    header: str,
    words: WordScores,
    of_word: Mapping[str, int],
    scores: Counts,
    named: ScaleEnds | None,
    direction: Direction | None,
    options: ReadOptions,
) -> Iterable[Reading]:
    """On which scale the scores are and which end of it is good; one reading where both are
    open."""
    scales, why = _scales(survey, words, of_word, scores, named, options)
    is_open = direction is not None and direction.certainty is How.OPEN
    turned = direction is not None and direction.turned
    rows = sum(scores.values())
    if not rows:
        return
    if why is not None or is_open:
        directions = (turned, not turned) if is_open else (turned,)
        found = score_scales.outcomes(survey, scales, directions)
        whys = [why] if why is not None else []
        whys += [direction.why] if is_open and direction is not None else []
        evidence = joined(whys, "; ")
        yield Reading(header, found[0].what, How.OPEN, evidence, rows, found)
    elif named is not None:
        what = text("meaning.on_scale", low=named[0], high=named[1])
        yield Reading(header, what, How.PROVED, _names(named), rows)
    if direction is not None and not is_open and (turned or survey == "ces"):
        yield _of_direction(survey, header, direction, rows)


def _names(named: ScaleEnds) -> Message:
    return text("meaning.scale_named", low=named[0], high=named[1])


def _of_direction(survey: str, header: str, direction: Direction, rows: int) -> Reading:
    if direction.turned:
        what, short = text("meaning.turned"), text("meaning.turned_short", survey=survey)
    else:
        what, short = text("meaning.high_is_good"), None
    if direction.certainty is How.DECLARED:
        what = text("meaning.as_declared")
        short = None
    return Reading(header, what, direction.certainty, direction.why, rows, short=short)


def _scales(
    survey: str,
    words: WordScores,
    of_word: Mapping[str, int],
    scores: Counts,
    named: ScaleEnds | None,
    options: ReadOptions,
) -> tuple[dict[ScaleEnds, Counts], Message | None]:
    """The scales that the scores can be on, the one that was taken first, with the scores on
    each; and why that is open, or None where it is not."""
    usual = options.scales[survey]
    if words.scale is not None:
        mine = usual if words.fits else (1, words.scale.points)
        others = [s for s in words.rivals if s.points != words.scale.points]
        found: dict[ScaleEnds, Counts] = {mine: scores}
        for scale in others:
            found.setdefault((1, scale.points), _by_score(scale.levels, of_word))
        if words.fits and len(found) == 1:
            return found, None
        points = joined((str(scale[1]) for scale in found), text("general.or"))
        return found, text("meaning.words_of_points", points=points)
    if words.answers.pair:
        return {usual: scores}, None
    other = score_scales.other_scale(survey, scores, named, options)
    if other is None:
        return {usual: scores}, None
    if score_scales.outside(scores, usual) > options.rejected_rows * sum(scores.values()):
        return {other[0]: scores}, other[1]  # on its own, too many of them would be rejected
    return {usual: scores, other[0]: scores}, other[1]


def _shown(scores: Mapping[str, int]) -> Message:
    """Words with their scores, the highest first."""
    pairs = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    items = [text("meaning.word_is_score", word=word, score=n) for word, n in pairs[:_SHOWN]]
    return first_of(items, len(pairs) - _SHOWN)
