"""What a KPI of any kind declares: needs, definition, direction, sources.

A metric answers with a value per period and segment (`crm_kpi.metrics`), a model with one that
is predicted (`crm_kpi.models`), an analysis with a table of its own shape (`crm_kpi.analyses`).
Who asks for KPIs asks them, and not which of the three they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, field_validator

from crm_kpi.messages import Message, should_be, text
from crm_kpi.results import NoColumn

LARGEST = Decimal(10**18)


class Definition(BaseModel):
    """Which variant of a KPI is meant. KPIs with variants derive from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_computed(cls, value: Any) -> Any:
        """Numbers have a size with which amounts of 38 digits can still be multiplied."""
        some = value.values() if isinstance(value, dict) else value
        for one in some if isinstance(some, Collection) else [value]:
            if (
                isinstance(one, Decimal | int)
                and one
                and not 1 / LARGEST < abs(Decimal(one)) < LARGEST
            ):
                raise ValueError(should_be(text("metrics.number_of_18_digits")))
        return value

    def following(self, other: Definition) -> Self:
        """The same with what another says and this one does not."""
        said = {
            name: getattr(other, name)
            for name in other.model_fields_set - self.model_fields_set
            if name in type(self).model_fields
        }
        return self.model_copy(update=said)

    def in_force(self, columns: Mapping[str, Collection[str]]) -> Self:
        """The same with what it leaves to the tables, which have these columns."""
        return self


@dataclass(frozen=True, init=False)
class AnyOf:
    """A need that any one of these columns meets."""

    columns: tuple[str, ...]

    def __init__(self, *columns: str) -> None:
        object.__setattr__(self, "columns", columns)

    def __str__(self) -> str:
        return " or ".join(self.columns)


Need = str | AnyOf
"""A column, or several of which one has to be there."""
Needs = Mapping[str, Sequence[Need]]
"""Per table what has to be there; the first table is the KPI's main one."""


def columns_of(need: Need) -> tuple[str, ...]:
    """The columns of which a need asks for one."""
    return (need,) if isinstance(need, str) else need.columns


@dataclass(frozen=True, kw_only=True)
class Kpi(ABC):
    """What every KPI declares.

    Attributes:
        counts_rows: its answer is a table, whose number of rows a threshold rates as of now;
            others are rated period by period.
        has_variants: a config may have several definitions of it, by names of its own.
    """

    counts_rows: ClassVar[bool] = False
    has_variants: ClassVar[bool] = True

    higher_is_better: bool | None
    """None where neither direction is good in itself."""
    short_title: str = ""
    """What it is called where there is little room; the title where it says nothing."""
    spoken_for_by: str = ""
    """The KPI that moves with it, and speaks for both where both have something to say."""
    definition: type[Definition] = Definition
    follows: str = ""
    """The KPI by whose definition it goes where its own says nothing."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Target and warning in force when the config sets none."""
    file_tables: Sequence[str] = ()
    """The tables that a file given to it can be, where there are several."""
    sources: Sequence[str] = ()
    """Where the definition comes from."""
    documentation: str = ""
    """The docstring of its file, which the catalogue puts here."""

    @property
    def is_predicted(self) -> bool:
        """Whether its values are no observations."""
        return False

    def in_force(self, definition: Any, tables: Collection[str]) -> Any:
        """The definition with what it leaves to the tables that have a source."""
        return definition

    @abstractmethod
    def needed(self, definition: Any, tables: Collection[str]) -> Needs:
        """Per table the columns without which it cannot be; `tables` are those with a source."""

    @abstractmethod
    def used_if_there(self, definition: Any) -> Needs:
        """Tables that are read when there is a source for them, and text columns when the file
        has them."""

    @abstractmethod
    def formula_of(self, definition: Any) -> str:
        """In a line, what its number is."""

    def made_of(self, definition: Any, tables: Collection[str]) -> Sequence[str]:
        """Other KPIs, by name, that it is made of; it needs what they need."""
        return ()

    def refuses(self, kpi: Kpi, definition: Any) -> Message | None:
        """Why it cannot be made of a KPI with this definition; None where it can."""
        return None

    def accounts(self, definition: Any) -> Sequence[str] | None:
        """The columns, beside those of --by, for each of which by itself its rows give an account;
        None where all it tells is told once more for every value of the columns of --by."""
        return None

    def facts(self, definition: Any) -> dict[str, Any]:
        """What is told of it beside its title, definition and needs."""
        return {"documentation": self.documentation, "sources": list(self.sources)}


Filter = tuple[tuple[str, tuple[str | None, ...]], ...]
"""By column the values that rows must have, None being a blank."""
AnyKpi = TypeVar("AnyKpi", bound=Kpi, covariant=True)
ThisKpi = TypeVar("ThisKpi", bound=Kpi)


@dataclass(frozen=True)
class KpiRequest(Generic[AnyKpi]):
    """A KPI with the definition in force; `name` is its id, or a variant's own.

    tables: those that have a source, for KPIs that can do with several.
    columns: those of the tables that were read.
    where: the rows that it is told of, where that are not all that are asked for.
    made_of: the KPIs that it is made of.
    """

    name: str
    kpi: AnyKpi
    definition: Definition
    tables: frozenset[str] = frozenset()
    columns: Mapping[str, Collection[str]] = field(default_factory=dict)
    where: Filter = ()
    made_of: tuple[KpiRequest[Kpi], ...] = ()

    @property
    def needs(self) -> Needs:
        mine = self.kpi.needed(self.definition, self.tables)
        return _together([mine, *(each.needs for each in self.made_of)])

    @property
    def optional(self) -> Needs:
        mine = self.kpi.used_if_there(self.definition)
        return _together([mine, *(each.optional for each in self.made_of)])

    @property
    def is_predicted(self) -> bool:
        """Whether it is, or what it is made of."""
        return self.kpi.is_predicted or any(each.is_predicted for each in self.made_of)

    def parts(self) -> Iterator[KpiRequest[Kpi]]:
        """The KPIs that it is made of, and what these are made of."""
        for each in self.made_of:
            yield each
            yield from each.parts()

    def with_columns(self, columns: Mapping[str, Collection[str]]) -> Self:
        """The same, when it is known which columns the tables have."""
        parts = tuple(each.with_columns(columns) for each in self.made_of)
        return replace(self, columns=columns, made_of=parts)

    def columns_read(self) -> Iterator[tuple[str, str]]:
        """Every table and column that it names, those that may be absent too."""
        for needs in (self.needs, self.optional):
            for table, needed in needs.items():
                for need in needed:
                    yield from ((table, column) for column in columns_of(need))

    def lacking(self, columns: Mapping[str, Collection[str]]) -> tuple[NoColumn, ...]:
        """What it needs and these tables, with these columns, have not."""
        return tuple(
            NoColumn(table, columns_of(need))
            for table, needed in self.needs.items()
            for need in needed
            if not set(columns_of(need)).intersection(columns.get(table, ()))
        )


def _together(several: Sequence[Needs]) -> Needs:
    """What all of them need."""
    if len(several) == 1:
        return several[0]
    found: dict[str, list[Need]] = {}
    for needs in several:
        for table, needed in needs.items():
            mine = found.setdefault(table, [])
            mine += [need for need in needed if need not in mine]
    return found


def of_type(asked: Iterable[KpiRequest[Kpi]], kpi_type: type[ThisKpi]) -> list[KpiRequest[ThisKpi]]:
    """Those of the requests whose KPI is of a type."""
    return [
        cast("KpiRequest[ThisKpi]", request)
        for request in asked
        if isinstance(request.kpi, kpi_type)
    ]
