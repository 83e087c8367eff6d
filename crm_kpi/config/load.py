"""From file and `--set` words to a Config, with every fault of both in one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crm_kpi import catalogue
from crm_kpi.config.metric_keys import read_definitions, read_thresholds
from crm_kpi.config.model import Config, Periods
from crm_kpi.config.reading import Reading
from crm_kpi.config.sections import filled
from crm_kpi.config.source_keys import read_sources
from crm_kpi.config.tree import Node, Place, Setting, fatal
from crm_kpi.errors import ConfigError, Problem
from crm_kpi.messages import Message, text

VARIABLE = "CRM_KPI_CONFIG"
NAME = "crm-kpi.yaml"
MAX_BYTES = 1 << 20


def load(
    path: Path | None, overrides: Sequence[Setting], env: Mapping[str, str], cwd: Path
) -> Config:
    """See `crm_kpi.config.load_config`."""
    found = _discover(path, env, cwd)
    root, problems = _tree(found, overrides)
    reading = Reading(root, problems)
    config = _read(reading)
    if config is None or problems:
        raise _error(problems)
    return config.at(found)


def _discover(path: Path | None, env: Mapping[str, str], cwd: Path) -> Path | None:
    """The file to read: the one that is named must be there, the default one may."""
    if path is not None:
        return cwd / path
    if env.get(VARIABLE):
        return cwd / env[VARIABLE]
    default = cwd / NAME
    return default if default.exists() else None


def _tree(path: Path | None, overrides: Sequence[Setting]) -> tuple[Node, list[Problem]]:
    """What is to be read; YAML is imported only where there is some."""
    root, problems = (Node(Place(), None), []) if path is None else read_tree(path)
    if root.value is None:
        root.value = {}
    if not isinstance(root.value, dict):
        raise fatal(root.place, text("config.hold_lines"), text("config.see_example"))
    if overrides:
        from crm_kpi.config.overrides import override

        for setting in overrides:
            problems += override(root, setting)
    return root, problems


def read_tree(path: Path, hint: Message | None = None) -> tuple[Node, list[Problem]]:
    """The tree of one file, and what is wrong with it. Raises ConfigError if it is no YAML."""
    from crm_kpi.config.parse import parse

    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = text("general.words_of_others", words=error.strerror)
        if isinstance(error, FileNotFoundError):
            why = text("config.no_file")
        hint = hint or text("config.check_path", variable=VARIABLE)
        problem = Problem(text("config.file_unreadable", why=why), str(path), hint=hint)
        raise ConfigError(text("config.unreadable"), problems=(problem,)) from error
    if len(content) > MAX_BYTES:
        raise fatal(Place(str(path)), text("config.too_large"))
    try:
        document = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(str(path), line)
        raise fatal(place, text("config.not_utf8"), text("config.save_as_utf8")) from error
    return parse(document, lambda line: Place(str(path), line))


def _read(reading: Reading) -> Config | None:
    """The parts that others refer to and those with names for keys first, then the whole."""
    data: dict[str, Any] = filled(reading.root.data())
    periods = reading.model(Periods, data.pop("periods", {}), ("periods",))
    if periods is not None:
        data["periods"] = periods
    metrics: dict[str, str | None] = {metric: metric for metric in catalogue.ids()}
    if isinstance(data.get("definitions"), dict):
        metrics |= {name: None for name in data["definitions"] if name not in metrics}
        data["definitions"] = variants = read_definitions(data["definitions"], reading)
        metrics |= {name: variant.metric for name, variant in variants.items()}
    if isinstance(data.get("sources"), dict):
        data["sources"] = read_sources(data["sources"], reading)
    if isinstance(data.get("thresholds"), dict):
        data["thresholds"] = read_thresholds(data["thresholds"], metrics, periods, reading)
    return reading.model(Config, data, ())


def _error(problems: Sequence[Problem]) -> ConfigError:
    in_order = sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))
    return ConfigError(text("config.faults", count=len(in_order)), problems=in_order)
