"""The JSON Schema of the config file, for editors and for `crm-kpi schema config`."""

from __future__ import annotations

from typing import Any

from crm_kpi import catalogue
from crm_kpi.config.model import Config
from crm_kpi.tables import TABLES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_METRIC = "The metric of which this is a variant."


def schema() -> dict[str, Any]:
    """See `crm_kpi.config.config_schema`."""
    whole = Config.model_json_schema(by_alias=True)
    parts = whole["$defs"]
    properties = whole["properties"]
    properties["sources"] |= _sources(properties["sources"].pop("additionalProperties"))
    properties["definitions"] |= _definitions(parts)
    return {"$schema": _DIALECT, **whole}


def _sources(block: dict[str, Any]) -> dict[str, Any]:
    """One property per table, which says what columns it knows."""
    tables = {}
    for table in TABLES.values():
        columns, required = ", ".join(table.names), ", ".join(table.required)
        tables[table.name] = block | {"description": f"Needs {required}; knows {columns}."}
    return {"properties": tables, "additionalProperties": False}


def _definitions(parts: dict[str, Any]) -> dict[str, Any]:
    """One property per KPI, and any other name for a variant of one that has variants.

    Puts the schema of each definition into `parts`.
    """
    for entry in catalogue.entries().values():
        model = catalogue.load(entry.id).definition
        part = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        parts |= part.pop("$defs", {})
        metric = {"const": entry.id, "description": _METRIC}
        part["properties"] = {"metric": metric, **part.get("properties", {})}
        parts[f"definitions.{entry.id}"] = part | {
            "title": entry.title,
            "description": entry.summary,
        }
    refs = {name: {"$ref": f"#/$defs/definitions.{name}"} for name in catalogue.ids()}
    with_variants = [name for name in refs if catalogue.load(name).has_variants]
    variants = [{"allOf": [refs[name]], "required": ["metric"]} for name in with_variants]
    return {"properties": refs, "additionalProperties": {"anyOf": variants}}
