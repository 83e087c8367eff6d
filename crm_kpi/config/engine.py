"""`engine:`, what computes, and where."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from crm_kpi.config.scalars import Text, Texts, wrong
from crm_kpi.config.sections import Section
from crm_kpi.errors import did_you_mean
from crm_kpi.tables import TABLES

Name = Literal["polars", "duckdb", "spark"]


class Engine(Section):
    """What computes; the answers are the same. Where Spark is may be said for any of them, so
    that `--engine spark` finds it."""

    name: Name = Field(default="polars", description="polars, duckdb or spark.")
    remote: Text | None = Field(
        default=None, description="Spark Connect server, such as sc://host:15002."
    )
    master: Text | None = Field(
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
                hint = did_you_mean(name, TABLES) or f"there are {', '.join(TABLES)}"
                raise wrong(f"holds {name}, which is no table", hint)
        return names


def _block(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


NamedEngine = Annotated[Engine, BeforeValidator(_block, json_schema_input_type=Name | Engine)]
"""A name alone, or a block."""
