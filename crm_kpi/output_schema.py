"""The JSON Schema of what is written, made from the shape of an answer."""

from __future__ import annotations

from crm_kpi.records import Schema, fixed, schema_of
from crm_kpi.results import (
    CURRENCY,
    METRIC,
    SCHEMA_VERSION,
    KpiFinding,
    MetricInfo,
    Result,
    Skipped,
    SourceAudit,
    Status,
)
from crm_kpi.tables import TABLES


def output_schema() -> Schema:
    """JSON Schema (draft 2020-12) of what `json` writes; of a line of `ndjson`, `$defs/result`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crm-kpi report",
        **fixed(
            schema_version={"const": SCHEMA_VERSION},
            tool=fixed(name={"const": "crm-kpi"}, version={"type": "string"}),
            as_of={
                "type": "string",
                "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$",
                "description": "The last day that counts as known, or the moment of it until "
                "which it is.",
            },
            timezone={
                "type": "string",
                "description": "IANA name; every date and period is in it.",
            },
            currency={
                "anyOf": [CURRENCY, {"type": "null"}],
                "description": "Of all money; null where the data name none.",
            },
            sources={
                "type": "object",
                "propertyNames": {"enum": list(TABLES)},
                "additionalProperties": {"$ref": "#/$defs/source"},
                "description": "Every configured table, read or not.",
            },
            results={
                "type": "array",
                "items": {"$ref": "#/$defs/result"},
                "description": "In the order metric, period, segment.",
            },
            tables={
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/row"}},
                "description": "Analyses whose answer is a table of its own shape, by name.",
            },
            skipped={
                "type": "array",
                "items": schema_of(Skipped),
                "description": "Metrics that could not be computed, and what they lack.",
            },
            metrics={
                "type": "object",
                "propertyNames": METRIC,
                "additionalProperties": schema_of(MetricInfo),
                "description": "What each KPI of results, tables and skipped is, and those that "
                "tables are made of.",
            },
            findings={
                "type": "array",
                "items": schema_of(KpiFinding),
                "description": "What a reader should know, the worst first.",
            },
        ),
        "$defs": {
            "result": {**schema_of(Result), "allOf": _VALUED},
            "source": {
                "description": "rows = used + rejected + duplicates + excluded + future",
                **schema_of(SourceAudit),
            },
            "row": {
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
            },
        },
    }


_VALUED: list[Schema] = [
    {
        "if": {"properties": {"status": {"enum": [Status.OK.value, Status.LOW_N.value]}}},
        "then": {"properties": {"value": {"type": "number"}}},
    },
    {
        "if": {"properties": {"status": {"const": Status.NO_DATA.value}}},
        "then": {"properties": {"value": {"type": "null"}, "reason": {"type": "string"}}},
    },
]
"""A value stands there unless the status says that there is none, and then a reason does."""
