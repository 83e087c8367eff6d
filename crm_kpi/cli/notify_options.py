"""What `notify` can be asked."""

# No postponed annotations: every start, that of help too, would evaluate them again.

from dataclasses import dataclass, fields
from typing import Annotated

from crm_kpi.cli import answer_options, completion
from crm_kpi.cli.answer_options import Language, Quiet, Verbose
from crm_kpi.cli.options import DataOptions, QueryOptions, TimeOptions
from crm_kpi.cli.parameters import argument, option
from crm_kpi.errors import UsageError
from crm_kpi.messages import text

_OUT = answer_options.PANEL


@dataclass(kw_only=True, eq=False, repr=False)
class NotifyOptions(TimeOptions, DataOptions):
    """Who is told, and whether anything is sent."""

    names: Annotated[
        list[str] | None,
        argument(
            "NAME", "Recipients under notify: of the config; default: all.", completion.recipients
        ),
    ] = None
    dry_run: Annotated[
        bool, option("--dry-run", help="Print each message and send nothing.", panel=_OUT)
    ] = False
    test: Annotated[
        bool, option("--test", help="Send one short line, to see whether it arrives.", panel=_OUT)
    ] = False
    exec_: Annotated[
        str | None,
        option(
            "--exec",
            help="Start a program in place of sending, once a finding, with it as JSON on "
            "standard input.",
            panel=_OUT,
            metavar="PROGRAM",
        ),
    ] = None
    language: Language = None
    quiet: Quiet = False
    verbose: Verbose = False

    def __post_init__(self) -> None:
        if self.test and (self.exec_ is not None or self.dry_run):
            raise UsageError(text("notify.test_alone"), hint=text("notify.test_sends"))

    def query(self, config_keys: list[str] | None = None) -> QueryOptions:
        """The same question about the data, for a report; `config_keys` are set last."""
        asked = {one.name for one in fields(QueryOptions)}
        shared = {name: value for name, value in vars(self).items() if name in asked}
        set_ = [*(self.set_ or []), *(config_keys or [])]
        return QueryOptions(**{**shared, "format": "table", "set_": set_})
