"""What `restated` can be asked."""

# No postponed annotations: every start, that of help too, would evaluate them again.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from crm_kpi.cli import completion
from crm_kpi.cli.answer_options import PANEL, AnswerOptions, OutputFile
from crm_kpi.cli.options import DATA, TIME, CatalogueFormat, DataOptions, Every, TimeOptions
from crm_kpi.cli.parameters import argument, option
from crm_kpi.render.formats import CATALOGUE_FORMATS


@dataclass(kw_only=True, eq=False, repr=False)
class RestatedOptions(AnswerOptions, TimeOptions, DataOptions):
    """A log of values, what is computed anew, and what a change means."""

    formats: ClassVar[Sequence[str]] = CATALOGUE_FORMATS
    log_file: Annotated[str, argument("LOG", "What `--log` has written.")]
    format: Annotated[
        CatalogueFormat,
        option(
            "-f",
            "--format",
            help="How the answer is written; default: what the ending of -o says, or table.",
            panel=PANEL,
        ),
    ] = None
    output: OutputFile = None
    by: Annotated[
        list[str] | None,
        option(
            "--by",
            help="Only the values split by these columns; repeatable.",
            panel=DATA,
            metavar="COLUMN",
            complete=completion.columns,
        ),
    ] = None
    where: Annotated[
        list[str] | None,
        option(
            "--where",
            help="Only the values of these rows; repeatable.",
            panel=DATA,
            metavar="COLUMN=VALUE",
            complete=completion.conditions,
        ),
    ] = None
    every: Annotated[
        Every | None,
        option("--every", help="Only the values of periods of this length.", panel=TIME),
    ] = None
    fail_on_change: Annotated[
        bool, option("--fail-on-change", help="End with 4 where a value has changed.", panel=PANEL)
    ] = False
