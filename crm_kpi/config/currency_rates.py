"""`exchange_rates:`, what one unit of a currency is worth: always, by month, or by a file."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from crm_kpi.config.scalars import Currency, ExactNumber, Text, as_path, wrong
from crm_kpi.config.sections import Section
from crm_kpi.config.text_formats import DateText, NumberText, shape
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import should_be, text
from crm_kpi.periods import FIRST, LAST
from crm_kpi.sources.spec import DatedRates

_MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"


def _month(value: Any) -> str:
    month = str(value)
    if not re.fullmatch(_MONTH, month) or not FIRST.year <= int(month[:4]) <= LAST.year:
        raise wrong(should_be(text("config.month_label")))
    return month


MonthLabel = Annotated[
    str, BeforeValidator(_month), WithJsonSchema({"type": "string", "pattern": f"^{_MONTH}$"})
]


class RateTable(Section):
    """A file of rates, one a row."""

    path: Text = Field(
        description="A file with the columns date, currency and rate, relative to the config "
        "file. A day without a rate has the last one before it, of at most 10 days earlier."
    )
    columns: dict[Literal["date", "currency", "rate"], Text] = Field(
        default_factory=dict, description="date, currency, rate: their header."
    )
    dates: DateText | None = Field(
        default=None, description="How its dates are written. Default: inferred over the column."
    )
    numbers: NumberText | None = Field(
        default=None, description="How 1234.56 is written. Default: inferred over the column."
    )


_CLOSED: dict[str, Any] = {"additionalProperties": False}

Rate = Annotated[
    Annotated[ExactNumber, Tag("all")]
    | Annotated[
        dict[MonthLabel, ExactNumber], Field(min_length=1, json_schema_extra=_CLOSED), Tag("each")
    ],
    Discriminator(shape),
]
Rates = Annotated[dict[Currency, Rate], Field(json_schema_extra=_CLOSED)]


def _kind(value: Any) -> str:
    """A file, or rates: codes are three capital letters, and no key of a file is."""
    if isinstance(value, RateTable):
        return "file"
    keys = map(str, value) if isinstance(value, dict) else ()
    others = [key for key in keys if not re.fullmatch("[A-Z]{3}", key)]
    known = RateTable.model_fields
    return "file" if any(did_you_mean(key, known) for key in others) else "rates"


RatesOrTable = Annotated[
    Annotated[Rates, Tag("rates")] | Annotated[RateTable, Tag("file")], Discriminator(_kind)
]
ExchangeRates = Annotated[
    RatesOrTable, BeforeValidator(as_path, json_schema_input_type=str | RatesOrTable)
]


def refuse_impossible(rates: Mapping[str, Any], currency: str | None) -> None:
    """
    Raises:
        PydanticCustomError: a rate is not above zero, or the report's own currency has another
            than 1.
    """
    for code, rate in rates.items():
        for each in rate.values() if isinstance(rate, dict) else [rate]:
            if each <= 0:
                raise wrong(text("config.rate_not_positive", code=code))
            if code == currency and each != 1:
                raise wrong(text("config.rate_of_own", code=code))


def dated(rate: Decimal | Mapping[str, Decimal]) -> Decimal | DatedRates:
    """A rate as it is; those of months with the days on which they hold."""
    if isinstance(rate, Decimal):
        return rate
    months = []
    for label, each in sorted(rate.items()):
        first = date.fromisoformat(f"{label}-01")
        months.append((first, first.replace(day=monthrange(first.year, first.month)[1]), each))
    return DatedRates(tuple(months))
