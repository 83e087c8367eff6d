"""`notify:`, who is told of what, how often, and in which hours not."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from crm_kpi.config.scalars import Texts, listed, wrong
from crm_kpi.config.sections import Section
from crm_kpi.durations import Duration, parse_duration
from crm_kpi.messages import LANGUAGES, should_be, text

ENVIRONMENT, FILE = "env:", "file:"
"""Where an address stands; it is a secret, and never in the config itself."""
ROWS = "csv"
"""The attachment that lists customers or tickets."""

_ADDRESS = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}|file:\S.{0,999}")
_QUIET = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]) *- *([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = 24 * 60 * 60


class QuietTime(NamedTuple):
    """Hours of the day in which nothing is sent, from one time until before another."""

    start: time
    end: time

    def until(self, now: datetime) -> datetime | None:
        """When the hours that it is now end; None outside of them.

        now: in the time zone of the report.
        """
        clock, over_midnight = now.time(), self.start > self.end
        after, before = clock >= self.start, clock < self.end
        if not ((after or before) if over_midnight else (after and before)):
            return None
        end = now.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end + timedelta(days=1) if over_midnight and after else end


def _address(value: Any) -> str:
    """Raises a fault that does not repeat the value: it may be the address itself."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise wrong(text("config.address_elsewhere"), text("config.name_its_place"), secret=True)
    return str(value)


def _again(value: Any) -> Any:
    if value in ("once", "always") or isinstance(value, Duration):
        return str(value) if isinstance(value, str) else value
    try:
        length = parse_duration(str(value))
    except ValueError as error:
        raise wrong(should_be(text("config.again"))) from error
    if length.months is not None:
        raise wrong(should_be(text("config.again")))
    return length


def _quiet(value: Any) -> Any:
    if isinstance(value, QuietTime):
        return value
    found = _QUIET.fullmatch(str(value).strip())
    if found is None:
        raise wrong(should_be(text("config.quiet_time")))
    first, second, third, fourth = map(int, found.groups())
    quiet = QuietTime(time(first, second), time(third, fourth))
    if quiet.start == quiet.end:
        raise wrong(text("config.quiet_all_day"))
    return quiet


class Recipient(Section):
    """One who is told: a person, a group in a chat, or a program."""

    to: (
        Annotated[
            str,
            BeforeValidator(_address),
            WithJsonSchema({"type": "string", "pattern": "^(env:|file:)"}),
        ]
        | None
    ) = Field(
        default=None,
        description="Where the address stands: env:NAME, a variable of the environment, or "
        "file:PATH, a file that nobody else may read; never the address itself. Without it there "
        "is only `--exec`.",
    )
    when: Literal["missed", "warning", "unusual", "always"] = Field(
        default="missed",
        description="What is told: missed goals; with warning also near ones; with unusual also "
        "what is unusual; always: a report on every run.",
    )
    again: Annotated[
        Duration | Literal["once", "always"] | None,
        BeforeValidator(_again),
        WithJsonSchema({"type": "string"}),
    ] = Field(
        default=None,
        description="For how long the same is not told again: 24h; once: until it has recovered; "
        "always: never quiet. Default: 24h, and once for customers to write to (follow_up).",
    )
    may_see_customers: bool = Field(
        default=False, description="Whether attachments may list customers and tickets."
    )
    attach: tuple[Literal["html", "xlsx", "pdf", "csv"], ...] = Field(
        default=(),
        description="Files beside the message, where the service takes some: the report as html, "
        "xlsx or pdf; the rows of lists as csv, for who may see customers.",
    )
    metrics: Texts | None = Field(
        default=None,
        description="KPIs and lists of what is to be done (unresolved, follow_up); a list that is "
        "named here needs no goal. Default: every KPI, and the lists that have a goal.",
    )
    language: Literal[LANGUAGES] | None = Field(  # type: ignore[valid-type]
        default=None, description="Language of the message. Default: that of the report."
    )
    quiet: Annotated[
        QuietTime | None,
        BeforeValidator(_quiet),
        WithJsonSchema({"type": "string", "pattern": f"^{_QUIET.pattern}$"}),
    ] = Field(
        default=None,
        description="Hours in `timezone` in which nothing is sent, such as 21:00-07:00; what "
        "there is to say is said by the first run after them.",
    )

    @field_validator("attach", mode="before")
    @classmethod
    def _listed(cls, attach: Any) -> Any:
        return listed(attach)

    @field_validator("attach")
    @classmethod
    def _may_be_seen(cls, attach: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if ROWS in attach and not info.data.get("may_see_customers"):
            raise wrong(text("config.rows_are_customers"), text("config.add_may_see_customers"))
        return attach

    def is_quiet_about(self, seconds: float, *, once: bool) -> bool:
        """Whether what was told so many seconds ago is not told again.

        once: it is of a kind that is told once where nobody says otherwise.
        """
        again = self.again or ("once" if once else Duration(seconds=_DAY))
        if isinstance(again, str):
            return again == "once"
        length = again.seconds or (again.days or 0) * _DAY
        # A run of cron begins a moment earlier on one day than on the day before.
        return seconds < length - min(600, length / 10)


__all__ = ["ENVIRONMENT", "FILE", "ROWS", "QuietTime", "Recipient"]
