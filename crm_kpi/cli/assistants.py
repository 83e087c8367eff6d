"""`crm-kpi mcp`: the KPIs of a config as tools of an assistant, by the Model Context Protocol.

The tools read what the config names and nothing else; they write nothing, and take no file.
Lists of customers stay out, as on a page, unless the config wants them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from crm_kpi import catalogue
from crm_kpi.cli import VERSION, describe, for_people
from crm_kpi.cli.options import ConfigOptions, Every, ReportOptions
from crm_kpi.cli.report import about, answered, known
from crm_kpi.engine import metric_info
from crm_kpi.errors import CrmKpiError, ExitCode, UsageError
from crm_kpi.messages import text
from crm_kpi.render import render
from crm_kpi.results import Report

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from crm_kpi.config import Config

MOST_RESULTS, MOST_ROWS = 500, 200
"""An assistant cannot hold more at a time; whoever asks for it is told to ask for less."""
_INSTRUCTIONS = (
    "Customer KPIs computed from the files of one company. list_metrics says what there is, "
    "explain_metric what a number means. compute gives values with n, interval, status, reason, "
    "definition and the account of all rows that were read: tell them with the number. A null has "
    "a reason; low_n is a small sample. Percentages are 0 to 100."
)

Arguments = ParamSpec("Arguments")
Fields = dict[str, Any]


@dataclass(frozen=True)
class Tools:
    """What an assistant may ask of the sources of one config."""

    options: ConfigOptions

    @property
    def every(self) -> Sequence[Callable[..., Any]]:
        """All of them."""
        return (
            self.list_metrics,
            self.explain_metric,
            self.compute,
            self.drivers,
            self.validate,
        )

    def list_metrics(self, domain: str | None = None) -> list[Fields]:
        """The KPIs and tables that there are: id, title, what each is, and its domain.

        Args:
            domain: only those of one domain, such as retention, surveys, service or sales.
        """
        config = self.options.load_config()
        if domain is not None and domain not in catalogue.DOMAINS:
            hint = text("cli.domains_are", domains=", ".join(catalogue.DOMAINS))
            raise UsageError(text("cli.no_domain", domain=domain), hint=hint)
        entries = catalogue.entries()
        names = [*entries, *config.definitions.keys() - entries.keys(), *config.metrics]
        kpis = {name: metric_info.kpi_id(config, name) for name in names}
        return [
            {
                "metric": name,
                **_words(config, name, kpi),
                "domain": entries[kpi].domain,
            }
            for name, kpi in kpis.items()
            if domain in (None, entries[kpi].domain)
        ]

    def explain_metric(self, metric: str) -> Fields:
        """What a KPI means: formula, definition in force, an example, what it needs, its sources.

        Args:
            metric: an id such as churn_rate, or a usual name such as LTV.
        """
        config = self.options.load_config()
        told: Fields = _plain(describe.describe(config, known(config, metric)))
        return told

    def compute(
        self,
        metrics: list[str],
        every: Every | None = None,
        from_period: str | None = None,
        to_period: str | None = None,
        last: int | None = None,
        by: list[str] | None = None,
        where: dict[str, str | None] | None = None,
    ) -> Fields:
        """The values of KPIs, and the rows of tables, by period and segment, with the account of
        all rows that were read.

        Args:
            metrics: ids, as list_metrics gives them.
            every: the length of a period; default: the config's.
            from_period: first day or period, such as 2024-03.
            to_period: last day or period, which is included.
            last: only the last so many periods.
            by: columns to split by, such as segment.
            where: column: the value that rows must have; null is a blank.
        """
        if not metrics:
            raise UsageError(text("cli.name_metrics"))
        options = self._options(
            metrics=list(metrics),
            every=every,
            from_=from_period,
            to=to_period,
            last=last,
            by=list(by or ()),
            where=[f"{column}={value or ''}" for column, value in (where or {}).items()],
        )
        report, config, _ = answered(options)
        if not config.report.lists:
            hidden = for_people.hide_lists(report, list(report.tables))
            if hidden:
                report.notes.append(text("cli.lists_left_out", names=", ".join(hidden)))
        return _read_out(report)

    def drivers(
        self, metric: str, by: list[str], period: str | None = None, against: str | None = None
    ) -> Fields:
        """Why a KPI moved from one period to another: the part that each segment has in the change.

        Args:
            metric: an id, as list_metrics gives it.
            by: columns, each of which gives an account of its own; they are never added.
            period: the later period, such as 2024-Q4; default: the last whole one.
            against: the period that it is set against; default: the one before.
        """
        asked = {"metric": known(self.options.load_config(), metric), "by": list(by)}
        asked |= {"after": period} if period else {}
        asked |= {"before": against} if against else {}
        report, _, _ = answered(
            self._options(
                metrics=["drivers"],
                set_=[
                    *(self.options.set_ or ()),
                    *(
                        f"definitions.drivers.{key}={json.dumps(each)}"
                        for key, each in asked.items()
                    ),
                ],
            )
        )
        return _read_out(report)

    def validate(self) -> Fields:
        """How the sources were read: rows used, rejected, left out, with reasons and readings."""
        report, _, _ = answered(self._options())
        told = _read_out(report, of_sources=True)
        return {"sources": told["sources"], "notes": told["notes"]}

    def _options(self, **more: Any) -> ReportOptions:
        said = {"config": self.options.config, "set_": self.options.set_, "quiet": True}
        return ReportOptions(**(said | more), format="table")


def run(options: ConfigOptions) -> int:
    """Serve the tools on stdin and stdout until they are closed.

    Raises:
        UsageError: the library of the protocol is not installed, or there is no source.
    """
    if not options.load_config().sources:
        raise UsageError(text("cli.nothing_to_report"), hint=text("cli.give_files"))
    server(Tools(options)).run()
    return ExitCode.OK


def server(tools: Tools) -> MCPServer:
    """A server with these tools.

    Raises:
        UsageError: the library of the protocol is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        raise UsageError(text("cli.no_mcp"), hint=text("cli.install_mcp")) from None
    served: MCPServer = MCPServer(
        "crm-kpi", version=VERSION, instructions=_INSTRUCTIONS, log_level="ERROR"
    )
    harmless = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    for tool in tools.every:
        served.tool(annotations=harmless)(_told(tool))
    return served


