"""From file and `--set` words to a Config, with every fault of both in one error."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from crm_kpi import catalogue
from crm_kpi.config.metric_keys import (
    read_definitions,
    read_notify,
    read_own_metrics,
    read_report,
    read_thresholds,
)
from crm_kpi.config.model import Config, Periods
from crm_kpi.config.own_metric import OwnMetric
from crm_kpi.config.reader import ConfigReader
from crm_kpi.config.report_keys import ReportKeys
from crm_kpi.config.sections import filled
from crm_kpi.config.source import within
from crm_kpi.config.source_keys import read_sources
from crm_kpi.config.tree import VARIABLE, Node, Place, Setting, fatal, named, unnamed
from crm_kpi.errors import ConfigError, Problem
from crm_kpi.messages import text
from crm_kpi.sources.spec import Preset


def load(
    path: Path | None,
    overrides: Sequence[Setting],
    env: Mapping[str, str],
    cwd: Path,
    *,
    discover: bool,
) -> Config:
    """See `crm_kpi.config.load_config`."""
    found = named(path, env, cwd) or (unnamed(cwd) if discover else None)
    return _validated(*_tree(found), found, overrides)


def shown(
    path: Path | None,
    overrides: Sequence[Setting],
    env: Mapping[str, str],
    cwd: Path,
) -> list[tuple[str, str | None]]:
    """See `crm_kpi.config.shown_config`."""
    from crm_kpi.config.in_force import lines

    found = named(path, env, cwd) or unnamed(cwd)
    root, problems = _tree(found)
    _validated(root, problems, found, overrides)
    return [*lines(root)]


def _tree(path: Path | None) -> tuple[Node, list[Problem]]:
    if path is None:
        return Node(Place(), None), []
    from crm_kpi.config.parse import read_tree

    return read_tree(path, text("config.check_path", variable=VARIABLE))


def parsed(document: str, path: Path) -> Config:
    """See `crm_kpi.config.parsed_config`."""
    from crm_kpi.config.parse import parse

    root, problems = parse(document, lambda line: Place(str(path), line))
    return _validated(root, problems, path, ())


def _validated(
    root: Node, problems: list[Problem], path: Path | None, overrides: Sequence[Setting]
) -> Config:
    """The config of a tree. Raises ConfigError, with `problems` among its own."""
    problems += _overridden(root, overrides)
    reader = ConfigReader(root, problems)
    config = _read(reader)
    if config is None or problems:
        raise _error(problems)
    presets = _presets(config, path.parent if path else None)
    return config.at(path, [setting.word for setting in overrides], presets)


def _overridden(root: Node, overrides: Sequence[Setting]) -> list[Problem]:
    """Sets what `--set` says; what is wrong with it."""
    problems: list[Problem] = []
    if root.value is None:
        root.value = {}
    if not isinstance(root.value, dict):
        raise fatal(root.place, text("config.hold_lines"), text("config.see_example"))
    if overrides:
        from crm_kpi.config.overrides import override

        for setting in overrides:
            problems += override(root, setting)
    return problems


def _read(reader: ConfigReader) -> Config | None:
    """The parts that others refer to and those with names for keys first, then the whole."""
    data: dict[str, Any] = filled(reader.root.data())
    periods = reader.model(Periods, data.pop("periods", {}), ("periods",))
    if periods is not None:
        data["periods"] = periods
    metrics: dict[str, str | None] = {metric: metric for metric in catalogue.ids()}
    if isinstance(data.get("definitions"), dict):
        metrics |= {name: None for name in data["definitions"] if name not in metrics}
        data["definitions"] = variants = read_definitions(
            data["definitions"], _names(data.get("metrics")), reader
        )
        metrics |= {name: variant.metric for name, variant in variants.items()}
    own: dict[str, OwnMetric] = {}
    if isinstance(data.get("metrics"), dict):
        names = data["metrics"]
        data["metrics"] = own = read_own_metrics(names, metrics, reader)
        metrics |= {name: None for name in names if name not in metrics}
        metrics |= {
            name: metrics[each.metric] for name, each in own.items() if each.metric in metrics
        }
    if isinstance(data.get("sources"), dict):
        data["sources"] = read_sources(data["sources"], reader)
    if isinstance(data.get("thresholds"), dict):
        data["thresholds"] = read_thresholds(data["thresholds"], metrics, own, periods, reader)
    if isinstance(data.get("report"), dict):
        data["report"] = read_report(data["report"], metrics, reader) or ReportKeys()
    if isinstance(data.get("notify"), dict):
        data["notify"] = read_notify(data["notify"], metrics, reader)
    return reader.model(Config, data, ())


def _names(block: Any) -> Collection[str]:
    return block if isinstance(block, dict) else ()


def _presets(config: Config, folder: Path | None) -> dict[tuple[str, str], Preset]:
    """Those that are files of the user's own, by table and name. Raises ConfigError."""
    presets = {}
    for table, blocks in config.sources.items():
        for name in filter(None, (block.preset_file for block in blocks)):
            from crm_kpi.config.preset import load_preset

            presets[table, name] = load_preset(Path(within(folder, name)), table)
    return presets


def _error(problems: Sequence[Problem]) -> ConfigError:
    in_order = sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))
    return ConfigError(text("config.faults", count=len(in_order)), problems=in_order)
