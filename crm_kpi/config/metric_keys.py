"""`definitions:`, `metrics:`, `thresholds:`, `report:` and `notify:`, which name KPIs and variants.

Only the KPIs that occur are imported.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crm_kpi import catalogue
from crm_kpi.config.goal import Milestone, OwnGoal, Plan
from crm_kpi.config.model import Periods, Variant, is_label
from crm_kpi.config.notify_block import Recipient
from crm_kpi.config.own_metric import OwnMetric
from crm_kpi.config.reader import ConfigReader, Loc
from crm_kpi.config.report_keys import MOST_HEADLINES, ReportKeys
from crm_kpi.config.scalars import EMPTY
from crm_kpi.config.sections import BLOCK, filled
from crm_kpi.config.source_keys import entry_blocks
from crm_kpi.config.threshold import REST, Threshold
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import Message, text

MOST_PARTS = 200
"""Of so many KPIs one of one's own may be made: what is made of others grows with each level."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_definitions(
    entries: dict[str, Any], own: Collection[str], reader: ConfigReader
) -> dict[str, Variant]:
    """Each entry as a definition of its KPI.

    Args:
        own: the names under `metrics:`.
    """
    found = {}
    known = catalogue.ids()
    for name, block in entries.items():
        loc: Loc = ("definitions", name)
        if not isinstance(block, dict):
            reader.fault(loc, EMPTY if block is None else BLOCK)
            continue
        body = filled(block)
        metric = name if _has_metric(name) else str(body.pop("metric", name))
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
    for name, variant in found.items():
        _check_parts(name, variant, found, own, reader)
    return found


def read_own_metrics(
    entries: dict[str, Any], others: Collection[str], reader: ConfigReader
) -> dict[str, OwnMetric]:
    """Each entry as a KPI, those after the ones that they are made of.

    Args:
        others: the KPIs of the catalogue and the variants of the config.
    """
    found: dict[str, OwnMetric] = {}
    for name, block in entries.items():
        loc: Loc = ("metrics", name)
        if not isinstance(block, dict):
            reader.fault(loc, EMPTY if block is None else BLOCK)
        elif name in others:
            what = text("config.metric_of_its_own", name=name)
            reader.fault(loc, what, text("config.other_name"), of_key=True)
        elif not _NAME.fullmatch(name):
            reader.fault(loc, text("config.name_letters"), of_key=True)
        else:
            own = reader.model(OwnMetric, block, loc)
            if own is not None:
                found[name] = own
    for name, own in found.items():
        _check_names(name, own, {*others, *entries}, reader)
    sizes = _sizes(found)
    for name in found:
        size = sizes.get(name)
        if size is None:
            reader.fault(("metrics", name), text("config.made_of_itself", name=name), of_key=True)
        elif size > MOST_PARTS:
            what = text("config.many_parts", name=name, most=MOST_PARTS)
            reader.fault(("metrics", name), what, of_key=True)
    return {name: found[name] for name in sizes} | found


def _check_names(name: str, own: OwnMetric, known: Collection[str], reader: ConfigReader) -> None:
    key = "metric" if own.formula is None else "formula"
    for each in own.names:
        if each not in known:
            hint = did_you_mean(each, known) or text("config.list_metrics")
            reader.fault(("metrics", name, key), text("config.unknown_metric", metric=each), hint)
        elif _is_analysis(each):
            reader.fault(("metrics", name, key), text("config.is_a_table", name=each))


def _sizes(own: Mapping[str, OwnMetric]) -> dict[str, int]:
    """Of how many KPIs each is made in the end, counted as often as they are named, and itself;
    each after those that it is made of. What is made of itself has no size."""
    named = {name: each.mentioned for name, each in own.items()}
    sizes: dict[str, int] = {}
    used_by: dict[str, list[str]] = defaultdict(list)
    for name, parts in named.items():
        for part in {*parts} & own.keys():
            used_by[part].append(name)
    left = {name: len({*parts} & own.keys()) for name, parts in named.items()}
    ready = [name for name, count in left.items() if not count]
    for name in ready:
        size = 1 + sum(sizes.get(part, 1) for part in named[name])
        sizes[name] = min(size, MOST_PARTS + 1)
        for other in used_by[name]:
            left[other] -= 1
            if not left[other]:
                ready.append(other)
    return sizes


