"""The textbook examples are in the samples, and nearly all of them in what `demo` makes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import crm_kpi.demo

from .answers import ANSWERS, Answer
from .reading import Export, read
from .recount import answer

EVERYWHERE = [known for known in ANSWERS if known.metric != "weighted_pipeline"]
"""Those of `demo`, whatever the seed; its deals are chance, without the two of the samples."""


def agrees(tables: dict[str, Export], known: Answer) -> None:
    value, components = answer(tables, known)
    assert value == Fraction(str(known.value))
    assert {name: components[name] for name in known.components} == known.components


@pytest.mark.parametrize("known", ANSWERS, ids=lambda a: f"{a.metric}-{a.period}")
def test_the_samples_show_the_textbook_examples(samples: dict[str, Export], known: Answer) -> None:
    agrees(samples, known)


@pytest.mark.parametrize("seed", [0, 1, 7, 8, 2024])
def test_demo_shows_them_for_every_seed(tmp_path: Path, seed: int) -> None:
    crm_kpi.demo.write(tmp_path, seed=seed)
    tables = read(tmp_path)
    for known in EVERYWHERE:
        agrees(tables, known)


def test_rates_stay_when_the_company_is_larger(tmp_path: Path) -> None:
    crm_kpi.demo.write(tmp_path, customers=1200)
    tables = read(tmp_path)
    for known in EVERYWHERE:
        if known.metric != "mrr":
            assert answer(tables, known)[0] == Fraction(str(known.value)), known


def test_the_year_2024_has_500_csat_answers(tables: dict[str, Export]) -> None:
    known = next(a for a in ANSWERS if a.metric == "csat")
    assert answer(tables, known)[1]["n"] == 500
