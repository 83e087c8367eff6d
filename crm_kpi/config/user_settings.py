"""The user's own settings: what no config of a project may decide, as it may be somebody else's."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from pydantic import Field

from crm_kpi.config.reader import ConfigReader
from crm_kpi.config.scalars import Texts
from crm_kpi.config.sections import Section
from crm_kpi.errors import ConfigError, UsageError
from crm_kpi.messages import text

NAME = "settings.yaml"


class UserSettings(Section):
    """What stands in the file; nothing where there is none."""

    allow_net: Texts = Field(
        default=(), description="Hosts to fetch from, as --allow-net takes them."
    )


def settings_path() -> Path | None:
    """Where the platform keeps what a user sets, such as ~/.config/crm-kpi; None where the user
    has no home."""
    from platformdirs import user_config_path

    try:
        path = user_config_path("crm-kpi", appauthor=False) / NAME
    except RuntimeError:
        return None
    return path if path.is_absolute() else None


def user_settings() -> UserSettings:
    """
    Raises:
        UsageError: others may write the file or its folder.
        ConfigError: it cannot be read; its `problems` are all faults.
    """
    path = settings_path()
    if path is None or not os.path.lexists(path):
        return UserSettings()
    if sys.platform != "win32" and not (_is_own(path) and _is_own(path.parent)):
        raise UsageError(
            text("web.settings_of_others", path=str(path)), hint=text("web.own_settings")
        )
    from crm_kpi.config.parse import read_tree

    root, problems = read_tree(path, text("files.check_access"))
    settings = ConfigReader(root, problems).model(UserSettings, root.data() or {}, ())
    if settings is None or problems:
        raise ConfigError(text("config.faults", count=len(problems)), problems=problems)
    return settings


def _is_own(path: Path) -> bool:
    """Whether nobody else may change it; one of the machine's administrator is as good."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    mine = status.st_uid in (0, os.geteuid())
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
