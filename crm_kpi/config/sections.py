"""What every block of a config is: frozen, closed to unknown keys, at ease with empty ones."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from crm_kpi.config.tree import Scalar
from crm_kpi.messages import should_be, text

BLOCK = should_be(text("config.block"))


def filled(block: Any) -> Any:
    """The block without keys that have no value: those keep their defaults."""
    if not isinstance(block, dict):
        return block
    return {key: value for key, value in block.items() if not _empty(value)}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, Scalar) and value.null)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        return filled(data)
