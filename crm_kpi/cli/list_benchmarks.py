"""`crm-kpi benchmarks [METRIC]`: what others have, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from crm_kpi.cli import language
from crm_kpi.cli.options import BenchmarksOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.cli.report import known
from crm_kpi.engine import benchmarks, metric_info
from crm_kpi.errors import ExitCode
from crm_kpi.messages import Message, text
from crm_kpi.records import names, record
from crm_kpi.render.as_csv import line
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_markdown import text_table
from crm_kpi.render.benchmark_line import grade_said
from crm_kpi.render.cells import column_name, table_rows
from crm_kpi.render.grid import INDENT, grid
from crm_kpi.render.screen import Line, Screen, emit
from crm_kpi.render.speak import Speaker
from crm_kpi.render.table_block import fitted_records
from crm_kpi.results import Benchmark

SHOWN = ("metric", "industry", "value", "period", "grade", "source", "year", "region")
"""What people are shown; machines get everything."""


def run(options: BenchmarksOptions) -> int:
    config = options.load_config()
    chosen = benchmarks.of_industries(benchmarks.table(config), options.industry or ())
    if options.metric is not None:
        metric = metric_info.kpi_id(config, known(config, options.metric))
        chosen = [each for each in chosen if each.metric == metric]
    refuse_inputs(options.output, [path for path in (config.path, config.benchmarks_path) if path])
    with opened(options.output, mark=options.excel) as stream:
        if options.format == "table":
            _as_table(chosen, stream, verbose=options.verbose)
        else:
            _WRITERS[options.format](chosen, stream)
    return ExitCode.OK


def _for_people(chosen: Iterable[Benchmark]) -> list[dict[str, Any]]:
    speaker = Speaker(language.current())
    return [
        {
            **{name: getattr(each, name) for name in SHOWN},
            "value": speaker.limit(each.value, each.unit) + speaker.suffix(each.unit),
            "period": each.period and Message(f"words.{each.period}", {}, english=each.period),
            "grade": grade_said(each.grade),
        }
        for each in chosen
    ]


def _as_table(chosen: Sequence[Benchmark], stream: TextIO, *, verbose: bool) -> None:
    screen, speaker = Screen.of(stream), Speaker(language.current())
    rows = _for_people(chosen)
    lines: list[Line] = []
    if rows and screen.terminal and not verbose:
        lines = [*fitted_records("", rows, screen.width - len(INDENT), speaker)]
    elif rows:
        lines = [*grid(*table_rows(rows, speaker))]
    told = [text("cli.no_targets"), text("cli.grades")] if chosen else [text("cli.no_benchmark")]
    lines += [[], *([(speaker.say(each), "dim")] for each in told)]
    emit(lines, stream, colour=screen.colour)


def _as_markdown(chosen: Sequence[Benchmark], stream: TextIO) -> None:
    rows = _for_people(chosen)
    heads = [language.say(column_name(name)) for name in SHOWN]
    cells = ([language.say("–" if c is None else c) for c in row.values()] for row in rows)
    stream.writelines(f"{one}\n" for one in text_table(heads, cells))


def _as_json(chosen: Sequence[Benchmark], stream: TextIO) -> None:
    records = ",\n ".join(encode(record(each)) for each in chosen)
    stream.write(f"[{records}]\n")


def _as_ndjson(chosen: Sequence[Benchmark], stream: TextIO) -> None:
    stream.writelines(f"{encode(record(each))}\n" for each in chosen)


def _as_csv(chosen: Sequence[Benchmark], stream: TextIO) -> None:
    stream.write(f"{line(names(Benchmark))}\n")
    stream.writelines(f"{line(record(each).values())}\n" for each in chosen)


_WRITERS: dict[str | None, Callable[[Sequence[Benchmark], TextIO], None]] = {
    "json": _as_json,
    "ndjson": _as_ndjson,
    "csv": _as_csv,
    "markdown": _as_markdown,
}
