"""What `restated` can be asked."""

# No postponed annotations: every start, that of help too, would evaluate them again.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from crm_kpi.cli.answer_options import PANEL, AnswerOptions, OutputFile
from crm_kpi.cli.options import CatalogueFormat, DataOptions, TimeOptions
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
    fail_on_change: Annotated[
        bool, option("--fail-on-change", help="End with 4 where a value has changed.", panel=PANEL)
    ] = False
