"""`crm-kpi metrics [ID]` and `crm-kpi schema config|output`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crm_kpi import catalogue
from crm_kpi.cli.options import MetricsOptions, SchemaOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.cli.report import known
from crm_kpi.config import config_schema
from crm_kpi.engine.run import requests
from crm_kpi.errors import CrmKpiError, ExitCode
from crm_kpi.kpi import Need, columns_of
from crm_kpi.render.as_csv import line as csv_line
from crm_kpi.render.as_json import printable
from crm_kpi.render.as_markdown import escaped, text_table
from crm_kpi.render.text import visible
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config.model import Config


def run_schema(options: SchemaOptions) -> int:
    if options.what == "config":
        schema = config_schema()
    else:
        from crm_kpi.results import output_schema

        schema = output_schema()
    with opened(options.output) as stream:
        json.dump(schema, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    return ExitCode.OK


def run_metrics(options: MetricsOptions) -> int:
    config = options.load_config()
    asked = options.metric
    if asked is None:
        about: Any = [*map(_line, catalogue.ids())]
    else:
        about = describe(config, known(config, asked))
    text = _written(about, options.format)
    refuse_inputs(options.output, [config.path] if config.path else [])
    with opened(options.output) as stream:
        stream.write(text)
    return ExitCode.OK


def _written(about: Any, format: str) -> str:
    """The list of all, or all about one, in a format of `--format`."""
    if format == "json":
        return f"{printable(json.dumps(about, ensure_ascii=False, indent=2, default=str))}\n"
    records: list[dict[str, Any]] = about if isinstance(about, list) else [about]
    if format == "ndjson":
        lines = [printable(json.dumps(r, ensure_ascii=False, default=str)) for r in records]
    elif format == "csv":
        lines = [csv_line(records[0]), *(csv_line(record.values()) for record in records)]
    elif format == "markdown":
        markdown = _markdown_list(records) if records is about else _markdown_page(about)
        lines = [*markdown]
    else:
        text = _list(records) if records is about else _page(about)
        lines = [visible(line) for line in text.split("\n")[:-1]]
    return "".join([f"{line}\n" for line in lines])


def _markdown_list(records: Sequence[Mapping[str, str]]) -> Iterator[str]:
    names = ("metric", "title", "summary")
    for domain, group in groupby(records, key=lambda record: record["domain"]):
        rows = [[record[name] for name in names] for record in group]
        yield from (f"## {escaped(domain)}", "", *text_table(names, rows), "")


def _markdown_page(about: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"## {escaped(about['title'])}", "", f"`{about['metric']}`", "")
    yield from (escaped(visible(line)) for line in about["documentation"].strip().splitlines())
    if about["definition"]:
        rows = [
            [key, "not set" if value is None else value, about["variants"][key]]
            for key, value in about["definition"].items()
        ]
        yield from ("", "### Definition in force", "")
        yield from text_table(("key", "value", "meaning"), rows)
    if about["needs"]:
        yield from ("", "### Needs", "")
        yield from text_table(("table", "column", "state"), map(dict.values, about["needs"]))
    if about["sources"]:
        yield from ("", "### Sources", "")
        yield from (f"- {escaped(visible(source))}" for source in about["sources"])


def _line(name: str) -> dict[str, str]:
    entry = catalogue.entries()[name]
    return {
        "metric": name,
        "command": entry.command,
        "domain": entry.heading,
        "title": entry.title,
        "summary": entry.summary,
    }


def _list(lines: Sequence[Mapping[str, str]]) -> str:
    width = max(len(line["metric"]) for line in lines)
    text: list[str] = []
    for domain, group in groupby(lines, key=lambda line: line["domain"]):
        text += ([""] if text else []) + [domain]
        text += [f"  {line['metric']:<{width}}  {line['title']}" for line in group]
    return "\n".join([*text, "", "crm-kpi metrics ID says all about one.", ""])


def describe(config: Config, name: str) -> dict[str, Any]:
    """Everything about one KPI: formula, definition in force, columns, sources."""
    (request,) = requests(config, [name], config.sources)
    variant, definition = config.definitions.get(name), request.definition
    fields: Mapping[str, Any] = type(definition).model_json_schema().get("properties", {})
    return {
        **_line(variant.metric if variant else name),
        "metric": name,
        **request.kpi.facts(definition),
        "definition": definition.model_dump(mode="json"),
        "variants": {key: field.get("description", "") for key, field in fields.items()},
        "needs": [
            {"table": table, "column": str(need), "state": state}
            for table, needs in request.needs.items()
            for need, state in _states(config, table, needs).items()
        ],
    }


def _states(config: Config, table: str, needs: Sequence[Need]) -> dict[Need, str]:
    """Whether the sources of the config have these columns."""
    if table not in config.sources:
        return dict.fromkeys(needs, "no source configured")
    from crm_kpi import sources
    from crm_kpi.engine.run import read_options, today

    options = read_options(config, config.as_of or today(config.timezone), {})
    try:
        there = sources.load(TABLES[table], config.specs()[table], options).columns
    except CrmKpiError as error:
        return dict.fromkeys(needs, f"cannot be read: {error.message}")
    return {need: "lacks it" if there.isdisjoint(columns_of(need)) else "has it" for need in needs}


def _page(about: Mapping[str, Any]) -> str:
    direction = {True: ", higher is better", False: ", lower is better", None: ""}
    head = about["metric"]
    if "unit" in about:
        head += f" ({about['unit']}{direction[about['higher_is_better']]})"
    lines = [head, "", *about["documentation"].strip().splitlines()]
    if about.get("example"):
        lines += ["", f"Example: {about['example']}"]
    if about["definition"]:
        lines += ["", f"Definition in force (definitions.{about['metric']} in the config):"]
        for key, value in about["definition"].items():
            shown = "not set" if value is None else value
            lines.append(f"  {key}: {shown}")
            lines.append(f"      {about['variants'][key]}")
    if about["needs"]:
        lines += ["", "Needs:"]
        lines += [f"  {n['table']}.{n['column']}: {n['state']}" for n in about["needs"]]
    if about["sources"]:
        lines += ["", "Sources:", *(f"  {source}" for source in about["sources"])]
    return "\n".join([*lines, ""])
