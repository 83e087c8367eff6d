"""One registry for KPIs of every kind, what each of them has, and nobody who asks for the kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_kpi import catalogue
from crm_kpi.kpi import AnyOf, Definition, Kpi, KpiRequest, columns_of
from crm_kpi.metrics._spec import UNSAID, Metric
from crm_kpi.results import NoColumn, NoSource, Refused, Skipped, Unit
from tests.analyses import test_agree as of_analyses
from tests.oracle import quality, test_differential, test_predicted_agree

PACKAGE = Path(catalogue.__file__).parent
ROOMS = ("analyses", "engine", "metrics", "models")
"""Where a KPI is declared or computed; beside them, the catalogue may know kinds."""
KINDS = {"KpiKind", "Analysis", "Metric", "Model", "ValueKpi"}
CHECKED = {kpi for kpi, _, _ in (test_differential.VARIANTS | of_analyses.VARIANTS).values()}
CHECKED |= {kpi for kpi, _, _ in test_predicted_agree.VARIANTS.values()}
CHECKED |= {"expected_conversions"}  # tests/oracle/test_leads_ahead_agree.py
CHECKED |= {*quality.DIMENSIONS, "data_quality"}
"""The KPIs that an oracle computes once more, over random rows."""
LACKS_ORACLE = (
    "VARIANTS in tests/oracle/test_agree.py or test_predicted_agree.py, or in "
    "tests/analyses/test_agree.py, has no entry"
)

EVERY_KPI = pytest.mark.parametrize("name", catalogue.ids())


@EVERY_KPI
def test_whatever_the_kind(name: str) -> None:
    entry, kpi = catalogue.entries()[name], catalogue.load(name)
    assert isinstance(kpi, Kpi)
    assert entry.heading in catalogue.DOMAINS.values()
    assert kpi.documentation.startswith(f"{entry.title}: {entry.summary}")
    definition = kpi.definition()
    assert kpi.needed(definition, ()) or kpi.made_of(definition, ())
    assert kpi.formula_of(definition)
    assert list(kpi.facts(definition))[-2:] == ["documentation", "sources"]
    assert kpi.higher_is_better is not None or not kpi.thresholds


@EVERY_KPI
def test_it_names_its_source_or_why_the_definition_is_its_own(name: str) -> None:
    sources = catalogue.load(name).sources
    assert sources, "sources=(...): who defines it so, or 'own definition: ' and why"
    for source in sources:
        assert source == source.strip(), source
        if "own definition" in source:
            own, _, reason = source.partition(": ")
            assert (own, bool(reason)) == ("own definition", True), source


@EVERY_KPI
def test_it_has_a_test_of_its_own(name: str) -> None:
    room = catalogue.entries()[name].module.split(".")[1]
    path = Path(__file__).parent / room / f"test_{name}.py"
    assert path.is_file(), f"{path} is lacking"


@EVERY_KPI
def test_it_has_an_oracle(name: str) -> None:
    assert name in CHECKED, LACKS_ORACLE


def test_ids_by_kind() -> None:
    by_kind = [catalogue.ids(kind) for kind in catalogue.KpiKind]
    assert sorted(catalogue.ids()) == sorted(name for names in by_kind for name in names)
    assert "nps" in catalogue.ids(catalogue.KpiKind.SCALAR)
    assert "rfm" in catalogue.ids(catalogue.KpiKind.TABLE)


def kinds_named(path: Path) -> Iterator[str]:
    """The names of kinds that a module looks at, and the attribute that tells one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names if name.name in KINDS)
        elif isinstance(node, ast.Attribute) and node.attr in KINDS:
            yield node.attr


def test_nobody_else_asks_for_the_kind() -> None:
    outside = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in (*ROOMS, "catalogue.py")
    ]
    assert len(outside) > 100
    assert {str(path): [*kinds_named(path)] for path in outside if [*kinds_named(path)]} == {}
    assert [*kinds_named(PACKAGE / "engine" / "plan.py")]  # the look finds what there is


@pytest.mark.parametrize("kpi_id", catalogue.ids(catalogue.KpiKind.SCALAR))
def test_a_metric_says_what_it_is_a_quotient_of(kpi_id: str) -> None:
    kpi = catalogue.load(kpi_id)
    assert isinstance(kpi, Metric)
    assert kpi.quotient is not UNSAID


def test_needs_are_data() -> None:
    kpi = Metric(
        unit=Unit.COUNT,
        higher_is_better=None,
        formula="",
        needs=lambda definition: {"leads": ("created_at", AnyOf("converted_at", "converted"))},
        parts=lambda definition: [],
        answer=lambda state, definition: pytest.fail("not asked"),
        optional={"customers": ("segment",)},
    )
    request = KpiRequest("leads", kpi, Definition())
    assert set(request.columns_read()) == {
        *(("leads", column) for column in ("created_at", "converted_at", "converted")),
        ("customers", "segment"),
    }
    either = AnyOf("converted_at", "converted")
    assert request.lacking({"leads": {"created_at", "converted"}}) == ()
    assert request.lacking({"leads": {"converted"}}) == (NoColumn("leads", ("created_at",)),)
    assert request.lacking({}) == (
        NoColumn("leads", ("created_at",)),
        NoColumn("leads", columns_of(either)),
    )


def test_causes_are_data_and_their_words_follow() -> None:
    missing = Skipped("follow_up", (NoSource(("transactions", "interactions")),))
    assert missing.reason == "no transactions and no interactions source"
    assert not missing.has_its_tables
    lacking = Skipped(
        "leads", (NoColumn("leads", ("id",)), NoColumn("leads", ("converted_at", "converted")))
    )
    assert lacking.reason == (
        "leads has no column id; leads has no column converted_at or converted"
    )
    assert lacking.has_its_tables
    assert Skipped("fcr", (Refused("no words decide"),)).has_its_tables
