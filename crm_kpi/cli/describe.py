"""`crm-kpi metrics [ID]` and `crm-kpi schema config|output`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crm_kpi import catalogue, plugins
from crm_kpi.cli import language
from crm_kpi.cli.options import MetricsOptions, SchemaOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.cli.report import known
from crm_kpi.config import config_schema
from crm_kpi.engine import metric_info
from crm_kpi.engine.run import requests
from crm_kpi.errors import CrmKpiError, ExitCode
from crm_kpi.kpi import Definition, Kpi, KpiRequest, Need, columns_of
from crm_kpi.messages import Message, text
from crm_kpi.render.as_csv import line as csv_line
from crm_kpi.render.as_json import printable
from crm_kpi.render.as_markdown import escaped, text_table
from crm_kpi.render.cells import column_name, unit_said
from crm_kpi.render.text import visible
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config.model import Config


_OWN = "own definition"
"""How a source begins that is nobody else's."""


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
        about: Any = [*map(_line, catalogue.ids()), *_own_lines(config)]
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
    heads = [_head_of(name) for name in names]
    for domain, group in groupby(records, key=lambda record: record["domain"]):
        rows = [[language.say(record[name]) for name in names] for record in group]
        yield from (f"## {escaped(language.say(domain))}", "", *text_table(heads, rows), "")


def _markdown_page(about: Mapping[str, Any]) -> Iterator[str]:
    say = language.say
    yield from (f"## {escaped(say(about['title']))}", "", f"`{about['metric']}`", "")
    yield from (escaped(visible(line)) for line in _documentation(about))
    if about["definition"]:
        rows = [
            [key, say(text("cli.not_set")) if value is None else value, say(about["variants"][key])]
            for key, value in about["definition"].items()
        ]
        headings = [say(text("cli.key")), say(text("render.value")), say(text("cli.meaning"))]
        yield from ("", f"### {say(text('cli.definition_in_force'))}", "")
        yield from text_table(headings, rows)
    if about["needs"]:
        heads = [_head_of(name) for name in ("table", "column", "state")]
        yield from ("", f"### {say(text('cli.needs'))}", "")
        yield from text_table(heads, (map(say, need.values()) for need in about["needs"]))
    if about["sources"]:
        yield from ("", f"### {say(text('cli.sources'))}", "")
        yield from (f"- {escaped(visible(source))}" for source in _sources(about))


def _head_of(column: str) -> str:
    return language.say(column_name(column))


def _documentation(about: Mapping[str, Any]) -> list[str]:
    """What the KPI's file says; that is English, and shorter in other languages."""
    if language.current() == "en":
        return [*about["documentation"].strip().splitlines()]
    lines = [f"{language.say(about['title'])}: {language.say(about['summary'])}"]
    if about.get("formula"):
        lines += ["", language.say(text("cli.formula", formula=about["formula"]))]
    return lines


def _sources(about: Mapping[str, Any]) -> list[str]:
    """Titles of books and pages as they are; why a definition is our own stands in English."""
    if language.current() == "en":
        return [*about["sources"]]
    own = language.say(text("cli.own_definition"))
    said = (own if source.startswith(_OWN) else source for source in about["sources"])
    return [*dict.fromkeys(said)]


def _line(name: str) -> dict[str, str]:
    entry = catalogue.entries()[name]
    return {
        "metric": name,
        "command": entry.command,
        "domain": entry.heading,
        "title": entry.title_said,
        "summary": entry.summary_said,
    }


def _own_lines(config: Config) -> Iterator[dict[str, str]]:
    for name in config.metrics:
        title, summary = own_words(config, name)
        yield {
            "metric": name,
            "command": f"report {name}",
            "domain": catalogue.heading(plugins.DOMAIN),
            "title": title,
            "summary": summary,
        }


def _list(lines: Sequence[Mapping[str, str]]) -> str:
    width = max(len(line["metric"]) for line in lines)
    page: list[str] = []
    for domain, group in groupby(lines, key=lambda line: line["domain"]):
        page += ([""] if page else []) + [language.say(domain)]
        page += [f"  {line['metric']:<{width}}  {language.say(line['title'])}" for line in group]
    return "\n".join([*page, "", language.say(text("cli.metrics_id")), ""])


