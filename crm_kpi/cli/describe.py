"""`crm-kpi metrics [ID]` and `crm-kpi schema config|output`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_kpi import catalogue
from crm_kpi.cli.answer import known
from crm_kpi.cli.options import Options
from crm_kpi.cli.output import opened
from crm_kpi.config import config_schema
from crm_kpi.engine.run import requests
from crm_kpi.errors import ExitCode

if TYPE_CHECKING:
    from crm_kpi.config.model import Config


def run_schema(given: Options) -> int:
    if given.extra["what"] == "config":
        schema = config_schema()
    else:
        from crm_kpi.render import output_schema

        schema = output_schema()
    with opened(given.output) as stream:
        json.dump(schema, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    return ExitCode.OK


def run_metrics(given: Options) -> int:
    config = given.load_config()
    asked = given.extra["metric"]
    if asked is None:
        about: Any = [_line(name) for name in catalogue.ids()]
        text = _list()
    else:
        name = known(config, asked)
        about = describe(config, name)
        text = _page(about)
    with opened(given.output) as stream:
        if given.format == "json":
            json.dump(about, stream, ensure_ascii=False, indent=2, default=str)
            stream.write("\n")
        elif given.format == "ndjson":
            for line in about if isinstance(about, list) else [about]:
                stream.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        else:
            stream.write(text)
    return ExitCode.OK


def _line(metric_id: str) -> dict[str, str]:
    entry = catalogue.entries()[metric_id]
    return {
        "metric": metric_id,
        "command": entry.command,
        "domain": catalogue.DOMAINS[entry.domain],
        "title": entry.title,
        "summary": entry.summary,
    }


def _list() -> str:
    width = max(map(len, catalogue.ids()))
    lines: list[str] = []
    domain = None
    for entry in catalogue.entries().values():
        if entry.domain != domain:
            domain = entry.domain
            lines += ([""] if lines else []) + [catalogue.DOMAINS[domain]]
        lines.append(f"  {entry.id:<{width}}  {entry.title}")
    return "\n".join([*lines, "", "crm-kpi metrics ID says all about one.", ""])


def describe(config: Config, name: str) -> dict[str, Any]:
    """Everything about one metric: formula, definition in force, columns, sources."""
    (request,) = requests(config, [name])
    metric, definition = request.metric, request.definition
    variant = config.definitions.get(name)
    metric_id = variant.metric if variant else name
    fields: Mapping[str, Any] = type(definition).model_json_schema().get("properties", {})
    formula = metric.formula
    configured = config.sources
    return {
        **_line(metric_id),
        "metric": name,
        "unit": request.unit.value,
        "higher_is_better": metric.higher_is_better,
        "formula": formula if isinstance(formula, str) else formula(definition),
        "example": metric.example,
        "definition": definition.model_dump(mode="json"),
        "variants": {key: field.get("description", "") for key, field in fields.items()},
        "needs": {table: list(columns) for table, columns in metric.needs(definition).items()},
        "configured": sorted(t for t in metric.needs(definition) if t in configured),
        "sources": list(metric.sources),
        "documentation": catalogue.documentation(metric_id).strip(),
    }


def _page(about: Mapping[str, Any]) -> str:
    direction = {True: "higher is better", False: "lower is better", None: "neither is better"}
    lines = [
        f"{about['metric']} ({about['unit']}, {direction[about['higher_is_better']]})",
        "",
        *about["documentation"].splitlines(),
        "",
        f"Example: {about['example']}",
    ]
    if about["definition"]:
        lines += ["", f"Definition in force (definitions.{about['metric']} in the config):"]
        for key, value in about["definition"].items():
            shown = "not set" if value is None else value
            lines.append(f"  {key}: {shown}")
            lines.append(f"      {about['variants'][key]}")
    lines += ["", "Needs:"]
    for table, columns in about["needs"].items():
        there = "configured" if table in about["configured"] else "no source configured"
        lines.append(f"  {table} ({there}): {', '.join(columns)}")
    if about["sources"]:
        lines += ["", "Sources:", *(f"  {source}" for source in about["sources"])]
    return "\n".join([*lines, ""])
