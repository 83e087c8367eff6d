"""The door for Python: the questions of the command line, answered with objects.

    answer = crm_kpi.report("churn_rate", "cohorts", config="crm-kpi.yaml", by="region", last=6)
    answer.value("churn_rate", "2024-12", segment={"region": "Huế"})
    answer["cohorts"]            # a polars DataFrame; answer.pandas("cohorts") one of pandas
    answer.save("answer.csv")

It asks as `crm-kpi report` does, reads the same files and raises the same errors; nothing is
printed. polars is imported by the first report, not before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_kpi import catalogue
from crm_kpi.cli import options as cli
from crm_kpi.cli.answer_format import folder_of
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import text
from crm_kpi.records import has_own_text, union_of_names
from crm_kpi.render.formats import format_of, unknown_ending
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from crm_kpi.config.model import Config
    from crm_kpi.engine.plan import Specs
    from crm_kpi.results import (
        KpiFinding,
        MetricInfo,
        Number,
        Report,
        Result,
        Skipped,
        SourceAudit,
    )

Name = str | Path
Paths = Name | Sequence[Name]
Filters = Mapping[str, str | Sequence[str | None] | None]

_NUMBERS = (
    *("value", "low", "high", "previous", "change", "target", "warning", "progress"),
    *("change_low", "change_high", "usual_low", "usual_high"),
)
"""Columns that are Float64 even where all that stands in them is whole, or nothing."""
_FLAGS = ("partial", "significant", "unusual")
"""Columns that are Boolean even where nothing stands in them."""


class Answer:
    """What a report says: results and tables with all that the JSON has, and a few short ways."""

    def __init__(
        self, report: Report, config: Config, specs: Specs, options: cli.ReportOptions
    ) -> None:
        self.report = report
        self.config = config
        """As it was in force: the file with what was set over it."""
        self._specs, self._options = specs, options

    @property
    def results(self) -> list[Result]:
        """Every KPI in every period and segment, unrounded; money is Decimal."""
        return self.report.results

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each analysis, by its name."""
        return self.report.tables

    @property
    def skipped(self) -> list[Skipped]:
        """KPIs that could not be computed, and what they lack."""
        return self.report.skipped

    @property
    def metrics(self) -> dict[str, MetricInfo]:
        """What each KPI is: its title, its unit, which way is good."""
        return self.report.metrics

    @property
    def findings(self) -> list[KpiFinding]:
        """What there is to know of the last whole period, the worst first."""
        return self.report.findings

    @property
    def sources(self) -> dict[str, SourceAudit]:
        """Where every row of every source went, and what was assumed to read it."""
        return self.report.sources

    def __getitem__(self, name: str) -> pl.DataFrame:
        """One KPI or analysis as a frame, with the columns that CSV has.

        Decimals are Float64 here; `results` and `tables` have all their digits.

        Raises:
            UsageError: it is not in this answer.
        """
        name = self._known(name)
        if name in self.tables:
            rows = self.tables[name]
            columns = {column: [row.get(column) for row in rows] for column in union_of_names(rows)}
        else:
            columns = _columns([result for result in self.results if result.metric == name])
        return _frame(columns)

    def frame(self) -> pl.DataFrame:
        """All results as one frame, with the columns that CSV has."""
        return _frame(_columns(self.results))

    def pandas(self, name: str | None = None) -> pd.DataFrame:
        """`frame()`, or the frame of one KPI or analysis, for pandas, which has to be installed.

        Raises:
            UsageError: it is not in this answer.
        """
        import pandas as pd

        frame = self.frame() if name is None else self[name]
        found = pd.DataFrame({column: frame[column].to_list() for column in frame.columns})
        days = [column for column, kind in frame.schema.items() if str(kind) == "Date"]
        return found.astype(dict.fromkeys(days, "datetime64[s]"))

    def value(
        self,
        metric: str,
        period: str | None = None,
        *,
        segment: Mapping[str, str | None] | None = None,
    ) -> Number | None:
        """The value of a KPI; None where there is none, and `results` say why.

        Args:
            period: its label, such as 2024-12; default: the last one.
            segment: column: value; default: the total.

        Raises:
            UsageError: the answer has no such KPI, period or segment.
        """
        metric, cut = self._known(metric), dict(segment or {})
        results = [r for r in self.results if r.metric == metric and r.segment == cut]
        if not results:
            raise UsageError(text("api.no_segment", metric=metric, segment=cut))
        by_period = {result.period: result.value for result in results}
        label = max(results, key=lambda result: result.end).period if period is None else period
        if label not in by_period:
            there = text("api.periods_are", periods=", ".join(by_period))
            raise UsageError(text("api.no_period", metric=metric, period=label), hint=there)
        return by_period[label]

    def save(self, path: Name, *, excel: bool = False) -> None:
        """Writes the answer to a file, whole or not at all, in the format that its ending says.

        Args:
            path: with a slash at its end a folder, which gets a CSV file for the results and one
                for each table.
            excel: CSV begins with a mark, by which Excel knows its letters.

        Raises:
            UsageError: an ending that no format has, a format that cannot hold the answer, or a
                file that was read for it.
            OutputError: the file cannot be written; an old one is untouched.
        """
        from crm_kpi.cli.report import write

        output = str(path)
        if not (folder_of(output) or format_of(output)):
            raise unknown_ending(output)
        options = replace(self._options, output=output, format=None, excel=excel)
        write(self.report, self.config, options, self._specs)

    def _known(self, name: str) -> str:
        name = catalogue.find(name) or name
        there = {*self.tables, *(result.metric for result in self.results)}
        if name in there:
            return name
        reasons = [skip.reason for skip in self.skipped if skip.metric == name]
        hint = reasons[0] if reasons else did_you_mean(name, there)
        raise UsageError(text("api.not_in_answer", name=name), hint=hint)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from crm_kpi.cli import language
        from crm_kpi.cli.report import about
        from crm_kpi.render.as_html.notebook import notebook

        language.take_configured(self.config.report.language)
        return notebook(self.report, about(self.report), language.current())

    def __repr__(self) -> str:
        names = ", ".join([*dict.fromkeys(r.metric for r in self.results), *self.tables])
        return f"<crm_kpi.Answer as of {self.report.as_of}: {names}>"


