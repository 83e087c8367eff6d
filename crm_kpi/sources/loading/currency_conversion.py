"""Money in one currency: which one the report is in, and amounts converted to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal

import polars as pl

from crm_kpi.currencies import CODES, SHARED, code, in_header
from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import Message, first_of, joined, text
from crm_kpi.sources.loading import exchange_rates
from crm_kpi.sources.loading.typed_blocks import TypedBlock
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import Kind, Table, day

_DIGITS = Context(prec=76)
_PLACES = 20
"""Decimals of an exchange rate that count."""
_SHOWN = 3
"""Days without a rate that are named."""


def with_currency(typed: TypedBlock, block: MappedBlock, options: ReadOptions) -> pl.DataFrame:
    """The block's frame with a column `currency` of ISO codes, if its files name a currency.

    They name it in a column, or by signs beside the numbers, or in the header of an
    amount. Raises DataError for signs of several currencies without a currency
    column, UsageError for a sign like `$` that the report's currency does not have.
    """
    frame = typed.frame
    signs = {sign for column in typed.currencies.values() for sign in column}
    codes = {known for sign in signs if (known := code(sign))} | _in_headers(block)
    shared = sorted(sign for sign in signs if sign in SHARED)
    if "currency" in frame.columns:
        words = frame["currency"].unique().drop_nulls()
        meant = pl.Series([code(word) or word for word in words], dtype=pl.String)
        others = codes - set(meant) | _strange(shared, set(meant))
        if others:
            raise _contradiction(block, others)
        return frame.with_columns(pl.col("currency").replace_strict(words, meant, default=None))
    strange = _strange(shared, codes) if codes else set()
    if len(codes) > 1 or strange:
        raise _several(block, codes | strange)
    if not codes and shared and options.currency and options.currency not in SHARED[shared[0]]:
        raise UsageError(
            text(
                "loading.other_sign",
                path=block.parts[0].file.path,
                sign=shared[0],
                currency=options.currency,
            ),
            hint=text("loading.say_currency", table=block.table.name),
        )
    return frame.with_columns(currency=pl.lit(codes.pop())) if codes else frame


def _in_headers(block: MappedBlock) -> set[str]:
    money = [c.name for c in block.table.columns if c.kind is Kind.MONEY]
    headers = [part.has[name] for part in block.parts for name in money if name in part.has]
    return {name for header in headers if (name := in_header(header))}


def _strange(shared: Iterable[str], codes: set[str]) -> set[str]:
    """Signs that several currencies have, but none of these."""
    return {sign for sign in shared if SHARED[sign].isdisjoint(codes)}


def _several(block: MappedBlock, codes: Iterable[str]) -> DataError:
    path = block.parts[0].file.path
    return DataError(
        text("loading.several_currencies", path=path, currencies=_listed(codes)),
        hint=text("loading.part_currencies"),
    )


def _contradiction(block: MappedBlock, codes: Iterable[str]) -> DataError:
    path = block.parts[0].file.path
    return DataError(
        text("loading.other_currencies", path=path, currencies=_listed(codes)),
        hint=text("loading.map_currencies", table=block.table.name),
    )


def _listed(codes: Iterable[str]) -> Message:
    return joined(sorted(codes), text("general.and"))


def check_all_known(blocks: Sequence[MappedBlock], typed: Sequence[TypedBlock]) -> None:
    """Raises UsageError when some files name their currency and others do not."""
    known: dict[str, bool] = {}
    for block, rows in zip(blocks, typed, strict=True):
        by_column = any("currency" in part.has for part in block.parts)
        for part in block.parts:
            named = "currency" in (part.has if by_column else rows.frame.columns)
            known[part.file.path] = known.get(part.file.path, True) and named
    if all(known.values()) or not any(known.values()):
        return
    path = next(path for path, named in known.items() if not named)
    table = blocks[0].table.name
    raise UsageError(
        text("loading.no_currency", path=path, table=table),
        hint=text("loading.name_currency", table=table),
    )


def report_currency(frames: Iterable[pl.DataFrame], options: ReadOptions) -> str | None:
    """The configured currency, else the data's only one; None if the data name none.

    Raises UsageError when there are several.
    """
    if options.currency is not None:
        return options.currency
    currencies: set[str] = set()
    for frame in frames:
        if "currency" in frame.columns:
            currencies |= set(frame["currency"].unique().drop_nulls())
    codes = sorted(currencies)
    if len(codes) > 1:
        raise UsageError(
            text("loading.no_report_currency", currencies=", ".join(codes)),
            hint=text("loading.set_currency", currency=codes[0], other=codes[1]),
        )
    return codes[0] if codes else None


def convert(
    frame: pl.DataFrame, table: Table, currency: str | None, options: ReadOptions
) -> pl.DataFrame:
    """All money of the table in the report's currency, rounded half to even to 4 decimals.

    A rate that changes is that of the row's own day: see `_day`.

    Raises UsageError for a currency without a rate, or without one on such a day.
    """
    if currency is None or "currency" not in frame.columns:
        return frame
    foreign = sorted(set(frame["currency"].unique().drop_nulls()) - {currency})
    money = [c.name for c in table.columns if c.kind is Kind.MONEY and c.name in frame.columns]
    at = _day(table, frame.columns, options)
    for other in foreign if money else ():
        theirs = frame.filter(pl.col("currency") == other)
        rates = _rates(theirs.select(at.alias("day"))["day"], table, other, currency, options)
        _refuse_large(theirs.select(money), table, other, max(rates.values()))
        decimals = max(map(_decimals, rates.values()))
        frame = frame.with_columns(
            pl.when(pl.col("currency") == other)
            .then(_times(name, _factor(rates, at, decimals), decimals))
            .otherwise(name)
            .alias(name)
            for name in money
        )
    return frame


def _day(table: Table, columns: Collection[str], options: ReadOptions) -> pl.Expr:
    """The day at whose rate a row is converted: its own, and of a deal that on which it was
    closed, if that is known. A level such as recurring revenue then moves by what customers do,
    and not by rates."""
    closed = day("closed_at")
    if table.name != "opportunities" or closed not in columns:
        return pl.col(table.dated)
    known = pl.when(pl.col(closed) <= options.as_of).then(pl.col(closed))
    return pl.coalesce(known, pl.col(table.dated))


def _rates(
    days: pl.Series, table: Table, other: str, currency: str, options: ReadOptions
) -> dict[date | None, Decimal]:
    """The rate of each of these days; under None one that does not change.

    Raises UsageError where there is none.
    """
    rate = options.exchange_rates.get(other)
    if isinstance(rate, Decimal):
        return {None: rate}
    if rate is None and options.rates_file is None:
        hint = text("loading.set_rate", currency=other)
        raise UsageError(
            text("loading.no_rate", table=table.name, other=other, currency=currency),
            hint=hint if other in CODES else text("loading.set_rate_or_map", hint=hint),
        )
    if days.null_count():
        raise UsageError(
            text("loading.no_day", table=table.name, count=days.null_count(), currency=other),
            hint=text("loading.set_rate", currency=other),
        )
    few = days.unique().sort().to_list()
    found = {one: exchange_rates.holding(rate, one) if rate else None for one in few}
    lacking = [one for one, there in found.items() if there is None]
    if lacking:
        raise _no_rate(lacking, table, other, currency, options)
    return {one: there for one, there in found.items() if there is not None}


def _no_rate(
    days: Sequence[date], table: Table, other: str, currency: str, options: ReadOptions
) -> UsageError:
    """What lacks for these days, and the line to write."""
    if options.rates_file is None:
        months = list(dict.fromkeys(f"{one:%Y-%m}" for one in days))
        listed = first_of(months[:_SHOWN], len(months) - _SHOWN)
        return UsageError(
            text(
                "loading.no_rate_in_month",
                table=table.name,
                other=other,
                currency=currency,
                months=listed,
            ),
            hint=text("loading.set_rate_of_month", currency=other, month=months[0]),
        )
    path, line = options.rates_file
    listed = first_of((one.isoformat() for one in days[:_SHOWN]), len(days) - _SHOWN)
    return UsageError(
        text(
            "loading.no_rate_on",
            table=table.name,
            other=other,
            currency=currency,
            path=path,
            dates=listed,
            days=exchange_rates.DAYS,
        ),
        hint=text(
            "loading.add_rate", path=path, line=days[0].strftime(line).format(currency=other)
        ),
    )


def _factor(rates: Mapping[date | None, Decimal], at: pl.Expr, decimals: int) -> pl.Expr:
    """The rate of each row, exact; `at` is its day."""
    exact = pl.Decimal(38, 4 + decimals)
    digits = Decimal(1).scaleb(-decimals)
    factors = {one: rate.quantize(digits, context=_DIGITS) for one, rate in rates.items()}
    if None in factors:
        return pl.lit(factors[None], exact)
    days = pl.Series(list(factors), dtype=pl.Date)
    values = pl.Series([*factors.values()], dtype=exact)
    return at.replace_strict(days, values, default=None, return_dtype=exact)


def _decimals(rate: Decimal) -> int:
    exponent = rate.as_tuple().exponent
    return min(-exponent if isinstance(exponent, int) and exponent < 0 else 0, _PLACES)


def _refuse_large(amounts: pl.DataFrame, table: Table, currency: str, rate: Decimal) -> None:
    """Raises DataError for an amount whose exact product with the rate has over 38 digits."""
    limit = 10 ** (33 - _decimals(rate)) / max(float(rate), 1.0)
    for column in amounts:
        ends = [abs(float(str(end))) for end in (column.min(), column.max()) if end is not None]
        if max(ends, default=0.0) >= limit:
            what = text(
                "loading.too_large",
                table=table.name,
                column=column.name,
                amount=max(ends),
                currency=currency,
                rate=rate,
            )
            raise DataError(what, hint=text("loading.fewer_digits", currency=currency))


def _times(name: str, factor: pl.Expr, decimals: int) -> pl.Expr:
    """Exact product, then rounded once: polars rounds a product to the larger scale of its two
    factors, so both get the scale that the exact product needs."""
    return (pl.col(name).cast(pl.Decimal(38, 4 + decimals)) * factor).cast(DECIMAL)
