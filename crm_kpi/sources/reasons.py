"""Why a row is rejected whose fields can be told apart; others: `TabularFile.faults`."""

from __future__ import annotations

from enum import StrEnum

from crm_kpi.periods import BOUNDS


class Reason(StrEnum):
    """A reason in the words in which it is counted and shown."""

    BLANK = "blank required value"
    NOT_A_DATE = "not a date"
    OUTSIDE_CALENDAR = f"not a date {BOUNDS}"
    NO_SUCH_TIME = "no such local time"
    NOT_A_NUMBER = "not a number"
    TOO_PRECISE = "more than 4 decimals"
    NOT_WHOLE = "not a whole number"
    NEGATIVE = "negative count"
    FRACTIONAL_SCORE = "fractional score"
    SCORE_OUT_OF_RANGE = "score out of range"
    PROBABILITY_OUT_OF_RANGE = "probability out of range"
    NOT_YES_OR_NO = "not yes or no"
    UNKNOWN_WORD = "unknown word"
    END_BEFORE_START = "end before start"
    NEGATIVE_AMOUNT = "negative subscription amount"
    NO_CLOSING_DATE = "won or lost without closed_at"
    BLANK_CURRENCY = "blank currency"
    OTHER_CONTENT = "same id with other content"
    OTHER_LINE = "differs from the first line of its order"

    @property
    def of_cell(self) -> bool:
        """Whether it says that something stands in the cell, and that it cannot be right."""
        return self not in _OF_THE_ROW


_OF_THE_ROW = {
    *(Reason.BLANK, Reason.NO_CLOSING_DATE, Reason.BLANK_CURRENCY),
    *(Reason.END_BEFORE_START, Reason.OTHER_CONTENT, Reason.OTHER_LINE),
}
"""Nothing stands in the cell, or what stands there is wrong beside others alone."""
