"""Which end of a survey's scale is the good one: by its question, its words, or their labels."""

from __future__ import annotations

from dataclasses import dataclass

from crm_kpi.messages import Message, text
from crm_kpi.readings import How
from crm_kpi.sources.mapping import survey_questions
from crm_kpi.sources.mapping.headers import known_keys
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.survey_answers import Answers, runs_against
from crm_kpi.sources.spec import ReadOptions


@dataclass(frozen=True)
class Direction:
    """Whether the scores are turned round, so that high ones are good, and how that is known."""

    turned: bool
    certainty: How
    why: Message
    plain: bool = False
    """No question says anything, and nothing is done."""


def of_scores(survey: str, header: str, answers: Answers, options: ReadOptions) -> Direction | None:
    """What is to be done with the scores of a survey; None where the question is not asked.

    Args:
        header: of the column of scores; the question, where it is one.
        answers: what answers that are no plain numbers say.
    """
    said = options.high_is_easy if survey == "ces" else None
    if said is not None:
        # The metric turns what is declared to run the other way: words have to run so, too.
        turned = not said and answers.says_how_good and not answers.scores
        option = text("meaning.by_option", option="definitions.ces.high_is_easy")
        return Direction(turned, How.DECLARED, option)
    by_labels = _by_labels(header, answers)
    turned = False
    if by_labels is not None:
        turned, says_how_good, why = by_labels
        if says_how_good or survey != "ces":
            return Direction(turned, How.PROVED, why)
    if survey_questions.asks_for_marks(header):
        return Direction(True, How.CONVENTIONAL, text("meaning.school_marks"))
    return _of_effort(header, turned) if survey == "ces" else None


def _by_labels(header: str, answers: Answers) -> tuple[bool, bool, Message] | None:
    """Whether numbers run against the words beside them, whether those say how good it is."""
    poles = survey_questions.poles(header)
    found = runs_against(poles)
    if found is not None:
        return (*found, text("meaning.question_explains"))
    if answers.turned or answers.says_how_good:
        return answers.turned, answers.says_how_good, text("meaning.answers_explain")
    return None


def _of_effort(header: str, turned: bool) -> Direction:
    """Whether a high score is easy or hard; `turned` where low ones agree with the question."""
    asked = survey_questions.effort_in(header)
    if asked in ("easy", "effort"):
        hard = asked == "effort"
        why = text("meaning.asks_for_effort") if hard else text("meaning.asks_for_ease")
        return Direction(hard != turned, How.CONVENTIONAL, why)
    names = known_keys("surveys").get(key(header)) == "score" or key(header) == "score"
    if names or not (asked or survey_questions.is_question(header)):
        return Direction(turned, How.CONVENTIONAL, text("meaning.no_question"), plain=not turned)
    return Direction(turned, How.OPEN, text("meaning.easy_or_hard"))


def turns(survey: str | None, header: str, options: ReadOptions) -> bool:
    """Whether the header alone says that scores are changed: turned round, or codes for none."""
    surveys = (survey,) if survey else ("nps", "csat", "ces")
    found = [of_scores(one, header, Answers(), options) for one in surveys]
    return bool(survey_questions.codes(header)) or any(
        direction is not None and (direction.turned or direction.certainty is How.OPEN)
        for direction in found
    )
