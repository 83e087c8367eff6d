"""Data quality, worked by hand, and the list of its bad rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.config import load_config
from crm_kpi.engine.quality_rows import bad_rows
from crm_kpi.engine.run import read_options
from crm_kpi.errors import ConfigError
from crm_kpi.periods import KnownUntil
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES
from tests.metrics.files import ask_files
from tests.support import one

TEXT = """customer_id,signup_date,churn_date,email,segment
1,2024-01-01,2024-02-01,an@example.com,Retail
2,2024-01-05,2024-01-04,,Retail
3,2024-01-06,,An@example.com,Shop
4,someday,,no address,Retail
"""


def test_the_mean_of_the_dimensions_that_apply(tmp_path: Path) -> None:
    result = one(ask_files(tmp_path, {"customers": TEXT}, ["data_quality"]), "data_quality", "all")
    assert result.components == {
        "completeness": pytest.approx(100 * 11 / 12),  # one address is missing
        "validity": pytest.approx(100 * 7 / 9),  # a date and an address of 4 + 2 + 3 cells
        "uniqueness": pytest.approx(100 * 6 / 7),  # 4 ids and 3 addresses, one of them twice
        "consistency": pytest.approx(100 * 4 / 5),  # 2 pairs of dates, 3 addresses
        "timeliness": None,  # the file does not say
        "cells": 33,
        "ok": 28,
    }
    mean = (1100 / 12 + 700 / 9 + 600 / 7 + 80) / 4
    assert result.value == pytest.approx(mean)
    assert (result.n, result.unit) == (4, "score")


def test_weights(tmp_path: Path) -> None:
    words = [
        "definitions.data_quality={weights: {completeness: 3, validity: 0, uniqueness: 0, "
        "consistency: 1}}"
    ]
    report = ask_files(tmp_path, {"customers": TEXT}, ["data_quality"], words=words)
    value = one(report, "data_quality", "all").value
    assert value == pytest.approx((3 * 1100 / 12 + 80) / 4)


def test_all_weight_on_what_does_not_apply(tmp_path: Path) -> None:
    zeros = ", ".join(f"{n}: 0" for n in ("completeness", "validity", "uniqueness", "consistency"))
    words = [f"definitions.data_quality={{weights: {{{zeros}}}}}"]
    report = ask_files(tmp_path, {"customers": TEXT}, ["data_quality"], words=words)
    result = one(report, "data_quality", "all")
    assert (result.value, result.reason) == (None, "no dimension that counts applies")
    words = [f"definitions.data_quality={{weights: {{{zeros}, timeliness: 0}}}}"]
    with pytest.raises(ConfigError):
        ask_files(tmp_path, {"customers": TEXT}, ["data_quality"], words=words)


def test_every_bad_cell_has_a_place(tmp_path: Path) -> None:
    orders = "customer_id,date,amount\n1,2024-01-02,5\n9,2024-01-03,5\n"
    specs = {}
    for table, text in (("customers", TEXT), ("transactions", orders)):
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
        path = str(tmp_path / f"{table}.csv")
        specs[table] = (SourceSpec(table, (path,), dates="%Y-%m-%d"),)
    config = load_config(
        None, ["definitions.validity={allowed: {segment: [retail]}}", "as_of=2024-06-30"], env={}
    )
    texts = {table: set(TABLES[table].names) for table in specs}
    as_of = date(2024, 6, 30)
    loaded = sources.load_all(
        specs, read_options(config, KnownUntil(as_of), texts, everything=True)
    )
    told = [
        (Path(p.path or "").stem, p.line, p.column, p.value, p.reason)
        for p in bad_rows(config, loaded, as_of)
    ]
    # The loader itself has told of the date that is none, and of the churn before the signup.
    assert told == [
        ("customers", 5, "email", "no address", "not an e-mail address"),
        ("customers", 4, "segment", "Shop", "not one of the allowed values"),
        ("customers", 4, "email", "An@example.com", "stands in an earlier row"),
        ("transactions", 3, "customer_id", "9", "no such customer"),
    ]
