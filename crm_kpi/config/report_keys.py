"""`report:`, what a report for people holds and how it is headed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crm_kpi.config.scalars import Text, Texts
from crm_kpi.config.sections import Section
from crm_kpi.messages import LANGUAGES

MOST_HEADLINES = 8


class ReportKeys(Section):
    """What a report for people shows, and in which order."""

    title: Text | None = Field(default=None, description="What it is headed by.")
    language: Literal[LANGUAGES] | None = Field(  # type: ignore[valid-type]
        default=None,
        description="Language of what people read, en or vi; --language comes before it. Default: "
        "$CRM_KPI_LANGUAGE, else that of the terminal, else en.",
    )
    headline: Texts = Field(
        default=(),
        description="The KPIs that come first and are always shown, at most 8. Default: those "
        "with a goal, then revenue, customers, mrr, repeat_purchase_rate, win_rate and "
        "pipeline_value.",
    )
    tables: Texts | None = Field(
        default=None,
        description="The analyses beside the KPIs, where none are named on the command line. "
        "Default: none on a terminal, every one that the sources can feed on a page.",
    )
    lists: bool = Field(
        default=False,
        description="Whether rows with ids of customers or tickets are shown, and on a page the "
        "cells that were rejected.",
    )
    drivers: Texts = Field(
        default=(),
        description="Columns, such as segment: on a page, in the open card of each KPI, and in a "
        "workbook, what its change from the last whole period but one is made of.",
    )
    views: dict[Text, Texts] = Field(
        default_factory=dict,
        description="Name: the KPIs and analyses of a view, for `crm-kpi report --view NAME`.",
    )
