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
from crm_kpi.messages import text
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
        from crm_kpi.output_schema import output_schema

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
    page = _written(about, options.format)
    refuse_inputs(options.output, [config.path] if config.path else [])
    with opened(options.output, mark=options.excel) as stream:
        stream.write(page)
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
        page = _list(records) if records is about else _page(about)
        lines = [visible(line) for line in page.split("\n")[:-1]]
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
            [key, text("cli.not_set") if value is None else value, about["variants"][key]]
            for key, value in about["definition"].items()
        ]
        headings = (text("cli.key"), text("render.value"), text("cli.meaning"))
        yield from ("", f"### {text('cli.definition_in_force')}", "")
        yield from text_table(headings, rows)
    if about["needs"]:
        yield from ("", f"### {text('cli.needs')}", "")
        yield from text_table(("table", "column", "state"), map(dict.values, about["needs"]))
    if about["sources"]:
        yield from ("", f"### {text('cli.sources')}", "")
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
    page: list[str] = []
    for domain, group in groupby(lines, key=lambda line: line["domain"]):
        page += ([""] if page else []) + [domain]
        page += [f"  {line['metric']:<{width}}  {line['title']}" for line in group]
    return "\n".join([*page, "", text("cli.metrics_id"), ""])


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
        return dict.fromkeys(needs, text("cli.no_source"))
    from crm_kpi import sources
    from crm_kpi.engine.as_of import declared
    from crm_kpi.engine.run import read_options

    try:
        options = read_options(config, declared(config), {})
        there = sources.load(TABLES[table], config.specs()[table], options).columns
    except CrmKpiError as error:
        return dict.fromkeys(needs, text("general.unreadable", why=error.message))
    has, lacks = text("cli.has_column"), text("cli.lacks_column")
    return {need: lacks if there.isdisjoint(columns_of(need)) else has for need in needs}


def _page(about: Mapping[str, Any]) -> str:
    lines = [_head(about), "", *about["documentation"].strip().splitlines()]
    if about.get("example"):
        lines += ["", text("cli.example", example=about["example"])]
    if about["definition"]:
        lines += ["", text("cli.definition_of", metric=about["metric"])]
        for key, value in about["definition"].items():
            shown = text("cli.not_set") if value is None else value
            lines.append(f"  {key}: {shown}")
            lines.append(f"      {about['variants'][key]}")
    if about["needs"]:
        lines += ["", text("cli.needs_list")]
        lines += [f"  {n['table']}.{n['column']}: {n['state']}" for n in about["needs"]]
    if about["sources"]:
        lines += ["", text("cli.sources_list"), *(f"  {source}" for source in about["sources"])]
    return "\n".join([*lines, ""])


def _head(about: Mapping[str, Any]) -> str:
    """The KPI with its unit, and which way is up."""
    metric: str = about["metric"]
    if "unit" not in about:
        return metric
    unit, higher = about["unit"], about["higher_is_better"]
    if higher is None:
        return text("cli.metric", metric=metric, unit=unit)
    if higher:
        return text("cli.metric_higher", metric=metric, unit=unit)
    return text("cli.metric_lower", metric=metric, unit=unit)
