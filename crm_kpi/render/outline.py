"""What people are told around the numbers: headings, in which order, and each metric's formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_kpi.results import Report, Result


@dataclass(frozen=True)
class About:
    """One metric as reports introduce it."""

    title: str
    formula: str
    domain: str
    """The heading that the metric stands under; as title and formula a message, but where the
    config words it."""
    higher_is_better: bool | None
    """None where neither direction is good in itself."""
    backtest: str = ""
    """How the past was predicted, in a line, of what is predicted."""


def by_domain(
    results: Iterable[Result], about: Mapping[str, About]
) -> dict[str, list[list[Result]]]:
    """Per domain the results of each metric, both in the order of `about`."""
    metrics: dict[str, list[Result]] = {}
    for result in results:
        metrics.setdefault(result.metric, []).append(result)
    domains: dict[str, list[list[Result]]] = {}
    for metric in sorted(metrics, key=list(about).index):
        domains.setdefault(about[metric].domain, []).append(metrics[metric])
    return domains


def distinct(texts: Iterable[str]) -> list[str]:
    """The texts that say something, each once."""
    return [text for text in dict.fromkeys(texts) if text]


def shows_skipped(report: Report, *, verbose: bool) -> bool:
    """What could not be computed is shown when asked for, or when there is nothing else."""
    return bool(report.skipped) and (verbose or not (report.results or report.tables))