def describe(config: Config, name: str) -> dict[str, Any]:
    """Everything about one KPI: formula, definition in force, columns, sources."""
    (request,) = requests(config, [name], config.sources)
    kpi, definition = metric_info.kpi_id(config, name), request.definition
    fields: Mapping[str, Any] = type(definition).model_json_schema().get("properties", {})
    if name in config.metrics:  # which says itself how it is meant
        fields, definition = {}, Definition()
    return {
        **_line(kpi),
        "metric": name,
        **_facts(request, kpi),
        **_of_own(config, name),
        "definition": definition.model_dump(mode="json"),
        "variants": {key: _field(kpi, key, field) for key, field in fields.items()},
        "needs": [
            {"table": table, "column": str(need), "state": state}
            for table, needs in request.needs.items()
            for need, state in _states(config, table, needs).items()
        ],
    }


def _of_own(config: Config, name: str) -> dict[str, str]:
    """What a KPI is called that the config alone knows, and what it is."""
    if name not in config.metrics:
        return {}
    title, summary = own_words(config, name)
    documentation = f"{title}: {summary}"
    formula = config.metrics[name].parsed
    if formula is not None:
        documentation += f"\n\n    {formula.written}"
    command = f"report {name}"
    return {"title": title, "summary": summary, "command": command, "documentation": documentation}


def own_words(config: Config, name: str) -> tuple[str, Message]:
    """The title of a KPI of the config, and what it is."""
    own, kpi = config.metrics[name], metric_info.kpi_id(config, name)
    title = metric_info.own_title(config, name) or metric_info.title(kpi, name)
    if own.formula is not None:
        return title, text("cli.own_metric")
    words = (f"{column} = {' | '.join(words)}" for column, words in own.where.items())
    return title, text("cli.own_of_rows", metric=own.metric, where=", ".join(words))


def _facts(request: KpiRequest[Kpi], kpi: str) -> dict[str, Any]:
    """What is told of the KPI; where it is told in words these are messages."""
    facts: dict[str, Any] = request.kpi.facts(request.definition)
    if facts.get("example"):
        facts["example"] = Message(f"examples.{kpi}", {}, english=facts["example"])
    if "formula" in facts:
        facts["formula"] = metric_info.formula(request, kpi)
    return facts


def _field(kpi: str, key: str, field: Mapping[str, Any]) -> Message:
    """What a key of the definition means; of this KPI, or as of all that have it."""
    english = field.get("description", "")
    own = Message(f"fields.{kpi}.{key}", {}, english=english)
    said = own.in_language(language.current()) != english
    return own if said else Message(f"fields.{key}", {}, english=english)


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
    say = language.say
    lines = [say(_head(about)), "", *_documentation(about)]
    if about.get("example"):
        lines += ["", say(text("cli.example", example=about["example"]))]
    if about["definition"]:
        lines += ["", say(text("cli.definition_of", metric=about["metric"]))]
        for key, value in about["definition"].items():
            shown = say(text("cli.not_set")) if value is None else value
            lines.append(f"  {key}: {shown}")
            lines.append(f"      {say(about['variants'][key])}")
    if about["needs"]:
        lines += ["", say(text("cli.needs_list"))]
        lines += [f"  {n['table']}.{n['column']}: {say(n['state'])}" for n in about["needs"]]
    if about["sources"]:
        lines += ["", say(text("cli.sources_list")), *(f"  {each}" for each in _sources(about))]
    if language.current() != "en":
        lines += ["", say(text("cli.in_english", metric=about["metric"]))]
    return "\n".join([*lines, ""])


def _head(about: Mapping[str, Any]) -> str | Message:
    """The KPI with its unit, and which way is up."""
    metric: str = about["metric"]
    if "unit" not in about:
        return metric
    unit, higher = unit_said(about["unit"]), about["higher_is_better"]
    if higher is None:
        return text("cli.metric", metric=metric, unit=unit)
    if higher:
        return text("cli.metric_higher", metric=metric, unit=unit)
    return text("cli.metric_lower", metric=metric, unit=unit)
