"""What the files in `samples/` answer.

Textbook examples, to be found again with `crm-kpi METRIC -c crm-kpi.yaml` and
the options of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """`metric` in the `period` of the rhythm `every`, of the rows that `where` keeps.

    `components`: those that the example names; a result may have more. `definition` is its YAML
    text, where it is not the default.
    """

    metric: str
    every: str
    period: str
    value: float
    components: Mapping[str, int] = field(default_factory=dict)
    where: str | None = None
    definition: str | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """Those of the command line."""
        where = ("--where", self.where) if self.where else ()
        how = ("--set", f"definitions.{self.metric}={self.definition}") if self.definition else ()
        return ("--every", self.every, "--from", self.period, "--to", self.period, *where, *how)


ANSWERS = (
    Answer(
        "retention_rate", "month", "2023-02", 95,
        {"customers_start": 20, "customers_end": 24, "customers_new": 5, "customers_lost": 1},
    ),
    Answer(
        "retention_rate", "month", "2024-06", 95,
        {"customers_start": 240, "customers_end": 242, "customers_new": 14, "customers_lost": 12},
    ),
    Answer("churn_rate", "month", "2024-06", 5, {"customers_start": 240, "customers_lost": 12}),
    Answer(
        "clv", "quarter", "2023-Q2", 1_000_000_000, {"apv": 50_000_000, "apf": 4, "acl": 5},
        where="segment=Đại lý", definition="{lifetime: 5}",
    ),
    Answer(
        "repeat_purchase_rate", "month", "2024-11", 20, {"customers": 100, "repeat_customers": 20}
    ),
    Answer(
        "nps", "month", "2024-06", 60, {"promoters": 70, "passives": 20, "detractors": 10}
    ),
    Answer("csat", "year", "2024", 80, {"satisfied": 400}),
    Answer("ces", "month", "2024-09", 4.08),
    Answer(
        "mrr", "month", "2023-07", 5_000_000,
        {
            "mrr_start": 0, "new": 5_000_000, "reactivated": 0, "expansion": 0, "contraction": 0,
            "churned": 0,
        },
    ),
    Answer(
        "renewal_rate", "month", "2024-09", 85, {"due": 20, "renewed": 17},
        where="plan=Cà phê năm",
    ),
    Answer("retention_cost", "month", "2024-06", 20_000),
    Answer("lead_conversion_rate", "month", "2024-10", 12, {"leads": 100, "converted": 12}),
    Answer(
        "weighted_pipeline", "month", "2024-12", 44_000_000,
        where="product=Cho thuê máy (thí điểm)",
    ),
)  # fmt: skip
