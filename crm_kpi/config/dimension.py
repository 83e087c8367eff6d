"""`dimensions:`, one block of it: a file that says more about the values of a column."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from crm_kpi.config.scalars import Text, Texts, as_path
from crm_kpi.config.sections import Section


class DimensionBlock(Section):
    """A file with a row for each value of a column, such as the team of each owner."""

    path: Text = Field(description="The file, relative to the config file.")
    key: Text | None = Field(
        default=None,
        description="Header of the column with the values. Default: the one that is called like "
        "the column of ours, else the first.",
    )
    columns: Texts = Field(
        default=(), description="Headers of the columns to take. Default: all others."
    )


PathOrDimension = Annotated[
    DimensionBlock, BeforeValidator(as_path, json_schema_input_type=str | DimensionBlock)
]
