"""The JSON Schema, and the example config that shows every key of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from crm_kpi import catalogue
from crm_kpi.config import config_schema, load_config
from crm_kpi.tables import TABLES

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


class Loader(yaml.SafeLoader):
    """As editors read YAML: a date is a text."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return config_schema()


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """The example with every key in use."""
    path = tmp_path / "config.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^( *)#(?=\S|  )", r"\1", text), encoding="utf-8")
    return path


def properties(part: Any, whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property below a part of the schema, with references followed."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key == "$ref":
            yield from properties(whole["$defs"][value.removeprefix("#/$defs/")], whole)
        if key == "properties":
            yield from value.items()
        if isinstance(value, dict | list):
            yield from properties(value, whole)


def keys(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
    for inner in data.values() if isinstance(data, dict) else data:
        if isinstance(inner, dict | list):
            yield from keys(inner)


def described(found: dict[str, Any], whole: dict[str, Any]) -> bool:
    if "description" in found:
        return True
    ref = found.get("$ref", "").removeprefix("#/$defs/")
    return bool(whole["$defs"].get(ref, {}).get("description"))


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_property_has_a_description(schema: dict[str, Any]) -> None:
    found = list(properties(schema, schema))
    assert len(found) > 60
    assert [name for name, part in found if not described(part, schema)] == []


def test_tables_and_metrics_are_properties(schema: dict[str, Any]) -> None:
    parts = schema["properties"]
    assert set(parts["sources"]["properties"]) == set(TABLES)
    assert set(parts["definitions"]["properties"]) == {*catalogue.ids()}


def test_every_key_appears_in_the_example(schema: dict[str, Any], everything: Path) -> None:
    """A metric need not have an entry, but each key of a definition is shown once."""
    shown = set(keys(yaml.load(everything.read_text(encoding="utf-8"), Loader)))
    known = {name for name, _ in properties(schema, schema)}
    assert known - shown - {*catalogue.ids()} == set()


def test_the_example_is_valid_as_it_stands() -> None:
    specs = load_config(EXAMPLE, env={}).specs()
    assert set(specs) == set(TABLES)
    for path in (path for blocks in specs.values() for block in blocks for path in block.paths):
        assert Path(path).is_file()


def test_the_example_is_valid_with_every_key_in_use(everything: Path) -> None:
    config = load_config(everything, env={})
    assert config.periods.custom[0].name == "Tet 2024"
    assert config.definitions["active_buyers"].metric == "retention_rate"
    assert len(config.thresholds["csat"]) == 2


def test_comments_in_the_example_that_are_not_keys_are_sentences() -> None:
    """Else `everything` would take them for keys."""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if re.match(r" *#(?=\S|  )", line):
            assert re.match(r" *#( {2,})?(- )?[\w.*\"-]+", line), line


@pytest.mark.parametrize("whole", [False, True])
def test_the_example_follows_the_schema(
    schema: dict[str, Any], everything: Path, whole: bool
) -> None:
    path = everything if whole else EXAMPLE
    jsonschema.validate(yaml.load(path.read_text(encoding="utf-8"), Loader), schema)


@pytest.mark.parametrize(
    "text",
    [
        "exchange_rates: {USD: 25400, EUR: {2024-01: 27000}}",
        "exchange_rates: {path: rates.csv, columns: {rate: sell}, dates: '%d/%m/%Y'}",
        "exchange_rates: rates.csv",
        "locale: vi",
        "sources: {customers: {path: a.csv, locale: vi}}",
        "identities: ids.csv",
        "identities: {path: ids.csv, columns: [Mã KH, Người Mua]}",
        "dimensions: {owner: teams.csv, agent: {path: teams.csv, key: Who, columns: [Team]}}",
    ],
)
def test_each_way_of_writing_follows_the_schema(
    schema: dict[str, Any], text: str, tmp_path: Path
) -> None:
    jsonschema.validate(yaml.load(text, Loader), schema)
    (tmp_path / "c.yaml").write_text(f"currency: VND\n{text}\n")
    load_config(tmp_path / "c.yaml", env={})


@pytest.mark.parametrize(
    "text",
    [
        "curency: VND",
        "periods: {every: fortnight}",
        "periods: {fiscal_year_start: 13}",
        "sources: {people: {path: a.csv}}",
        "sources: {customers: {path: a.csv, pth: b}}",
        "sources: {customers: {columns: {}}}",
        "definitions: {nps: {per: person}}",
        "definitions: {mine: {per: customer}}",
        "definitions: {mine: {metric: nps, window: 3}}",
        "thresholds: {nps: {warning: 3}}",
        "limits: {rejected_rows: 5}",
        "limits: {memory: lots}",
        "exchange_rates: {pth: rates.csv}",
        "exchange_rates: {USD: {2024-1: 2}}",
        "dimensions: {owner: {pth: teams.csv}}",
    ],
)
def test_faults_break_the_schema_too(schema: dict[str, Any], text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(text, Loader), schema)
