"""What is said where people are counted: files whose ids nothing joins are added up, and of answers
at one moment the later one is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from crm_kpi.messages import Message, joined, text
from crm_kpi.tables import PLACE, ROW

_SAMPLE = 200
"""Ids of a file that show how its program writes them."""
_CUSTOMER, _GROUP = "customer_id", "group"
_TELEPHONE = r"(?:\+|00?)[0-9]{8,13}"
_NUMBERED = r"([A-Za-z]{0,6})[-_ .#]?[0-9][-_ .0-9]*"


def added_up(rows: pl.LazyFrame, bases: Sequence[int]) -> Message | None:
    """What is said where files write ids in different ways and share none of them.

    Args:
        rows: those of a table, with `ROW`.
        bases: the first rows of its files.
    """
    if len(bases) < 2 or _CUSTOMER not in rows.collect_schema():
        return None
    ids = rows.select(ROW, _CUSTOMER).drop_nulls(_CUSTOMER)
    files = [
        ids.filter(_inside(base, end)) for base, end in zip(bases, [*bases[1:], None], strict=True)
    ]
    # At once: each by itself would open all that is spilled of the table anew.
    samples = pl.collect_all([file.head(_SAMPLE) for file in files], engine="streaming")
    groups: list[tuple[set[str], list[pl.LazyFrame], str]] = []
    for file, rows_of_file in zip(files, samples, strict=True):
        sample = rows_of_file[_CUSTOMER]
        shapes = set(map(_shape, sample))
        if not shapes:
            continue
        same = next((group for group in groups if group[0] & shapes), None)
        if same is None:
            groups.append((shapes, [file], sample[0]))
        else:
            same[0].update(shapes)
            same[1].append(file)
    if len(groups) < 2:
        return None
    each = [
        pl.concat(of_group).select(_CUSTOMER).unique().with_columns(pl.lit(at).alias(_GROUP))
        for at, (_, of_group, _) in enumerate(groups)
    ]
    counts = pl.concat(each).select(
        pl.col(_CUSTOMER).n_unique().alias("different"), pl.len().alias("all")
    )
    different, everyone = counts.collect(engine="streaming").row(0)
    if different != everyone:
        return None
    examples = joined((repr(example) for *_, example in groups[:3]), text("general.and"))
    return text("checks.added_up", ids=examples)


def at_one_moment(rows: pl.LazyFrame) -> Message | None:
    """What is said where a customer has several answers at one moment, of which the one that
    stands later counts.

    Args:
        rows: those of a table; of others than surveys nothing is said.
    """
    names = rows.collect_schema().names()
    if PLACE not in names or _CUSTOMER not in names:
        return None
    moment = [_CUSTOMER, "answered_at", *(["survey"] if "survey" in names else [])]
    answers = rows.filter(pl.col("score").is_not_null()).select(moment).drop_nulls(_CUSTOMER)
    twice = answers.group_by(moment).len().filter(pl.col("len") > 1).select(pl.len())
    count = twice.collect(engine="streaming").item()
    return text("checks.at_one_moment", count=count) if count else None


def _inside(base: int, end: int | None) -> pl.Expr:
    return pl.col(ROW) >= base if end is None else pl.col(ROW).is_between(base, end - 1)


def _shape(customer: str) -> str:
    """How an id is written: its letters where a number follows them, else what it looks like."""
    if "@" in customer:
        return "@"
    if re.fullmatch(_TELEPHONE, customer):
        return "telephone"
    numbered = re.fullmatch(_NUMBERED, customer)
    return numbered[1].upper() if numbered else "word"
