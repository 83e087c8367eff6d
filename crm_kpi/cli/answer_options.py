"""How an answer is written, whatever was asked: options that most commands share."""

# No postponed annotations, as in `options`.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from crm_kpi.cli import answer_format
from crm_kpi.cli.parameters import option
from crm_kpi.render.formats import REPORT_FORMATS

PANEL = "Output"

Language = Annotated[
    str | None,
    option(
        "--language",
        help="Language of what people read: en or vi; default: report.language of the config, "
        "$CRM_KPI_LANGUAGE, that of the terminal, en.",
        panel=PANEL,
        metavar="LANGUAGE",
    ),
]
"""Read by `language`, before anything else is."""

FORMAT = option(
    "-f",
    "--format",
    help="How the answer is written; default: what the ending of -o says, or table.",
    panel=PANEL,
)
ReportFormat: Any = Literal[REPORT_FORMATS] | None

OutputFile = Annotated[
    str | None,
    option(
        "-o", "--output", help="Write to a file, whole or not at all.", panel=PANEL, metavar="FILE"
    ),
]
"""As it was typed: a slash at its end means a folder."""
Quiet = Annotated[bool, option("-q", "--quiet", help="Errors only on stderr.", panel=PANEL)]
Verbose = Annotated[
    bool,
    option("-v", "--verbose", help="Say everything that was assumed or noticed.", panel=PANEL),
]


@dataclass(kw_only=True, eq=False, repr=False)
class AnswerOptions:
    """How the answer is written. What -f leaves open is decided when they are made.

    Raises:
        UsageError: the ending of the output is that of no format, or the format is not one for
            a spreadsheet.
    """

    formats: ClassVar[Sequence[str]] = REPORT_FORMATS
    format: Annotated[ReportFormat, FORMAT] = None
    output: Annotated[
        str | None,
        option(
            "-o",
            "--output",
            help="Write to a file, whole or not at all; DIR/ gets a file for the results and "
            "one for each table.",
            panel=PANEL,
            metavar="FILE",
        ),
    ] = None
    excel: Annotated[
        bool,
        option("--excel", help="CSV that Excel opens with all its letters (a BOM).", panel=PANEL),
    ] = False
    language: Language = None
    quiet: Quiet = False
    verbose: Verbose = False

    def __post_init__(self) -> None:
        self.format = answer_format.chosen(self.format, self.output, self.formats, excel=self.excel)