def report(
    *metrics: str,
    config: Name | Config | None = None,
    by: str | Sequence[str] = (),
    where: Filters | None = None,
    every: cli.Every | None = None,
    from_: str | date | None = None,
    to: str | date | None = None,
    last: int | None = None,
    as_of: str | date | None = None,
    set: Mapping[str, Any] | None = None,
    strict: bool = False,
    engine: cli.EngineName | None = None,
    allow_net: str | Sequence[str] = (),
    **files: Paths,
) -> Answer:
    """The KPIs and analyses that are named, or every KPI that the sources can feed.

    Args:
        metrics: ids, as `crm-kpi metrics` lists them, or names of variants in the config.
        config: a file, or what `load_config` gave; default as on the command line:
            $CRM_KPI_CONFIG, then, where no files are given, crm-kpi.yaml here, then the defaults.
        by: a column to split by, or several.
        where: column: the value, or the values, that rows must have; None is a blank.
        every, from_, to, last: how time is cut into periods, and which of them are shown.
        as_of: the last day that is known; default: today.
        set: any config key, dotted: `{"limits.low_n": 10}`.
        strict: not a single rejected row is tolerated.
        engine: what computes; the answers are the same.
        allow_net: a host, or several, from which files that are https addresses are fetched.
        files: table: a file for it, or several, in place of the config's:
            `transactions="orders.csv"`.

    Raises:
        ConfigError: the config, or what was set over it, is wrong; `problems` are all faults.
        UsageError: there is no such KPI, table or column.
        DataError: the files cannot be trusted.
    """
    from crm_kpi.cli.report import answered

    for table in files:
        if table not in TABLES:
            hint = did_you_mean(table, TABLES)
            raise UsageError(text("api.no_table", table=table), hint=hint)
    options = cli.ReportOptions(
        format="table",  # not the one for the terminal that Python may run in
        config=_path(config),
        set_=_settings(config, set),
        files={table: _files(several) for table, several in files.items()},
        by=[by] if isinstance(by, str) else list(by),
        where=[f"{column}={value or ''}" for column, value in _pairs(where or {})],
        every=every,
        from_=None if from_ is None else str(from_),
        to=None if to is None else str(to),
        last=last,
        as_of=None if as_of is None else str(as_of),
        strict=strict,
        engine=engine,
        allow_net=[allow_net] if isinstance(allow_net, str) else list(allow_net),
        metrics=list(metrics),
        quiet=True,
    )
    return Answer(*answered(options), options)


def load_config(path: Name | None = None, *, set: Mapping[str, Any] | None = None) -> Config:
    """The config of a run: a file with keys set over it.

    Args:
        path: default: $CRM_KPI_CONFIG, then crm-kpi.yaml here, then the defaults.
        set: any config key, dotted: `{"periods.last": 3}`.

    Raises:
        ConfigError: its `problems` are all faults of the file and the keys, each with its line.
    """
    return cli.ConfigOptions(config=_path(path), set_=_settings(None, set)).load_config()


def _files(several: Paths) -> list[str]:
    return [*map(str, [several] if isinstance(several, Name) else several)]


def _path(config: Name | Config | None) -> Path | None:
    return Path(config) if isinstance(config, Name) else config.path if config else None


def _settings(config: Name | Config | None, more: Mapping[str, Any] | None) -> list[str]:
    """KEY=VALUE of what is set: first what a config was loaded with, for it is read again."""
    earlier = () if config is None or isinstance(config, Name) else config.settings
    values = {key: json.dumps(value, default=str) for key, value in (more or {}).items()}
    return [*earlier, *(f"{key}={value}" for key, value in values.items())]


def _pairs(where: Filters) -> Iterable[tuple[str, str | None]]:
    for column, values in where.items():
        several = [values] if values is None or isinstance(values, str) else values
        yield from ((column, value) for value in several)


def _columns(results: Sequence[Result]) -> dict[str, list[Any]]:
    from crm_kpi.render.as_csv import result_columns

    return {
        column: [get(result) for result in results]
        for column, get in result_columns(results).items()
    }


def _frame(columns: Mapping[str, list[Any]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([pl.Series(name, *_typed(name, cells)) for name, cells in columns.items()])


def _typed(name: str, cells: list[Any]) -> tuple[list[Any], Any]:
    """The cells as polars takes them, and a type that does not depend on which KPI it is."""
    import polars as pl

    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {int, float, Decimal} and (kinds - {int} or name in _NUMBERS):
        return [None if cell is None else float(cell) for cell in cells], pl.Float64
    if name in _FLAGS:
        return cells, pl.Boolean
    for kind, dtype in ((bool, pl.Boolean), (int, pl.Int64), (date, pl.Date)):
        if kinds == {kind}:
            return cells, dtype
    return [None if cell is None else _text(cell) for cell in cells], pl.String


def _text(cell: Any) -> str:
    from crm_kpi.render.as_json import encode

    return str(cell) if isinstance(cell, str) or has_own_text(cell) else encode(cell)
