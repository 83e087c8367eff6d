"""How the files were understood where a number depends on it: plain data.

A reading is declared, proved, conventional or open; there is no fifth, taken and unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from crm_kpi.messages import Message
from crm_kpi.records import FieldMetadata, Internal


class How(StrEnum):
    """Why a reading was taken."""

    DECLARED = "declared"
    """By the user, or by the preset of the program that wrote the file."""
    PROVED = "proved"
    """By the rows: an identity that holds on all of them, words that are all known."""
    CONVENTIONAL = "conventional"
    """No other reading is in use for this header."""
    OPEN = "open"
    """Another is as likely. The first outcome was taken, where that is allowed."""


@dataclass(frozen=True)
class Outcome:
    """One of the readings between which it is open."""

    what: Message
    """What is done, such as `are left out`."""
    option: str
    """The key of the config that decides for it, such as `sources.transactions.status`."""
    value: str
    """Its value, in YAML on one line."""
    gives: Message | None = None
    """What comes out then, where that can be told."""

    @property
    def line(self) -> str:
        """What to paste behind a command; in a config it stands under the option."""
        quoted = f"{self.option}={self.value}".replace("'", "'\"'\"'")
        return f"--set '{quoted}'"


KEPT = ("limits.open_meaning", "note")
"""Option and value of an outcome that keeps what is declared and the rows contradict."""


@dataclass(frozen=True)
class Reading:
    """What one column was taken to mean."""

    column: Annotated[str, FieldMetadata("Our column, or the file's header.")]
    reading: Annotated[str, FieldMetadata("What it was taken to mean.")]
    how: How
    evidence: Annotated[str, FieldMetadata("Why it was.")]
    rows: Annotated[int, FieldMetadata("Rows of which something else would hold otherwise.")] = 0
    outcomes: Annotated[tuple[Outcome, ...], Internal] = ()
    """Of an open one, two or more; the first is the one that was taken."""
    short: Annotated[Message | None, Internal] = None
    """In few words, for a line on stderr; None where no number depends on it."""
    since: Annotated[date | None, Internal] = None
    """The day of the first row that is left out only until it is known what becomes of it."""
