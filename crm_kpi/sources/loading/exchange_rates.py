"""Exchange rates by date: those of a file, and the one that holds on a day.

A rate of a file holds from its day on, until the next one or for `DAYS`; one of a config holds in
its month. A day without a rate is an error, as the money of that day would be in no currency.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from crm_kpi.currencies import code
from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import text
from crm_kpi.sources.loading.lookup_file import LookupFile, opened
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing import columns, number_styles, typed_cells
from crm_kpi.sources.parsing.column_context import ColumnContext
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.spec import DatedRates, RatesFile, SourceSpec
from crm_kpi.tables import Column, Kind

DAYS = 10
"""So old may a rate of a file be: weekends and holidays have none."""

HEADERS = {
    "date": ("day", "rate date", "valid from", "effective date", "ngày", "ngày áp dụng"),
    "currency": ("currency code", "code", "from currency", "loại tiền", "ngoại tệ", "mã ngoại tệ"),
    "rate": ("exchange rate", "value", "tỷ giá", "tỉ giá"),
}
"""The columns of a file, and what else they are called."""

_OPTION = "exchange_rates"
MOST = 200_000
"""Rates: each currency of the world for three years."""
_LONGEST = 38
"""Characters of a rate, as in a config."""
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d")


class _Row(NamedTuple):
    """The cells of a row, in the order of `HEADERS`."""

    day: date | None
    currency: str | None
    rate: Decimal | None


@dataclass(frozen=True)
class _Cells(ColumnContext):
    """A column of the file; what is open about it is said under `exchange_rates:`."""

    def option(self, key: str) -> str:
        return f"{_OPTION}.{key}"


def read(rates: RatesFile, currency: str, session: Session) -> tuple[dict[str, DatedRates], str]:
    """Per currency, its rates to `currency` as the file has them; and how a line of it is
    written, as `strftime` takes it, with `{currency}` in it and three dots for the rate.

    Raises:
        UsageError: the file lacks a header that `columns` names.
        DataError: it cannot be read, lacks a column, or a row of it cannot be right.
    """
    file = opened(rates.path, session)
    places = _places(file, rates)
    days = _days(file, places["date"], rates)
    values = _values(file, places["rate"], rates)
    words = [word and (code(word) or word) for word in stripped(file.column(places["currency"]))]
    if len(words) > MOST:
        raise DataError(text("loading.too_many_rates", path=file.path, most=MOST))
    found: dict[str, dict[date, tuple[int, Decimal]]] = {}
    problems: list[Problem] = []
    for row, *cells in zip(file.rows, days, words, values, strict=True):
        problem = _fault(file, places, row, currency, _Row(*cells))
        day, word, rate = cells
        if problem is None and word != currency:
            first, other = found.setdefault(word, {}).setdefault(day, (row, rate))
            if other != rate:
                line = file.place(first)[1]
                what = text("loading.rate_twice", currency=word, date=day, line=line)
                problem = file.problem(row, what, "rate", str(rate))
        problems += [problem] if problem else []
    file.refuse(problems)
    dated = {
        word: DatedRates(
            tuple((day, day + timedelta(DAYS), rate) for day, (_, rate) in sorted(by_day.items()))
        )
        for word, by_day in found.items()
    }
    return dated, _line(file, places, days)


def holding(rates: DatedRates, day: date) -> Decimal | None:
    """The rate that holds on a day, if one does."""
    place = bisect.bisect_right(rates.rates, day, key=lambda rate: rate[0]) - 1
    if place < 0 or day > rates.rates[place][1]:
        return None
    return rates.rates[place][2]


def _places(file: LookupFile, rates: RatesFile) -> dict[str, int]:
    """Where the three columns stand: by `columns:`, by their names, or by other names of them."""
    places: dict[str, int] = {}
    for column, others in HEADERS.items():
        option = f"{_OPTION}.columns.{column}"
        if column in rates.columns:
            name = rates.columns[column]
            places[column] = headers.position(file.headers, name, file.path, option)
            continue
        keys = [{key(column)}, {key(word) for word in others}]
        hits = ([i for i, h in enumerate(file.headers) if key(h) in known] for known in keys)
        fits = next(filter(None, hits), [])
        if len(fits) != 1:
            raise _not_found(file, column, fits, places.values())
        places[column] = fits[0]
    return places


def _not_found(
    file: LookupFile, column: str, fits: Sequence[int], taken: Collection[int]
) -> DataError:
    """A column that is not there, or could be several."""
    path, listed = file.path, headers.listed(file.headers)
    what = text("loading.rates_lack", path=path, column=column, headers=listed)
    free = [place for place in range(len(file.headers)) if place not in taken][-1:]
    if fits:
        both = headers.either(file.headers[place] for place in fits)
        what = text("mapping.can_both_be", path=path, headers=both, column=column)
    names = (file.headers[place] for place in fits or free)
    header = json.dumps(next(names, "..."), ensure_ascii=False)
    return DataError(what, hint=text("loading.rates_columns", column=column, header=header))


def _context(file: LookupFile, column: Column, rates: RatesFile) -> ColumnContext:
    spec = SourceSpec(_OPTION, (file.path,), dates=rates.dates, numbers=rates.numbers)
    return _Cells(column, spec, "UTC", file.rows, file.place)


def _days(file: LookupFile, position: int, rates: RatesFile) -> pl.Series:
    context = _context(file, Column("date", Kind.DATE), rates)
    typed = typed_cells.typed if file.file.typed else columns.typed
    column = typed(file.column(position), context)
    for fault in column.faults:
        values = fault.values if fault.values is not None else fault.rows
        file.refuse(
            file.problem(row, fault.message, "date", str(value), fault.hint)
            for row, value in zip(fault.rows, values, strict=True)
        )
    return column.series[0]


def _values(file: LookupFile, position: int, rates: RatesFile) -> Iterator[Decimal | None]:
    """The rate of each row; None where none stands that can be one."""
    context = _context(file, Column("rate", Kind.NUMBER), rates)
    parsed = number_styles.parse(
        file.column(position),
        rates.numbers,
        tidy=context.tidy,
        place=lambda i: file.place(file.rows[i]),
        column="rate",
        option=context.option("numbers"),
    )
    for digits, percent in zip(parsed.digits, parsed.percent, strict=True):
        sound = digits is not None and not percent and len(digits) <= _LONGEST
        yield Decimal(digits) if sound else None


def _fault(
    file: LookupFile, places: Mapping[str, int], row: int, currency: str, cells: _Row
) -> Problem | None:
    """What is wrong with a row, if something is."""
    for column, value in zip(HEADERS, cells, strict=True):
        if value is None:
            cell = file.column(places[column]).filter(file.rows == row)[0]
            reason = Reason.NOT_A_NUMBER if column == "rate" and cell else Reason.BLANK
            return file.problem(row, reason.value, column, cell)
    if cells.rate is not None and cells.rate <= 0:
        return file.problem(row, text("config.rate_not_positive", code=cells.currency), "rate")
    if cells.currency == currency and cells.rate != 1:
        return file.problem(row, text("config.rate_of_own", code=currency), "rate")
    return None


def _line(file: LookupFile, places: Mapping[str, int], days: pl.Series) -> str:
    written = stripped(file.column(places["date"]))
    cells = {"currency": "{currency}", "rate": "...", "date": _FORMATS[0]}
    if len(days):
        fits = (form for form in _FORMATS if days[0].strftime(form) == written[0])
        cells["date"] = next(fits, _FORMATS[0])
    by_position = {position: cells[column] for column, position in places.items()}
    mark = file.file.dialect.delimiter if isinstance(file.file, CsvFile) else ","
    return mark.join(by_position.get(place, "") for place in range(file.file.width))
