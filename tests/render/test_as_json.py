from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crm_kpi.errors import IdentityError, UsageError
from crm_kpi.output_schema import output_schema
from crm_kpi.results import Report

from .conftest import TEXTS

Shown = Callable[..., str]
VALIDATOR = Draft202012Validator(
    output_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)


@pytest.fixture
def document(report: Report, shown: Shown) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(shown(report, "json"))
    return document


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(output_schema())


def test_json_fits_its_schema(document: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(document)) == []


def test_the_example_of_the_contract_fits_the_schema(document: dict[str, Any]) -> None:
    assert list(document) == [
        "schema_version", "tool", "as_of", "timezone", "currency", "sources", "results", "tables",
        "skipped", "metrics", "findings",
    ]  # fmt: skip
    assert list(document["sources"]["customers"])[:5] == [
        "paths", "rows", "used", "rejected", "problems",
    ]  # fmt: skip
    assert list(document["sources"]["customers"]["problems"][0])[:5] == [
        "path", "line", "column", "value", "reason",
    ]  # fmt: skip
    assert list(document["results"][0]) == [
        "metric", "period", "start", "end", "partial", "segment", "value", "unit", "n", "low",
        "high", "components", "definition", "previous", "change", "target", "warning", "rating",
        "status", "reason", "progress", "change_low", "change_high", "significant", "usual_low",
        "usual_high", "unusual", "unusual_side", "benchmark",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (("results", 0, "value"), None),
        (("results", 0, "value"), "95"),
        (("results", 3, "value"), 0),
        (("results", 3, "reason"), None),
        (("results", 0, "unit"), "%"),
        (("results", 0, "status"), "fine"),
        (("results", 0, "rating"), "good"),
        (("results", 0, "n"), -1),
        (("results", 0, "start"), "01/02/2024"),
        (("results", 0, "segment"), {"channel": 1}),
        (("results", 0, "extra"), 1),
        (("sources", "clients"), {}),
        (("sources", "customers", "rows"), -1),
        (("currency",), "dong"),
        (("schema_version",), 2),
        (("tables", "rfm"), {}),
    ],
)
def test_the_schema_refuses(document: dict[str, Any], place: tuple[Any, ...], wrong: Any) -> None:
    broken = copy.deepcopy(document)
    spot: Any = broken
    for step in place[:-1]:
        spot = spot[step]
    spot[place[-1]] = wrong
    assert not VALIDATOR.is_valid(broken)


def test_every_field_is_demanded(document: dict[str, Any]) -> None:
    for name in document["results"][0]:
        broken = copy.deepcopy(document)
        del broken["results"][0][name]
        assert not VALIDATOR.is_valid(broken), name


def test_money_keeps_its_digits(report: Report, shown: Shown) -> None:
    text = shown(report, "json")
    assert '"value": 98765432109876543210987654321098.7650, "unit": "VND"' in text
    assert '"gross": 0.0000000000' in text


def test_text_comes_back_as_it_was(document: dict[str, Any], hostile: str) -> None:
    assert document["results"][13]["segment"] == {"kênh bán": hostile}
    assert document["sources"]["customers"]["paths"][1] == "data/\udcff.csv"
    assert document["sources"]["customers"]["problems"][1]["value"] == "\x00\x7f"


def test_text_is_not_escaped_to_ascii_and_has_no_control_characters(
    report: Report, shown: Shown
) -> None:
    text = shown(report, "json")
    assert "Cửa hàng Hà Nội" in text
    text.encode()
    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_one_result_stands_on_one_line(report: Report, shown: Shown) -> None:
    lines = shown(report, "json").splitlines()
    assert sum(line.startswith('  {"metric": ') and '"period"' in line for line in lines) == len(
        report.results
    )


def test_reasons_are_sorted_by_count_then_name(document: dict[str, Any]) -> None:
    assert list(document["sources"]["customers"]["reasons"]) == [
        "not a date", "blank id", "not an e-mail",
    ]  # fmt: skip


def test_an_empty_report(report: Report, shown: Shown) -> None:
    report.results, report.tables, report.skipped, report.sources = [], {}, [], {}
    report.currency = None
    document = json.loads(shown(report, "json"))
    assert VALIDATOR.is_valid(document)
    assert document["results"] == document["skipped"] == []
    assert document["tables"] == document["sources"] == {}
    assert shown(report, "ndjson") == ""
    assert shown(report, "csv").count("\n") == 1
    assert shown(report, "table") == shown(report, "table", width=80) == ""


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_what_is_no_number_is_a_fault_of_ours(
    format: str, number: Any, report: Report, shown: Shown
) -> None:
    report.results[2].low = number
    with pytest.raises(IdentityError, match=r"retention_rate, 2024-03: .* is not finite"):
        shown(report, format)


@pytest.mark.parametrize("format", TEXTS)
def test_the_same_in_a_table(format: str, report: Report, shown: Shown) -> None:
    report.results, report.tables = [], {"rfm": [{"monetary": float("nan")}]}
    with pytest.raises(IdentityError, match="not a finite number"):
        shown(report, format)


def test_a_value_of_unknown_type_is_refused(report: Report, shown: Shown) -> None:
    report.results[0].definition["window"] = {1, 2}
    with pytest.raises(TypeError, match="set has no place in a report"):
        shown(report, "json")


def test_an_unknown_format_is_named(report: Report, shown: Shown) -> None:
    with pytest.raises(UsageError, match="unknown format 'jsn'") as caught:
        shown(report, "jsn")
    assert caught.value.hint == "did you mean 'json'?"
