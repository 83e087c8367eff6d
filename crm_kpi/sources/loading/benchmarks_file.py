"""Figures that others have published: the shipped table, or a file of the user's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path

from crm_kpi.errors import DataError, did_you_mean
from crm_kpi.messages import Message, should_be, text
from crm_kpi.results import GRADES, Benchmark
from crm_kpi.sources.loading.lookup_file import LookupFile, opened
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.reasons import Reason

SHIPPED = Path(__file__).parents[2] / "benchmarks.csv"
REQUIRED = ("metric", "industry", "value", "period", "source", "grade")
OTHERS = ("unit", "region", "year", "n", "url", "note")
PERIODS = ("day", "week", "month", "quarter", "year", "survey", "ticket")
"""Of what length of time, or of what asking, a figure is."""
MOST = 10_000
_LONGEST = 38
"""Characters of a value, as in a config."""
_DECIMAL = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_MONEY = "money"
_CODE = re.compile("[A-Z]{3}")
"""A currency, in which money can be told."""
_Values = Mapping[str, str | None]


def read(path: str | None, units: Mapping[str, str], session: Session) -> tuple[Benchmark, ...]:
    """
    Args:
        path: of a file in place of the shipped table.
        units: by KPI, what it is measured in.

    Raises:
        DataError: it cannot be read, lacks a column, or a row of it cannot be right.
    """
    file = opened(str(SHIPPED) if path is None else path, session)
    places = _places(file)
    columns = {name: stripped(file.column(at)) for name, at in places.items()}
    if len(file.rows) > MOST:
        raise DataError(text("loading.too_many_benchmarks", path=file.path, most=MOST))
    found, problems = [], []
    for i, row in enumerate(file.rows):
        cells = {name: columns[name][i] or None for name in columns}
        faults = [*_faults(cells, units)]
        problem = partial(file.problem, row)
        problems += [problem(what, name, cells.get(name), hint) for name, what, hint in faults]
        if not faults:
            found.append(_benchmark(cells, units))
    file.refuse(problems)
    return tuple(found)


def _places(file: LookupFile) -> dict[str, int]:
    """Where each column stands; those that say more may lack."""
    places: dict[str, int] = {}
    for name in (*REQUIRED, *OTHERS):
        hits = headers.positions(file.headers, name)
        if hits:
            places[name] = hits[0]
    lacking = [name for name in REQUIRED if name not in places]
    if lacking:
        raise DataError(
            text("loading.benchmarks_lack", path=file.path, columns=", ".join(lacking)),
            hint=text("loading.benchmarks_columns", columns=", ".join((*REQUIRED, *OTHERS))),
        )
    return places


def _faults(
    cells: _Values, units: Mapping[str, str]
) -> Iterator[tuple[str, Message, Message | None]]:
    """The column, what is wrong there, and what to do."""
    for name in REQUIRED:
        if cells[name] is None and name != "period":
            yield name, Reason.BLANK.value, None
    metric, value = cells["metric"], cells["value"]
    if metric and metric not in units:
        yield "metric", text("config.unknown_metric", metric=metric), did_you_mean(metric, units)
    if value and _number(value) is None:
        yield "value", Reason.NOT_A_NUMBER.value, None
    for name, words in (("period", PERIODS), ("grade", GRADES)):
        if cells[name] and cells[name] not in words:
            yield name, should_be(text("loading.one_of", words=_listed(words))), None
    unit, usual = cells.get("unit"), units.get(metric or "")
    if unit and usual and unit != usual and not (usual == _MONEY and _CODE.fullmatch(unit)):
        yield "unit", should_be(text("loading.unit_of_metric", unit=usual)), None


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)


def _number(written: str) -> Decimal | None:
    plain = len(written) <= _LONGEST and _DECIMAL.fullmatch(written)
    return Decimal(written) if plain else None


def _benchmark(cells: _Values, units: Mapping[str, str]) -> Benchmark:
    metric, value = cells["metric"], _number(cells["value"] or "")
    assert metric is not None
    assert value is not None
    return Benchmark(
        metric=metric,
        industry=cells["industry"] or "",
        value=value,
        unit=cells.get("unit") or units[metric],
        period=cells["period"],
        region=cells.get("region"),
        year=cells.get("year"),
        source=cells["source"] or "",
        n=cells.get("n"),
        grade=cells["grade"] or "",
        url=cells.get("url"),
        note=cells.get("note"),
    )
