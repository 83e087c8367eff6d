"""`definitions:` and `thresholds:`, whose keys are names of KPIs and of variants.

Only the KPIs that occur are imported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from crm_kpi import catalogue
from crm_kpi.config.model import Periods, Variant, is_label
from crm_kpi.config.reader import ConfigReader, Loc
from crm_kpi.config.scalars import EMPTY
from crm_kpi.config.sections import BLOCK, filled
from crm_kpi.config.source_keys import entry_blocks
from crm_kpi.config.threshold import REST, Threshold
from crm_kpi.errors import did_you_mean
from crm_kpi.kpi import Kpi
from crm_kpi.messages import text

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_definitions(entries: dict[str, Any], reader: ConfigReader) -> dict[str, Variant]:
    """Each entry as a definition of its KPI."""
    found = {}
    known = catalogue.ids()
    for name, block in entries.items():
        loc: Loc = ("definitions", name)
        if not isinstance(block, dict):
            reader.fault(loc, EMPTY if block is None else BLOCK)
            continue
        body = filled(block)
        metric = str(body.pop("metric", name))
        if metric not in known:
            _unknown(reader, (*loc, "metric"), metric, known)
        elif metric != name and name in known:
            reader.fault(
                (*loc, "metric"),
                text("config.metric_of_its_own", name=name),
                text("config.other_name"),
            )
        elif metric != name and not catalogue.load(metric).has_variants:
            what = text("config.one_definition", name=metric)
            reader.fault((*loc, "metric"), what, text("config.call_it", name=metric))
        elif not _NAME.fullmatch(name):
            reader.fault(loc, text("config.name_letters"), of_key=True)
        else:
            definition = reader.model(catalogue.load(metric).definition, body, loc)
            if definition is not None:
                found[name] = Variant(metric, definition)
    return found


def read_thresholds(
    entries: dict[str, Any],
    metrics: Mapping[str, str | None],
    periods: Periods | None,
    reader: ConfigReader,
) -> dict[str, tuple[Threshold, ...]]:
    """Each metric's goals.

    Args:
        metrics: name: metric id, of all that may have a threshold; None for a variant
            with faults of its own.
        periods: None when they could not be read; labels then go unchecked.
    """
    found = {}
    for name, entry in entries.items():
        if name not in metrics:
            _unknown(reader, ("thresholds", name), name, metrics)
        thresholds: list[Threshold] = []
        for index, block in enumerate(entry_blocks(entry, ("thresholds", name), reader)):
            loc: Loc = ("thresholds", name, index)
            threshold = reader.model(Threshold, block, loc)
            if threshold is None:
                continue
            if any(threshold.by == other.by for other in thresholds):
                what = text("config.second_threshold_of_total")
                if threshold.by:
                    what = text("config.second_threshold", column=threshold.by)
                reader.fault(loc, what)
            thresholds.append(threshold)
            metric = metrics.get(name)
            kpi = catalogue.load(metric) if metric else None
            if kpi and kpi.counts_rows:
                _check_counting(threshold, name, loc, reader)
            elif periods and not threshold.by:
                _check_labels(threshold, periods, loc, reader)
            if kpi:
                _check_direction(threshold, kpi, str(metric), loc, reader)
        found[name] = tuple(thresholds)
    return found


def _unknown(reader: ConfigReader, loc: Loc, metric: str, known: Collection[str]) -> None:
    hint = did_you_mean(metric, known) or text("config.list_metrics")
    reader.fault(loc, text("config.unknown_metric", metric=metric), hint, of_key=True)


def _check_labels(threshold: Threshold, periods: Periods, loc: Loc, reader: ConfigReader) -> None:
    """Without `by`, the keys of a goal are labels of periods."""
    names = {period.name for period in periods.custom} | {REST}
    for part, goal in (("target", threshold.target), ("warning", threshold.warning)):
        for label in goal if isinstance(goal, dict) else ():
            if label not in names and not is_label(label):
                what_to_do = text("config.write_label")
                at: Loc = (*loc, part, label)
                reader.fault(at, text("config.no_period"), what_to_do, of_key=True)


def _check_counting(threshold: Threshold, name: str, loc: Loc, reader: ConfigReader) -> None:
    """The rows of a table are one number, as of now."""
    if threshold.by or any(threshold.keys()):
        what = text("config.all_rows_count", name=name)
        reader.fault(loc, what, text("config.number_without_by"), of_key=True)


def _check_direction(
    threshold: Threshold, kpi: Kpi, name: str, loc: Loc, reader: ConfigReader
) -> None:
    """A warning lies on the way to its target: below it where higher is better."""
    higher = kpi.higher_is_better
    if higher is None:
        what = text("config.no_direction", name=name)
        reader.fault(loc, what, of_key=True)
        return
    for key in (REST, *threshold.keys()):
        target, warning = threshold.goals(key)
        if target is None or warning is None or target == warning:
            continue
        if (warning > target) == higher:
            swap = text("config.swap_higher") if higher else text("config.swap_lower")
            what = text("config.warning_beyond_target", warning=warning, target=target)
            at: Loc = (*loc, "warning", key)
            reader.fault(at, what, swap, of_key=True)
            return
