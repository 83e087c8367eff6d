"""DuckDB gives what polars gives, byte for byte, on rows that are as nasty as files may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.engine.company import Company, ask, asked_tables, company, text


def both(whom: int | Company, **question: Any) -> tuple[str, str]:
    rows = company(whom) if isinstance(whom, int) else whom
    polars, duckdb = (ask(rows, name, **question) for name in ("polars", "duckdb"))
    assert polars.results or any(polars.tables.values())
    return text(polars), text(duckdb)


@pytest.mark.parametrize(
    ("seed", "every", "by"),
    [
        (1, "quarter", ("segment", "region")),
        (2, "month", ("segment",)),
        (2, "quarter", ("channel",)),
        (3, "quarter", ("agent",)),
        (3, "week", ()),
        (3, "all", ("segment",)),
    ],
)
def test_every_metric_and_variant(seed: int, every: str, by: tuple[str, ...]) -> None:
    polars, duckdb = both(seed, every=every, by=by)
    assert polars == duckdb


def test_where() -> None:
    """What is left out still judges the rest."""
    polars, duckdb = both(4, where={"segment": ["smb", None], "channel": ["web"]})
    assert polars == duckdb


def test_nothing_in_the_files() -> None:
    empty = replace(company(1), tables=dict.fromkeys(company(1).tables, ()))
    tables = dict(asked_tables())
    polars, duckdb = both(empty, by=("segment",), rejects=False, tables=tables)
    assert polars == duckdb


def test_years_before_anything_happened() -> None:
    words = ["periods.from=2001", "periods.to=2010"]
    polars, duckdb = both(2, every="year", words=words)
    assert polars == duckdb


@pytest.mark.parametrize("by", [(), ("segment",)], ids=lambda by: "+".join(by) or "total")
@pytest.mark.parametrize(("name", "definition"), asked_tables())
def test_every_analysis(name: str, definition: str, by: tuple[str, ...]) -> None:
    polars, duckdb = both(1, metrics=[], tables={name: definition}, by=by)
    assert polars == duckdb
