"""A table with a known truth, dressed as somebody's program or habit would write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from random import Random

Cells = Sequence[str]


@dataclass
class Dressed:
    """Files, the command that reads them, and what it has to answer.

    files: name, and its rows with the header first (titles may stand above it).
    command: words of crm-kpi.
    truth: period, and the value; computed before anything was dressed.
    traits: how it was dressed, for whoever looks at a wrong one.
    """

    command: list[str]
    truth: Mapping[str, Fraction]
    files: dict[str, list[Cells]] = field(default_factory=dict)
    traits: list[str] = field(default_factory=list)

    def written(self, name: str) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.files[name])
        return text.getvalue()


class Style:
    """How one file writes its dates and amounts."""

    def __init__(self, random: Random, language: str) -> None:
        vi = language == "vi"
        self.dates = random.choice(
            ["%d/%m/%Y", "%d/%m/%Y %H:%M"] if vi else ["%Y-%m-%d", "%m/%d/%Y"]
        )
        self.numbers = random.choice(["plain", "dots"] if vi else ["plain", "commas"])

    def day(self, day: date) -> str:
        return datetime(day.year, day.month, day.day, 10, 30).strftime(self.dates)

    def money(self, amount: int | Fraction) -> str:
        amount = Fraction(amount)
        if amount.denominator != 1:
            text = f"{float(amount):.10g}"
            return text.replace(".", ",") if self.numbers == "dots" else text
        if self.numbers == "plain":
            return str(amount)
        # Two marks, or decimals beside them, tell which mark is which; most programs write them.
        text = f"{int(amount):,}" if self.numbers == "dots" else f"{int(amount):,}.00"
        return text.replace(",", ".") if self.numbers == "dots" else text


def month(day: date) -> str:
    return f"{day.year}-{day.month:02}"
