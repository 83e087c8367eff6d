"""The JSON Schema of the config file, for editors and for `crm-kpi schema config`."""

from __future__ import annotations

from typing import Any

from crm_kpi import analyses, catalogue
from crm_kpi.config.metric_keys import definition_of, names
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
    """One property per metric and analysis, and any other name for a variant of a metric.

    Puts the schema of each definition into `parts`.
    """
    entries: list[catalogue.Entry | analyses.Entry] = [
        *catalogue.entries().values(),
        *analyses.entries().values(),
    ]
    for entry in entries:
        model = definition_of(entry.id)
        part = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        parts |= part.pop("$defs", {})
        metric = {"const": entry.id, "description": _METRIC}
        part["properties"] = {"metric": metric, **part.get("properties", {})}
        parts[f"definitions.{entry.id}"] = part | {
            "title": entry.title,
            "description": entry.summary,
        }
    refs = {name: {"$ref": f"#/$defs/definitions.{name}"} for name in names()}
    variants = [{"allOf": [refs[name]], "required": ["metric"]} for name in catalogue.ids()]
    return {"properties": refs, "additionalProperties": {"anyOf": variants}}
