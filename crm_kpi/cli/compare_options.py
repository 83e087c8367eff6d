"""What `compare` can be asked."""

# No postponed annotations: every start, that of help too, would evaluate them again.

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from crm_kpi.cli.answer_options import Language, Quiet, Verbose
from crm_kpi.cli.options import AllowNet, CatalogueFormat, ConfigOptions
from crm_kpi.cli.parameters import argument, option


@dataclass(kw_only=True, eq=False, repr=False)
class CompareOptions(ConfigOptions):
    """Two lists of customers, and the days of which they tell."""

    old: Annotated[str, argument("OLD", "The older export of the customers list.")]
    new: Annotated[str, argument("NEW", "The newer one.")]
    old_date: Annotated[
        str | None,
        option(
            "--old-date",
            help="Day of the older list; default its newest date.",
            panel="Data",
            metavar="DATE",
        ),
    ] = None
    new_date: Annotated[
        str | None,
        option(
            "--new-date",
            help="Day of the newer list; default its newest date.",
            panel="Data",
            metavar="DATE",
        ),
    ] = None
    show: Annotated[
        int,
        option(
            "--show",
            help="How many customers of each change are named.",
            panel="Output",
            metavar="N",
        ),
    ] = 5
    allow_net: AllowNet = None
    output: Annotated[
        Path | None,
        option(
            "-o",
            "--output",
            help="Write a customers table with the dates found out: FILE.csv.",
            panel="Output",
            metavar="FILE",
        ),
    ] = None
    format: Annotated[
        CatalogueFormat, option("-f", "--format", help="How the answer is written.", panel="Output")
    ] = "table"
    language: Language = None
    quiet: Quiet = False
    verbose: Verbose = False

    @property
    def names_files(self) -> bool:
        return True

    @property
    def allowed_hosts(self) -> Sequence[str]:
        return self.allow_net or ()

    def files_of(self, table: str) -> list[str]:
        return [self.old, self.new] if table == "customers" else []
