"""`sources:`, one block of it: which files, and how their words become ours."""

from __future__ import annotations

from glob import escape, has_magic
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from crm_kpi.addresses import is_address
from crm_kpi.config.request_headers import HeaderName, SecretName
from crm_kpi.config.scalars import ExactNumber, Header, Text, Texts, Timezone, Word, Words, wrong
from crm_kpi.config.sections import Section
from crm_kpi.config.text_formats import Database, Dates, Delimiter, Encoding, Numbers, shape
from crm_kpi.messages import text
from crm_kpi.sources.io.web.web_address import WebAddress
from crm_kpi.sources.query import Query
from crm_kpi.sources.server import AddressError
from crm_kpi.sources.spec import (
    TIME_UNITS,
    DerivedColumn,
    Preset,
    SourceColumn,
    SourceSpec,
)
from crm_kpi.tables import TABLES, duration

SUFFIXES = (".yaml", ".yml")
"""Of a preset that is a file of the user's own."""


class Recipe(Section):
    """A column of ours that is made from several of theirs: one of product, minus, join, after."""

    product: Texts = Field(default=(), description="Headers whose numbers are multiplied.")
    minus: Texts = Field(
        default=(),
        description="Headers of numbers: the first, less the others, of which a blank is nothing.",
    )
    join: Texts = Field(
        default=(), description="Headers whose texts are put together with a blank."
    )
    after: Text | None = Field(
        default=None, description="Our column with the time that is counted from."
    )
    seconds: Text | None = Field(
        default=None, description="With after: header with the seconds since."
    )
    minutes: Text | None = Field(
        default=None,
        description="With after: header with the minutes since, as a number or as 01:30:00 or "
        "1h 30m.",
    )
    hours: Text | None = Field(default=None, description="With after: header with the hours since.")
    days: Text | None = Field(default=None, description="With after: header with the days since.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        lengths = [unit for unit in TIME_UNITS if getattr(self, unit, None)]
        if sum(map(bool, (self.product, self.minus, self.join, self.after))) != 1:
            raise wrong(text("config.one_way"))
        if len(lengths) != (1 if self.after else 0):
            raise wrong(text("config.after_and_unit"))
        if 1 in map(len, (self.product, self.minus, self.join)):
            raise wrong(text("config.two_headers"), text("config.header_alone"))
        return self

    def combined(self) -> DerivedColumn:
        return DerivedColumn(**dict(self))


def _kind(value: Any) -> str:
    return "some" if isinstance(value, list | tuple) else shape(value)


ColumnDeclaration = Annotated[
    Annotated[Header, Tag("all")]
    | Annotated[tuple[Text, ...], Field(min_length=1), Tag("some")]
    | Annotated[Recipe, Tag("each")],
    Discriminator(_kind),
]


RowClass = Literal["open", "void", "returned", "partly"]


def _path_or_database(schema: dict[str, Any]) -> None:
    """One of the two is required."""
    schema["anyOf"] = [{"required": ["path"]}, {"required": ["database", "query"]}]


class Source(Section):
    """Files that are read the same way. What is not said here is found out, or asked for."""

    model_config = ConfigDict(json_schema_extra=_path_or_database)

    database: Database | None = Field(
        default=None,
        description="In place of path: postgresql://HOST:PORT/DATABASE, "
        "mysql://HOST:PORT/DATABASE or mssql://HOST:PORT/DATABASE "
        '(pip install "crm-kpi[databases]"), or sqlite:///FILE, relative to the config file. '
        "User and password come from the environment alone: PGUSER, PGPASSWORD beside PGHOST, "
        "PGPASSFILE, PGSERVICE; MYSQL_USER, MYSQL_PWD beside MYSQL_HOST; SQLCMDUSER, "
        "SQLCMDPASSWORD beside SQLCMDSERVER. Use a role that may only read.",
    )
    query: Text | None = Field(
        default=None,
        description="What the database is asked: one select, run in a transaction that cannot "
        "write and for 10 minutes at most. With an order by, its rows have the same numbers in "
        "every run.",
    )
    path: Texts = Field(
        default=(),
        validate_default=True,
        min_length=1,
        description="A file, a list of files or a glob, relative to the config file: "
        ".csv, .tsv, .xlsx or .parquet, also with .gz or .zst; or a folder of Parquet files; or "
        "an https address of a table, which --allow-net or your own settings allow to fetch.",
    )
    request_headers: dict[HeaderName, SecretName] = Field(
        default_factory=dict,
        description="With an https path: header: env:CRM_KPI_SECRET_NAME, the variable of the "
        "environment that holds its value; sent to the host of the path and no other.",
    )
    preset: Text | None = Field(
        default=None,
        description="How a known program writes its exports, such as shopify_orders "
        "(docs/presets.md has them all), or a file of your own, such as ours.yaml; none: go by the "
        "headers alone. Keys beside it come first. Default: the one whose headers the file has.",
    )
    columns: dict[str, ColumnDeclaration] = Field(
        default_factory=dict,
        description="Our column: their header, a list of headers of which in each row the first "
        "that is filled counts, a position counted from 1, or a block that makes the column from "
        "several headers. Headers with known names need no entry.",
    )
    constants: dict[str, Word] = Field(
        default_factory=dict, description="Our column: the value of it in every row."
    )
    dates: Dates | None = Field(
        default=None,
        description='How dates are written, such as "%d/%m/%Y"; excel for serial days; unix or '
        "unix_ms for seconds or milliseconds since 1970; for all columns or per column of ours. "
        "Default: inferred over the whole column.",
    )
    numbers: Numbers | None = Field(
        default=None,
        description="How 1234.56 is written; for all columns or per column of ours. "
        "Default: inferred over the whole column.",
    )
    locale: Literal["vi"] | None = Field(
        default=None,
        description="vi: where a column leaves it open, dates are day first and numbers as "
        "1.234,56. Default: so where the headers are Vietnamese.",
    )
    timezone: Timezone | None = Field(
        default=None,
        description="Of times without an offset. Default: UTC where the header says (UTC), else "
        "the reporting time zone.",
    )
    encoding: Encoding | None = Field(default=None, description="Of the text. Default: detected.")
    delimiter: Delimiter | None = Field(
        default=None, description="Between two fields, one character or tab. Default: detected."
    )
    sheet: Header | None = Field(
        default=None,
        description="Of workbooks: the name of a sheet, a pattern such as Tháng *, or a "
        "position from 1 (a name that is a number goes in quotes). Default: the one that has the "
        "table's columns, or all that have them where their headers are the same.",
    )
    sheets: Literal["all"] | None = Field(
        default=None,
        description="Of workbooks: all sheets that have the table's columns, whatever their "
        "other headers.",
    )
    values: dict[str, dict[str, Word]] = Field(
        default_factory=dict,
        description='Per column of ours: their word: our word; "*" is any other word.',
    )
    where: dict[str, Words] = Field(
        default_factory=dict,
        description="Per column, ours or theirs: the values of the rows to read. "
        "Other rows are counted, not rejected. An empty list takes back what a preset asks.",
    )
    exclude: dict[str, Words] = Field(
        default_factory=dict,
        description="Per column, ours or theirs: the values of the rows to leave out. "
        "They are counted, not rejected.",
    )
    missing: Words | None = Field(
        default=None, description="The texts that mean empty here, instead of the usual ones."
    )
    once: Text | None = Field(
        default=None,
        description="Our column, such as transaction_id: of the rows that share a value of it, the "
        "first is read, the others are counted. For files with a row per product on which the "
        "order's whole amount repeats. none: amounts are those of the lines.",
    )
    status: dict[RowClass, Literal["count", "exclude"]] | Literal["ignore"] | None = Field(
        default=None,
        description="What is done with rows by what their status says: open, void, returned, "
        "partly: count or exclude; or ignore: every row counts. Default: void and returned rows "
        "are left out, and open ones where they are few and young. "
        "`values: {status: {Their word: open}}` says what a word means.",
    )
    walk_in: Words | None = Field(
        default=None,
        description="Ids under which is sold to nobody in particular: such rows count in revenue "
        "and orders, and in no KPI of customers. Default: words for walk-ins and guests, such as "
        "Khách lẻ; an empty list takes every id for a customer.",
    )
    scale: Annotated[ExactNumber, Field(gt=0)] | None = Field(
        default=None,
        description="What amounts of money are multiplied by, such as 0.01 where they are in cents "
        "or 1000 where they are in thousands; it comes before a unit that a header says.",
    )
    end: Literal["inclusive", "exclusive"] | None = Field(
        default=None,
        description="What an end, such as end_date, trial_end or churn_date, is: inclusive: the "
        "last day; exclusive: the first day without. Default: as the rows prove or the header "
        "says, else exclusive.",
    )
    totals: Literal["skip"] | None = Field(
        default=None,
        description="skip: lines of totals within and below the table are left out, whatever they "
        "come to. Default: they are left out, and have to be the sums of the rows around them.",
    )
    duplicates: Literal["keep", "drop"] | None = Field(
        default=None,
        description="What to do with rows that are equal in every column. Default: keep in "
        "transactions and costs, drop where a row has an id.",
    )

    @field_validator("path", mode="wrap")
    @classmethod
    def _path_or_database(
        cls, path: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        if path != ():
            return read(path)
        if info.data.get("database", True) is None:
            raise PydanticCustomError("missing", "missing")
        return path

    @field_validator("path")
    @classmethod
    def _addresses(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        for address in filter(is_address, paths):
            try:
                WebAddress.of(address)
            except AddressError as error:
                raise wrong(error.reason, error.hint, secret=True) from error
        return paths

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        hosts = {WebAddress.of(path).authority for path in filter(is_address, self.path)}
        if self.request_headers and len(hosts) != 1:
            raise wrong(text("config.headers_and_address"))
        if (self.database is None) != (self.query is None):
            raise wrong(text("config.database_and_query"))
        if self.database is not None and self.path:
            raise wrong(text("config.path_or_database"))
        if self.sheet is not None and self.sheets is not None:
            raise wrong(text("config.sheet_or_sheets"))
        return self

    @property
    def preset_file(self) -> str | None:
        """The preset, if it is a file of the user's own."""
        return self.preset if self.preset is not None and self.preset.endswith(SUFFIXES) else None

    def spec(self, table: str, folder: Path | None, preset: Preset | None = None) -> SourceSpec:
        """The same for the loader, with paths seen from the working directory; `preset` is what
        stands in the `preset_file`."""
        fields: dict[str, Any] = dict(self)
        paths = tuple(within(folder, path) for path in fields.pop("path"))
        database, sql = fields.pop("database"), fields.pop("query")
        if database is not None:
            fields["query"] = query = Query(database, sql).within(folder)
            # A database that is a file is an input, as no output may be.
            paths = (query.file,) if query.file else ()
        if preset is not None:
            fields["preset"] = preset
        fields["request_headers"] = (*self.request_headers.items(),)
        columns = {
            column: source.combined() if isinstance(source, Recipe) else source
            for column, source in self.columns.items()
        }
        fields["columns"] = dict(_moment(table, *item) for item in columns.items())
        return SourceSpec(table, paths, **fields)


def _moment(table: str, column: str, source: SourceColumn) -> tuple[str, SourceColumn]:
    """A duration that a table knows in place of a moment, as the moment so long after another."""
    of = duration(table, column)
    if of is None or not isinstance(source, str):
        return column, source
    moment, unit = of
    return moment, DerivedColumn.later(TABLES[table].at, unit, source)


def within(folder: Path | None, path: str) -> str:
    """The path as seen from the working directory; `-` is stdin, and an address such as
    s3://bucket is itself, wherever the config is."""
    if folder is None or path == "-" or "://" in path or Path(path).is_absolute():
        return path
    return str(Path(escape(str(folder)) if has_magic(path) else folder) / path)
