"""`benchmarks:`, what others have, and which of them are alike."""

from __future__ import annotations

from pydantic import Field

from crm_kpi.config.scalars import Text, Texts
from crm_kpi.config.sections import Section


class BenchmarksBlock(Section):
    """Figures of other companies, beside one's own; they are no goals."""

    industry: Texts = Field(
        default=(),
        description="Industries of the table, a name or a list of them: a result carries the "
        "figure of the first that has one. Default: none.",
    )
    path: Text | None = Field(
        default=None,
        description="A file in place of the shipped table, relative to the config file, with the "
        "columns metric, industry, value, period, source and grade.",
    )
