"""`sources:`, one block of it: which files, and how their words become ours."""

from __future__ import annotations

from glob import escape, has_magic
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from crm_kpi.config.formats import Dates, Delimiter, Encoding, Numbers, shape
from crm_kpi.config.scalars import Header, Text, Texts, Word, Words, wrong
from crm_kpi.config.sections import Section
from crm_kpi.sources.spec import Combined, SourceSpec


class Recipe(Section):
    """A column of ours that is made from several of theirs: one of product, join and after."""

    product: Texts = Field(default=(), description="Headers whose numbers are multiplied.")
    join: Texts = Field(
        default=(), description="Headers whose texts are put together with a blank."
    )
    after: Text | None = Field(
        default=None, description="Our column with the time that is counted from."
    )
    minutes: Text | None = Field(
        default=None, description="With after: header with the minutes since."
    )
    hours: Text | None = Field(default=None, description="With after: header with the hours since.")
    days: Text | None = Field(default=None, description="With after: header with the days since.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        lengths = [unit for unit in (self.minutes, self.hours, self.days) if unit]
        if sum(map(bool, (self.product, self.join, self.after))) != 1:
            raise wrong("should hold one of product, join and after")
        if len(lengths) != (1 if self.after else 0):
            raise wrong("after goes with one of minutes, hours and days, and they with it")
        if 1 in (len(self.product), len(self.join)):
            raise wrong("needs two headers or more", "write the header alone to take it as it is")
        return self

    def combined(self) -> Combined:
        return Combined(**dict(self))


Column = Annotated[
    Annotated[Header, Tag("all")] | Annotated[Recipe, Tag("each")], Discriminator(shape)
]


class Source(Section):
    """Files that are read the same way. What is not said here is found out, or asked for."""

    path: Texts = Field(
        min_length=1,
        description="A file, a list of files or a glob, relative to the config file: "
        ".csv, .tsv, .xlsx or .parquet, also with .gz or .zst.",
    )
    columns: dict[str, Column] = Field(
        default_factory=dict,
        description="Our column: their header, a position counted from 1, or a block that makes "
        "the column from several headers. Headers with known names need no entry.",
    )
    constants: dict[str, Word] = Field(
        default_factory=dict, description="Our column: the value of it in every row."
    )
    dates: Dates | None = Field(
        default=None,
        description='How dates are written, such as "%d/%m/%Y", or excel for serial days; '
        "for all columns or per column of ours. Default: inferred over the whole column.",
    )
    numbers: Numbers | None = Field(
        default=None,
        description="How 1234.56 is written; for all columns or per column of ours. "
        "Default: inferred over the whole column.",
    )
    encoding: Encoding | None = Field(default=None, description="Of the text. Default: detected.")
    delimiter: Delimiter | None = Field(
        default=None, description="Between two fields, one character or tab. Default: detected."
    )
    sheet: Header | None = Field(
        default=None,
        description="Of a workbook: its name, or its position from 1 (a name that is a number "
        "goes in quotes). Default: the first.",
    )
    values: dict[str, dict[str, Word]] = Field(
        default_factory=dict,
        description='Per column of ours: their word: our word; "*" is any other word.',
    )
    where: dict[str, Words] = Field(
        default_factory=dict,
        description="Per column, ours or theirs: the values of the rows to read. "
        "Other rows are counted, not rejected.",
    )
    exclude: dict[str, Words] = Field(
        default_factory=dict,
        description="Per column, ours or theirs: the values of the rows to leave out. "
        "They are counted, not rejected.",
    )
    missing: Words | None = Field(
        default=None, description="The texts that mean empty here, instead of the usual ones."
    )
    duplicates: Literal["keep", "drop"] | None = Field(
        default=None,
        description="What to do with rows that are equal in every column. Default: keep in "
        "transactions and costs, drop where a row has an id.",
    )

    def spec(self, table: str, folder: Path | None) -> SourceSpec:
        """The same for the loader, with paths seen from the working directory."""
        fields: dict[str, Any] = dict(self)
        paths = tuple(_within(folder, path) for path in fields.pop("path"))
        fields["columns"] = {
            ours: theirs.combined() if isinstance(theirs, Recipe) else theirs
            for ours, theirs in self.columns.items()
        }
        return SourceSpec(table, paths, **fields)


def _within(folder: Path | None, path: str) -> str:
    """The path as seen from the working directory; `-` is stdin wherever the config is."""
    if folder is None or path == "-" or Path(path).is_absolute():
        return path
    return str(Path(escape(str(folder)) if has_magic(path) else folder) / path)