def _has_metric(name: str) -> bool:
    """Whether a KPI has a key `metric` of its own: that of another KPI, of which it is made."""
    return name in catalogue.ids() and "metric" in catalogue.load(name).definition.model_fields


def _check_parts(
    name: str,
    variant: Variant,
    variants: Mapping[str, Variant],
    own: Collection[str],
    reader: ConfigReader,
) -> None:
    """The KPI that another is made of is there, and one of which it can be made."""
    kpi = catalogue.load(variant.metric)
    part = getattr(variant.definition, "metric", None)
    if part is None:
        return
    loc: Loc = ("definitions", name, "metric")

    def refusal(other: str) -> Message | None:
        named = variants.get(other)
        loaded = catalogue.load(named.metric if named else other)
        return kpi.refuses(loaded, named.definition if named else loaded.definition())

    known = dict.fromkeys([*catalogue.ids(), *variants])
    if part in own:
        reader.fault(loc, text("config.not_of_own", name=part), text("config.list_metrics"))
        return
    if part not in known:
        _unknown(reader, loc, part, known)
        return
    reason = refusal(part)
    if reason is not None:
        able = ", ".join(other for other in known if refusal(other) is None)
        reader.fault(loc, reason, text("config.such_metrics", metrics=able))


def read_thresholds(
    entries: dict[str, Any],
    metrics: Mapping[str, str | None],
    own: Mapping[str, OwnMetric],
    periods: Periods | None,
    reader: ConfigReader,
) -> dict[str, tuple[Threshold, ...] | OwnGoal]:
    """Each metric's goals, and those that are no metric's.

    Args:
        metrics: name: metric id, of all that may have a threshold; None for a formula, and for a
            variant with faults of its own.
        own: the KPIs of one's own, formulas among them.
        periods: None when they could not be read; labels then go unchecked.
    """
    found: dict[str, tuple[Threshold, ...] | OwnGoal] = {}
    for name, entry in entries.items():
        if isinstance(entry, dict) and {"done", "children"} & entry.keys():
            goal = _read_goal(name, entry, metrics, reader)
            if goal is not None:
                found[name] = goal
            continue
        if name not in metrics:
            _unknown(reader, ("thresholds", name), name, metrics)
        thresholds: list[Threshold] = []
        for index, block in enumerate(entry_blocks(entry, ("thresholds", name), reader)):
            loc: Loc = ("thresholds", name, index)
            threshold = reader.model(Threshold, block, loc)
            if threshold is None:
                continue
            if any((threshold.by, threshold.every) == (o.by, o.every) for o in thresholds):
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
                _check_direction(threshold, kpi.higher_is_better, str(metric), loc, reader)
            elif name in own and own[name].formula is not None:
                _check_direction(threshold, own[name].higher_is_better, name, loc, reader)
        found[name] = tuple(thresholds)
    _check_children(found, entries, reader)
    return found


def read_report(
    entries: dict[str, Any], metrics: Collection[str], reader: ConfigReader
) -> ReportKeys | None:
    """What a report holds; every name in it is one of `metrics`, the analyses among them."""
    keys = reader.model(ReportKeys, entries, ("report",))
    if keys is None:
        return None
    named: dict[Loc, Sequence[str]] = {
        ("report", "headline"): keys.headline,
        ("report", "tables"): keys.tables or (),
        **{("report", "views", view): names for view, names in keys.views.items()},
    }
    for loc, names in named.items():
        for index, name in enumerate(names):
            if name not in metrics:
                _unknown(reader, (*loc, index), name, metrics)
    for index, name in enumerate(keys.tables or ()):
        if name in metrics and not _is_analysis(name):
            reader.fault(("report", "tables", index), text("config.no_analysis", name=name))
    if len(keys.headline) > MOST_HEADLINES:
        reader.fault(("report", "headline"), text("config.many_headlines", most=MOST_HEADLINES))
    for view, names in keys.views.items():
        if not _NAME.fullmatch(view):
            reader.fault(("report", "views", view), text("config.name_letters"), of_key=True)
        elif not names:
            reader.fault(("report", "views", view), text("config.empty_view"), of_key=True)
    return keys


