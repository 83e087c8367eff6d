"""Numbers: one decimal mark for a whole column, proved by all its rows.

`1.250` is 1250 to some and 1.25 to others. Every number is read both ways, with
a dot and with a comma as decimal mark; the rows that only one of the two can
read are the proof, and a column without such a row is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from crm_kpi import messages
from crm_kpi.currencies import SHARED, SYMBOLS, ZERO_DECIMAL_CURRENCIES, code
from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import Message
from crm_kpi.sources.parsing import number_spelling
from crm_kpi.sources.parsing.text_ops import first_true, with_places
from crm_kpi.sources.rejects import RowPlace

CENTS = r"\A-?[0-9]+(?:\.[0-9]{1,2})?\z"
"""How most columns are written: nothing is to be found out, and nothing to be rounded."""

PLAIN = (
    r"\A-?(?:[0-9]+(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?"
    r"|(?:0[0-9]*|[1-9][0-9]{3,})\.[0-9]{3})\z"
)
"""A point that can only be decimal, or none."""

_BLANKS = "[ \u00a0\u202f\u2009]"
_SIGN = "[-\u2212+]"


@dataclass(frozen=True)
class Style:
    """`decimal` is the mark before the decimals, `groups` those that may part thousands."""

    decimal: str
    groups: tuple[str, ...]

    @property
    def regex(self) -> str:
        # A group of thousands has three digits, and no number starts with a group of zero.
        grouped = "|".join(rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+" for mark in self.groups)
        if "," in self.groups:  # as in India: lakhs and crores are parted by two digits
            grouped += "|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
        whole = f"[0-9]+|{grouped}" if grouped else "[0-9]+"
        return rf"\A(?:(?:{whole})(?:{self._mark}[0-9]+)?|{self._mark}[0-9]+)\z"

    @property
    def _mark(self) -> str:
        return rf"\{self.decimal}"

    def canonical(self, digits: pl.Series) -> pl.Series:
        """The same digits, which `regex` takes, with a decimal point and no groups."""
        digits = digits.str.replace_all(rf"[^0-9{self.decimal}]", "")
        if self.decimal == ".":
            return digits
        return digits.str.replace(self.decimal, ".", literal=True)


_DOT, _COMMA = Style(".", (",", _BLANKS, "'")), Style(",", (r"\.", _BLANKS, "'"))
_NAMES = {_DOT: "1,234.56", _COMMA: "1.234,56"}

STYLES = {
    "1,234.56": Style(".", (",",)),
    "1.234,56": Style(",", (r"\.",)),
    "1 234,56": Style(",", (_BLANKS,)),
    "1234.56": Style(".", ()),
    "1234,56": Style(",", ()),
}


@dataclass
class ParsedNumbers:
    """A parsed column: `text` as it was, `digits` such as `-1234.5` or null if it is no number."""

    text: pl.Series
    digits: pl.Series
    percent: pl.Series
    """Where a percent sign stood; the number is as written."""
    currencies: tuple[str, ...] = ()
    """The currency signs and codes that stood beside the numbers."""
    note: Message | None = None
    """How they are written, where that was proved."""
    cents: bool = False
    """No number has more than two decimals."""
    factor: pl.Series | None = None
    """What a word beside each number multiplies it by; null where there is none."""
    words: dict[str, str] = field(default_factory=dict)
    """Those words, each with a cell that holds it."""
    spelled: tuple[int, str, str] | None = None
    """How many cells were written in signs or digits of their own, the first, and what it is."""
    convention: str | None = None
    """The style, where its rows leave it open and a convention has decided."""


def parse(
    text: pl.Series,
    declared: str | None,
    *,
    tidy: Callable[[pl.Series], pl.Series],
    place: RowPlace,
    column: str,
    option: str,
    currency: str | None = None,
    convention: str | None = None,
    money: bool = False,
) -> ParsedNumbers:
    """Parse a column of text, which `tidy` strips and frees of words for missing if need be.

    `place` is that of a position of the column; `column` and `option` name it and the config key
    in messages. `currency` is that of the numbers beside which no other stands; `convention` the
    style that is taken where the rows leave it open; in `money`, words such as `k` multiply.
    Raises DataError when the decimal mark is open, or proved both ways.
    """
    style = _style(declared, option)
    none = pl.Series([False]).new_from_index(0, len(text))
    if style is None or style.decimal == ".":
        if text.str.contains(CENTS).all():
            return ParsedNumbers(text, text, none, cents=True)
        if text.str.contains(PLAIN).all():
            return ParsedNumbers(text, text, none)
    text = tidy(text)
    spelled = number_spelling.respelled(text, magnitudes=money)
    digits, around, few = _parts(spelled.text)
    note, taken = None, None
    if style is None:
        beside = {code(affix.currency) for affix in few.values() if affix.currency} or {currency}
        unit = min(map(str, beside)) if beside <= ZERO_DECIMAL_CURRENCIES else None
        open_ = _Open(text, unit, convention, spelled.grouped)
        style, note, by_convention = _proved(
            digits, open_, place=place, column=column, option=option
        )
        taken = _NAMES[style] if by_convention else None
    sound = _where(around, (one for one, affix in few.items() if affix.sound))
    numbers = style.canonical(digits.set(~(sound & digits.str.contains(style.regex)), None))
    negative = _where(around, (one for one, affix in few.items() if affix.negative))
    if negative.any():
        numbers = pl.Series(["", "-"]).gather(negative.cast(pl.UInt32)) + numbers
    percent = _where(around, (one for one, affix in few.items() if affix.percent))
    currencies = dict.fromkeys(affix.currency for affix in few.values() if affix.currency)
    return ParsedNumbers(
        text,
        numbers,
        percent,
        tuple(currencies),
        note,
        factor=spelled.factor,
        words=spelled.words,
        spelled=spelled.rewritten,
        convention=taken,
    )


def _style(declared: str | None, option: str) -> Style | None:
    if declared is None:
        return None
    if declared not in STYLES:
        raise UsageError(
            messages.text("parsing.no_number_style", option=option, style=declared),
            hint=messages.text("parsing.known_number_styles", styles=", ".join(STYLES)),
        )
    return STYLES[declared]


_DIGITS = r"[0-9.,](?:[0-9.,'\u00a0\u202f\u2009 ]*[0-9])?"
_AROUND = re.compile(
    rf"(?P<open>\()?(?P<sign1>{_SIGN})?{_BLANKS}?(?P<currency1>{SYMBOLS})?{_BLANKS}?"
    rf"(?P<sign2>{_SIGN})?0{_BLANKS}?(?P<percent>%)?{_BLANKS}?(?P<currency2>{SYMBOLS})?(?P<close>\))?"
)


@dataclass(frozen=True)
class _NumberAffixes:
    """What stands around the digits of a number. Unsound are two signs, two currencies and
    half a pair of parentheses, which make a number negative."""

    sound: bool = False
    negative: bool = False
    percent: bool = False
    currency: str | None = None

    @classmethod
    def of(cls, text: str) -> _NumberAffixes:
        parts = _AROUND.fullmatch(text)
        if parts is None:
            return cls()
        signs = [parts[name] for name in ("open", "sign1", "sign2") if parts[name]]
        currencies = [parts[name] for name in ("currency1", "currency2") if parts[name]]
        return cls(
            sound=len(signs) < 2
            and len(currencies) < 2
            and bool(parts["open"]) == bool(parts["close"]),
            negative=any(sign != "+" for sign in signs),
            percent=bool(parts["percent"]),
            currency=_sign(currencies[0]) if currencies else None,
        )


def _sign(symbol: str) -> str:
    """A sign that several currencies have in one spelling; others as they are."""
    return symbol.casefold() if symbol.casefold() in SHARED else symbol


def _parts(text: pl.Series) -> tuple[pl.Series, pl.Series, dict[str, _NumberAffixes]]:
    """The digits of each text, what stands around them (with 0 for the digits), and each of
    those, read. They are few, so they are read one by one; the digits are many."""
    around = text.str.replace(_DIGITS, "0")
    few = {str(one): _NumberAffixes.of(one) for one in around.unique().drop_nulls().sort()}
    sound = (one for one, affix in few.items() if affix.sound)
    signs = "".join({letter for one in sound for letter in one} - {"0"})
    return text.str.strip_chars(signs) if signs else text, around, few


def _where(around: pl.Series, few: Iterable[str]) -> pl.Series:
    return around.is_in(list(few)).fill_null(False)


@dataclass(frozen=True)
class _Open:
    """What decides where the digits of a column leave its style open."""

    text: pl.Series
    """The cells as they are written."""
    unit: str | None
    """A currency that all numbers are in and that has no decimals: then 1.250 is 1250."""
    convention: str | None
    grouped: pl.Series | None
    """Rows of which a word says that their mark parts thousands."""

    def by_word(self, digits: pl.Series, mark: str) -> pl.Series:
        marked = digits.str.contains(mark, literal=True).fill_null(value=False)
        return marked & (False if self.grouped is None else self.grouped.fill_null(value=False))


def _proved(
    digits: pl.Series, evidence: _Open, *, place: RowPlace, column: str, option: str
) -> tuple[Style, Message | None, bool]:
    """The style that all rows agree with, a note of what proves it, if the rows needed one, and
    whether a convention has decided."""
    text = evidence.text
    dot = digits.str.contains(_DOT.regex).fill_null(False)
    comma = digits.str.contains(_COMMA.regex).fill_null(False)
    dot, comma = dot & ~evidence.by_word(digits, "."), comma & ~evidence.by_word(digits, ",")
    either = dot & comma & digits.str.contains("[.,]").fill_null(False)
    dots, commas = first_true(dot & ~comma), first_true(comma & ~dot)
    if dots is not None and commas is None:
        # 1.250 beside 12.5: nobody who writes 12.5 writes 1.250 for 1.25, so it is 1250 to them.
        commas = first_true(_padded(digits, either, r"\.", dot & ~comma))
    elif commas is not None and dots is None:
        dots = first_true(_padded(digits, either, ",", comma & ~dot))
    if dots is not None and commas is not None:
        cells = with_places(text, sorted([dots, commas]), place)
        raise DataError(
            messages.text("parsing.both_marks", column=column, cells=cells),
            hint=messages.text("parsing.other_mark_rejected", option=option),
        )
    row = first_true(either)
    if row is not None and dots is None and commas is None:
        mark = "," if "," in digits[row] else "."
        alike = digits.filter(either).str.contains(mark, literal=True).all()
        style = _DOT if mark == "," else _COMMA
        if evidence.unit and alike:
            note = messages.text(
                "parsing.no_decimals", column=column, way=_NAMES[style], currency=evidence.unit
            )
            return style, note, False
        if evidence.convention == _NAMES[style] and alike:
            return style, None, True
        path, line = place(row)
        what = messages.text(
            "parsing.mark_open",
            path=path,
            line=line,
            column=column,
            cell=text[row],
            whole=digits[row].replace(mark, ""),
            fraction=messages.as_number(digits[row].replace(mark, ".")),
        )
        raise DataError(what, hint=messages.text("parsing.declare_mark", option=option))
    style = _DOT if commas is None else _COMMA
    if commas is None and (dots is None or row is None):
        return style, None, False
    return style, messages.text("parsing.proved", column=column, way=_NAMES[style]), False


def _padded(digits: pl.Series, either: pl.Series, mark: str, proof: pl.Series) -> pl.Series:
    """Numbers that end in a padding zero after three decimals, where others have fewer decimals."""
    fewer = digits.filter(proof).str.contains(rf"{mark}[0-9]{{1,2}}\z").any()
    padded = digits.str.contains(rf"{mark}[0-9]{{2}}0\z").fill_null(False)
    return either & padded & bool(fewer)
