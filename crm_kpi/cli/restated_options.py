"""What `restated` can be asked."""

# No postponed annotations: every start, that of help too, would evaluate them again.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from crm_kpi.cli.answer_options import FORMAT, PANEL, AnswerOptions, OutputFile
from crm_kpi.cli.options import (
    TIME,
    CatalogueFormat,
    DataOptions,
    Every,
    TimeOptions,
    by_option,
    where_option,
)
from crm_kpi.cli.parameters import argument, option
from crm_kpi.render.formats import CATALOGUE_FORMATS


@dataclass(kw_only=True, eq=False, repr=False)
class RestatedOptions(AnswerOptions, TimeOptions, DataOptions):
    """A log of values, what is computed anew, and what a change means."""

    formats: ClassVar[Sequence[str]] = CATALOGUE_FORMATS
    log_file: Annotated[str, argument("LOG", "What `--log` has written.")]
    format: Annotated[CatalogueFormat, FORMAT] = None
    output: OutputFile = None
    by: Annotated[
        list[str] | None, by_option("Only the values split by these columns; repeatable.")
    ] = None
    where: Annotated[
        list[str] | None, where_option("Only the values of these rows; repeatable.")
    ] = None
    every: Annotated[
        Every | None,
        option("--every", help="Only the values of periods of this length.", panel=TIME),
    ] = None
    fail_on_change: Annotated[
        bool, option("--fail-on-change", help="End with 4 where a value has changed.", panel=PANEL)
    ] = False