def _told(tool: Callable[Arguments, Any]) -> Callable[Arguments, Any]:
    """The tool, whose errors are told in their own words."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def asked(*args: Arguments.args, **more: Arguments.kwargs) -> Any:
        try:
            return tool(*args, **more)
        except CrmKpiError as error:
            words = [error.message, *(str(problem) for problem in error.problems[:5]), error.hint]
            raise ToolError(" - ".join(str(word) for word in words if word)) from None

    return asked


def _words(config: Config, name: str, kpi: str) -> dict[str, str]:
    if name in config.metrics:
        title, summary = describe.own_words(config, name)
        return {"title": str(title), "summary": str(summary)}
    said = catalogue.entries()[kpi].summary_said
    return {"title": str(metric_info.title(kpi, name)), "summary": str(said)}


def _read_out(report: Report, *, of_sources: bool = False) -> Fields:
    """The answer as `-f json` has it, and the notes, which stand on stderr there.

    Raises:
        UsageError: it is too large to be read by whom it is for.
    """
    rows = sum(map(len, report.tables.values()))
    if not of_sources and (len(report.results) > MOST_RESULTS or rows > MOST_ROWS):
        what = text("cli.too_much", results=len(report.results), rows=rows)
        raise UsageError(what, hint=text("cli.ask_for_less"))
    stream = io.StringIO()
    render(report, "json", stream, about=about(report))
    answer: Fields = json.loads(stream.getvalue())
    return answer | {"notes": [str(note) for note in report.notes]}


def _plain(value: Any) -> Any:
    """What JSON can hold, messages as their English."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, int | float) else str(value)
