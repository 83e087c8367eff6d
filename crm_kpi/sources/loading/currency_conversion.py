"""Money in one currency: which one the report is in, and amounts converted to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal

import polars as pl

from crm_kpi.currencies import CODES, SHARED, code, in_header
from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.sources.loading.typed_blocks import TypedBlock
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.parsing.numeric_columns import DECIMAL
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import Kind, Table

_DIGITS = Context(prec=76)
_PLACES = 20
"""Decimals of an exchange rate that count."""


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

    Raises UsageError for a currency without a rate.
    """
    if currency is None or "currency" not in frame.columns:
        return frame
    foreign = sorted(set(frame["currency"].unique().drop_nulls()) - {currency})
    money = [c.name for c in table.columns if c.kind is Kind.MONEY and c.name in frame.columns]
    for other in foreign:
        rate = options.exchange_rates.get(other)
        if rate is None:
            hint = text("loading.set_rate", currency=other)
            raise UsageError(
                text("loading.no_rate", table=table.name, other=other, currency=currency),
                hint=hint if other in CODES else text("loading.set_rate_or_map", hint=hint),
            )
        _refuse_large(frame.filter(pl.col("currency") == other).select(money), table, other, rate)
        frame = frame.with_columns(
            pl.when(pl.col("currency") == other)
            .then(_times(name, rate))
            .otherwise(name)
            .alias(name)
            for name in money
        )
    return frame


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


def _times(name: str, rate: Decimal) -> pl.Expr:
    """Exact product, then rounded once: polars rounds a product to the larger scale of its two
    factors, so both get the scale that the exact product needs."""
    decimals = _decimals(rate)
    exact = pl.Decimal(38, 4 + decimals)
    factor = pl.lit(rate.quantize(Decimal(1).scaleb(-decimals), context=_DIGITS), exact)
    return (pl.col(name).cast(exact) * factor).cast(DECIMAL)
