"""The JSON Schema of the `json` format, for those who read it by program."""

from __future__ import annotations

from typing import Any

from crm_kpi.results import MAX_PROBLEMS, SCHEMA_VERSION, Rating, Status, Unit
from crm_kpi.tables import TABLES

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": "string"}
_TEXT_OR_NULL: _Schema = {"type": ["string", "null"]}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_NUMBER_OR_NULL: _Schema = {"type": ["number", "null"]}
_DATE: _Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_METRIC: _Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_CURRENCY: _Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code."}


def output_schema() -> _Schema:
    """JSON Schema (draft 2020-12) of what `json` writes; of a line of `ndjson`, `$defs/result`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crm-kpi report",
        **_fixed(
            schema_version={"const": SCHEMA_VERSION},
            tool=_fixed(name={"const": "crm-kpi"}, version=_TEXT),
            as_of={**_DATE, "description": "The last day that counts as known."},
            timezone={**_TEXT, "description": "IANA name; every date and period is in it."},
            currency={
                "anyOf": [_CURRENCY, {"type": "null"}],
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
                "items": _fixed(metric=_METRIC, reason=_TEXT),
                "description": "Metrics that could not be computed, and what they lack.",
            },
        ),
        "$defs": {"result": _result(), "source": _source(), "row": _row()},
    }


def _result() -> _Schema:
    valued = [Status.OK.value, Status.LOW_N.value]
    units = [unit.value for unit in Unit]
    return {
        **_fixed(
            metric=_METRIC,
            period={**_TEXT, "description": "A label such as 2024-03, 2024-Q1, 2024 or all."},
            start=_DATE,
            end={**_DATE, "description": "The first day after the period."},
            partial={"type": "boolean", "description": "The period is not whole."},
            segment={
                "type": "object",
                "additionalProperties": _TEXT_OR_NULL,
                "description": "Column: value, null for a blank; empty for the total.",
            },
            value={**_NUMBER_OR_NULL, "description": "Unrounded; percentages are 0 to 100."},
            unit={
                "anyOf": [{"enum": units}, _CURRENCY],
                "description": "The currency's code for money, or `money` where none is named.",
            },
            n={
                "type": ["integer", "null"],
                "minimum": 0,
                "description": "The denominator, or the number of observations.",
            },
            low={**_NUMBER_OR_NULL, "description": "Lower end of the 95 % interval."},
            high={**_NUMBER_OR_NULL, "description": "Upper end of the 95 % interval."},
            components={
                "type": "object",
                "additionalProperties": _NUMBER_OR_NULL,
                "description": "What the value was computed from.",
            },
            definition={"type": "object", "description": "The variant in force."},
            previous={**_NUMBER_OR_NULL, "description": "The value of the period before."},
            change={**_NUMBER_OR_NULL, "description": "value - previous"},
            target=_NUMBER_OR_NULL,
            warning=_NUMBER_OR_NULL,
            rating={"enum": [*(rating.value for rating in Rating), None]},
            status={"enum": [status.value for status in Status]},
            reason={**_TEXT_OR_NULL, "description": "Why there is no value, or what to mind."},
            progress={
                **_NUMBER_OR_NULL,
                "description": "Percent of the way from the goal's start to its target.",
            },
        ),
        "allOf": [
            {
                "if": {"properties": {"status": {"enum": valued}}},
                "then": {"properties": {"value": {"type": "number"}}},
            },
            {
                "if": {"properties": {"status": {"const": Status.NO_DATA.value}}},
                "then": {"properties": {"value": {"type": "null"}, "reason": _TEXT}},
            },
        ],
    }


def _source() -> _Schema:
    texts: _Schema = {"type": "array", "items": _TEXT}
    problem = _fixed(
        path=_TEXT_OR_NULL,
        line={"type": ["integer", "null"], "minimum": 1},
        column=_TEXT_OR_NULL,
        value=_TEXT_OR_NULL,
        reason=_TEXT,
        hint=_TEXT_OR_NULL,
    )
    return {
        "description": "rows = used + rejected + duplicates + excluded + future",
        **_fixed(
            paths=texts,
            rows=_COUNT,
            used=_COUNT,
            rejected=_COUNT,
            problems={"type": "array", "items": problem, "maxItems": MAX_PROBLEMS},
            duplicates={**_COUNT, "description": "Rows equal in every column, dropped."},
            excluded={**_COUNT, "description": "Rows that the config leaves out."},
            future={**_COUNT, "description": "Rows dated after as_of."},
            skipped={
                **_COUNT,
                "description": "Titles, footers, repeated headers and empty lines; not among the "
                "rows.",
            },
            unknown_customers={
                **_COUNT,
                "description": "Rows used whose customer is not in the customers table.",
            },
            reasons={
                "type": "object",
                "additionalProperties": _COUNT,
                "description": "Rejected rows by reason, complete.",
            },
            columns={
                "type": "object",
                "additionalProperties": _TEXT,
                "description": "Our column: the file's header.",
            },
            notes={**texts, "description": "What was assumed or noticed."},
            bytes=_COUNT,
            sha256={
                "type": "array",
                "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "description": "Of each file, in the order of paths.",
            },
        ),
    }


def _row() -> _Schema:
    return {
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    }


def _fixed(**properties: _Schema) -> _Schema:
    """An object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
