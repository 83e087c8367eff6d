"""The columns of money beside an order's amount: prices, discounts, taxes, totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

import polars as pl

from crm_kpi.sources.names import key

_WORDS = Path(__file__).parent / "words" / "order_columns.json"
CENT = 0.011
"""How far two amounts may be apart that are the same, rounded."""


@cache
def _keys(role: str) -> Mapping[str, int]:
    """Key of a header of this role: its rank, the likeliest first."""
    listed = json.loads(_WORDS.read_text("utf-8"))[role]
    return {key(name): rank for rank, name in reversed([*enumerate(listed)])}


def of_role(headers: Iterable[str], *roles: str) -> list[str]:
    """The headers of these roles, the likeliest of each first; one that stands twice is none."""
    every = [header for header in headers if header]
    keys = [key(header) for header in every]
    found: list[str] = []
    for role in roles:
        ranks = _keys(role)
        named = [
            (ranks[folded], header)
            for header, folded in zip(every, keys, strict=True)
            if folded in ranks and keys.count(folded) == 1 and "%" not in header
        ]
        found += [header for _, header in sorted(named) if header not in found]
    return found


def is_role(header: str, role: str) -> bool:
    """Whether a header is of this role."""
    return key(header) in _keys(role)


def same(left: pl.Series, right: pl.Series) -> bool:
    """Whether two columns of numbers agree where both have one, and do so somewhere."""
    apart = (left.cast(pl.Float64) - right.cast(pl.Float64)).abs().drop_nulls()
    return len(apart) > 0 and bool((apart <= CENT).all())


def sums(
    base: pl.Series, less: Sequence[pl.Series], more: Sequence[pl.Series]
) -> Iterable[pl.Series]:
    """What a total can be: `base`, with or without each of what lowers and of what raises it."""
    signed = [(-1, column) for column in less] + [(1, column) for column in more]
    for taken in product((True, False), repeat=len(signed)):
        total = base
        for there, (sign, column) in zip(taken, signed, strict=True):
            if there:
                total = total + column.abs().fill_null(0) * sign
        yield total
