"""The config file: what it may hold, how it is found and read, what is wrong with it.

Importing this package is cheap; pydantic and YAML come with the first call.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_kpi.config.tree import Setting

if TYPE_CHECKING:
    from crm_kpi.config.model import Config as Config

__all__ = ["Setting", "config_schema", "load_config", "parsed_config", "shown_config", "unnamed"]


def load_config(
    path: Path | None,
    overrides: Sequence[str | Setting] = (),
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path = Path(),
    discover: bool = True,
) -> Config:
    """The config of a run: `path`, else $CRM_KPI_CONFIG, else crm-kpi.yaml, else the defaults.

    Args:
        discover: whether a crm-kpi.yaml that nobody names is read.
        overrides: KEY=VALUE, with dotted keys and YAML values, as words of `--set` or settings.
        cwd: what `path` and the default file are relative to.

    Raises:
        ConfigError: its `problems` are all faults of file and words, each with its line.
    """
    from crm_kpi.config.load import load

    settings = [word if isinstance(word, Setting) else Setting(word) for word in overrides]
    return load(path, settings, env, cwd, discover=discover)


def parsed_config(document: str, path: Path) -> Config:
    """The config that stands in `document`, as it would be once it is written to `path`.

    Raises:
        ConfigError: as `load_config` says.
    """
    from crm_kpi.config.load import parsed

    return parsed(document, path)


def shown_config(
    path: Path | None,
    overrides: Sequence[Setting] = (),
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path = Path(),
) -> list[tuple[str, str | None]]:
    """The config that `load_config` would give, as lines of YAML; beside each where the value
    comes from that stands in it: file and line, option, or default."""
    from crm_kpi.config.load import shown

    return shown(path, overrides, env, cwd)


def unnamed(cwd: Path = Path()) -> Path | None:
    """The crm-kpi.yaml that is found where no config is named; None where there is none."""
    from crm_kpi.config.tree import unnamed

    return unnamed(cwd)


def config_schema() -> dict[str, Any]:
    """The JSON Schema of the file, with the definitions of every metric; imports them all."""
    from crm_kpi.config.schema import schema

    return schema()