def read_notify(
    entries: dict[str, Any], metrics: Mapping[str, str | None], reader: ConfigReader
) -> dict[str, Recipient]:
    """Who is told; of an analysis only what is to be done can be."""
    found = {}
    for name, entry in entries.items():
        loc: Loc = ("notify", name)
        if not isinstance(entry, dict):
            reader.fault(loc, EMPTY if entry is None else BLOCK)
            continue
        recipient = reader.model(Recipient, entry, loc)
        if recipient is None:
            continue
        for index, metric in enumerate(recipient.metrics or ()):
            at: Loc = (*loc, "metrics", index)
            kpi = metrics.get(metric)
            if metric not in metrics:
                _unknown(reader, at, metric, metrics)
            elif kpi and _is_analysis(kpi) and catalogue.load(kpi).higher_is_better is None:
                reader.fault(at, text("config.nothing_to_do", name=metric))
        found[name] = recipient
    return found


def _is_analysis(name: str) -> bool:
    return name in catalogue.ids() and catalogue.entries()[name].domain == "analyses"


def _read_goal(
    name: str, entry: dict[str, Any], metrics: Collection[str], reader: ConfigReader
) -> OwnGoal | None:
    """Something to be done, or a goal made of others, under a name of its own."""
    loc: Loc = ("thresholds", name)
    if name in metrics:
        reader.fault(loc, text("config.name_of_a_metric", name=name), of_key=True)
    elif not _NAME.fullmatch(name):
        reader.fault(loc, text("config.name_letters"), of_key=True)
    goal: OwnGoal | None
    if "children" in entry:
        goal = reader.model(Plan, entry, loc)
    else:
        goal = reader.model(Milestone, entry, loc)
    if isinstance(goal, Milestone) and goal.of and not goal.done:
        reader.fault((*loc, "done"), text("config.tasks_are_to_be_done"))
    return goal


def _check_children(
    goals: Mapping[str, tuple[Threshold, ...] | OwnGoal],
    entries: Mapping[str, Any],
    reader: ConfigReader,
) -> None:
    """A plan is made of goals that there are, that have progress, and of which none is made of
    it."""
    for name, plan in goals.items():
        for child in plan.children if isinstance(plan, Plan) else ():
            loc: Loc = ("thresholds", name, "children", child)
            goal = goals.get(child)
            if child not in entries:
                hint = did_you_mean(child, entries)
                reader.fault(loc, text("config.no_goal", name=child), hint, of_key=True)
            elif _leads_to(child, name, goals, frozenset()):
                reader.fault(loc, text("config.child_of_itself", name=child), of_key=True)
            elif isinstance(goal, tuple) and not _has_progress(child, goal):
                what_to_do = text("config.give_start", name=child)
                reader.fault(loc, text("config.no_progress", name=child), what_to_do, of_key=True)


def _leads_to(
    name: str,
    end: str,
    goals: Mapping[str, tuple[Threshold, ...] | OwnGoal],
    passed: frozenset[str],
) -> bool:
    goal = goals.get(name)
    if name == end:
        return True
    if not isinstance(goal, Plan) or name in passed:
        return False
    return any(_leads_to(child, end, goals, passed | {name}) for child in goal.children)


def _has_progress(name: str, thresholds: tuple[Threshold, ...]) -> bool:
    """Of the total, and counted from somewhere."""
    total = next((t for t in thresholds if not t.by), None)
    if total is None or total.start is not None or name not in catalogue.ids():
        return total is not None
    return catalogue.load(name).higher_is_better is not False


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
    threshold: Threshold, higher: bool | None, name: str, loc: Loc, reader: ConfigReader
) -> None:
    """A warning lies on the way to its target: below it where higher is better."""
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
