"""`metrics:`, KPIs of one's own: a formula over others, or one of them for some of the rows."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from crm_kpi.config.scalars import Text, Words, wrong
from crm_kpi.config.sections import Section
from crm_kpi.formula import Formula, FormulaError, parse
from crm_kpi.messages import text
from crm_kpi.results import Unit


class OwnMetric(Section):
    """A KPI of one's own: `formula`, or `metric` and `where`."""

    title: Text | None = Field(default=None, description="What it is called. Default: its name.")
    formula: Text | None = Field(
        default=None,
        description="Numbers, + - * / and parentheses over KPIs and their components, such as "
        "`100 * revenue.refunds / revenue.gross`.",
    )
    unit: Unit | None = Field(
        default=None, description="What a formula's value is measured in. Default: ratio."
    )
    higher_is_better: bool | None = Field(
        default=None,
        description="Which way is good; without it a formula has no goals. A KPI for some of the "
        "rows has that of the KPI.",
    )
    metric: Text | None = Field(
        default=None, description="The KPI, or variant, that is told of some of the rows."
    )
    where: dict[Text, Words] = Field(
        default_factory=dict,
        description="Column: the value that these rows have, or the values; an empty text is a "
        "blank.",
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.formula is None) == (self.metric is None):
            raise wrong(text("config.formula_or_metric"))
        if self.metric is not None and not self.where:
            raise wrong(text("config.metric_without_where"), text("config.use_definitions"))
        if self.formula is not None and self.where:
            raise wrong(text("config.formula_with_where"), text("config.where_with_metric"))
        of_formula = {"unit", "higher_is_better"} & self.model_fields_set
        if self.metric is not None and of_formula:
            raise wrong(text("config.as_the_metric", keys=", ".join(sorted(of_formula))))
        return self

    @field_validator("formula")
    @classmethod
    def _can_be_computed(cls, written: str | None) -> str | None:
        if written is not None:
            try:
                parse(written)
            except FormulaError as error:
                raise wrong(error.message, text("config.formula_may_hold")) from None
        return written

    @property
    def parsed(self) -> Formula | None:
        return None if self.formula is None else parse(self.formula)

    @property
    def mentioned(self) -> list[str]:
        """The KPIs that it is made of, as often as it names them."""
        formula = self.parsed
        if formula is None:
            return [str(self.metric)]
        return [operand.metric for operand in formula.mentioned]

    @property
    def names(self) -> tuple[str, ...]:
        """The same, each once."""
        return tuple(dict.fromkeys(self.mentioned))
