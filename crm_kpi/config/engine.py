"""`engine:`, what computes, and where."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from crm_kpi.config.scalars import Text, Texts, wrong
from crm_kpi.config.sections import Section
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import should_be, text
from crm_kpi.tables import TABLES

BackendName = Literal["polars", "duckdb", "spark"]

_HERE = r"local(?:-cluster)?(?:\[[0-9*, ]+\])?"
_PLACE = r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_REMOTE = re.compile(rf"{_HERE}|sc://[\w.-]+(?::[0-9]{{1,5}})?(?:/?|/(?:;[\w.-]+=[^\s;=/?#]*)+)")
_MASTER = re.compile(rf"{_HERE}|yarn|spark://{_PLACE}(?:,{_PLACE})*|k8s://(?:https?://)?{_PLACE}/?")


def _remote(value: str) -> str:
    if not _REMOTE.fullmatch(value):
        raise wrong(should_be(text("config.remote")), text("config.remote_options"), secret=True)
    return value


def _master(value: str) -> str:
    if not _MASTER.fullmatch(value):
        raise wrong(should_be(text("config.master")), secret=True)
    return value


Remote = Annotated[Text, AfterValidator(_remote)]
Master = Annotated[Text, AfterValidator(_master)]
"""Neither says who connects; an address that is refused is not repeated, as it may."""


class Engine(Section):
    """What computes; the answers are the same. Where Spark is may be said for any of them, so
    that `--engine spark` finds it."""

    name: BackendName = Field(default="polars", description="polars, duckdb or spark.")
    remote: Remote | None = Field(
        default=None, description="Spark Connect server, such as sc://host:15002."
    )
    master: Master | None = Field(
        default=None, description="Spark cluster, such as spark://host:7077. Default: this machine."
    )
    in_place: Texts = Field(
        default=(),
        description="Tables whose Parquet files the engine itself reads where they lie, so that "
        "they need not fit into this machine. Their columns have to be typed.",
    )

    @field_validator("in_place")
    @classmethod
    def _are_tables(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in TABLES:
                hint = did_you_mean(name, TABLES) or text(
                    "config.there_are_tables", tables=", ".join(TABLES)
                )
                raise wrong(text("config.not_a_table", name=name), hint)
        return names


def _block(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


NamedEngine = Annotated[
    Engine, BeforeValidator(_block, json_schema_input_type=BackendName | Engine)
]
"""A name alone, or a block."""
