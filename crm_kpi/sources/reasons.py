"""Why a row is rejected whose fields can be told apart; others: `TabularFile.faults`."""

from __future__ import annotations

from enum import Enum

from crm_kpi.messages import text
from crm_kpi.periods import FIRST, LAST


class Reason(Enum):
    """A reason; its value is the message by which it is counted and shown."""

    BLANK = text("sources.blank")
    NOT_A_DATE = text("sources.not_a_date")
    OUTSIDE_CALENDAR = text("sources.outside_calendar", first=FIRST.year, last=LAST.year)
    NO_SUCH_TIME = text("sources.no_such_time")
    NOT_A_NUMBER = text("sources.not_a_number")
    NOT_A_DURATION = text("sources.not_a_duration")
    TOO_PRECISE = text("sources.too_precise")
    SCIENTIFIC_ID = text("sources.scientific_id")
    NOT_WHOLE = text("sources.not_whole")
    NEGATIVE = text("sources.negative")
    FRACTIONAL_SCORE = text("sources.fractional_score")
    SCORE_OUT_OF_RANGE = text("sources.score_out_of_range")
    PROBABILITY_OUT_OF_RANGE = text("sources.probability_out_of_range")
    NOT_YES_OR_NO = text("sources.not_yes_or_no")
    UNKNOWN_WORD = text("sources.unknown_word")
    END_BEFORE_START = text("sources.end_before_start")
    NEGATIVE_AMOUNT = text("sources.negative_amount")
    NO_CLOSING_DATE = text("sources.no_closing_date")
    BLANK_CURRENCY = text("sources.blank_currency")
    OTHER_CONTENT = text("sources.other_content")
    OTHER_LINE = text("sources.other_line")

    @property
    def of_cell(self) -> bool:
        """Whether it says that something stands in the cell, and that it cannot be right."""
        return self not in _OF_THE_ROW


_OF_THE_ROW = {
    *(Reason.BLANK, Reason.NO_CLOSING_DATE, Reason.BLANK_CURRENCY),
    *(Reason.END_BEFORE_START, Reason.OTHER_CONTENT, Reason.OTHER_LINE),
}
"""Nothing stands in the cell, or what stands there is wrong beside others alone."""
