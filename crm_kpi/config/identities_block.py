"""`identities:`, a file that says which ids are one customer's."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from crm_kpi.config.scalars import Text, Texts, as_path, wrong
from crm_kpi.config.sections import Section
from crm_kpi.messages import text


class IdentitiesBlock(Section):
    """A file with the ids that each customer has, such as those of two shops."""

    path: Text = Field(description="The file, relative to the config file.")
    columns: Texts = Field(
        default=(),
        description="Headers of two or more columns of ids; that of the first is the customer's "
        "in the report. Default: all columns of the file.",
    )

    @field_validator("columns")
    @classmethod
    def _several(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        if len(columns) == 1:
            raise wrong(text("config.one_identity_column"), text("config.two_identity_columns"))
        return columns


PathOrIdentities = Annotated[
    IdentitiesBlock, BeforeValidator(as_path, json_schema_input_type=str | IdentitiesBlock)
]
