"""From which hosts a run may fetch: those of the command line, and of the user's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_kpi.config.model import Config
    from crm_kpi.sources.io.web.net_permit import NetPermit


def allow(hosts: Sequence[str], config: Config | None = None) -> None:
    """From here on; `config` says how much and how long, and never from where.

    Raises:
        UsageError: a word names no host.
    """
    from crm_kpi.sources.io.web import web_answers
    from crm_kpi.sources.io.web.net_permit import AllowedHost

    for word in hosts:
        AllowedHost.of(word)
    folder = config.cache_folder() if config else None
    web_answers.allow(web_answers.WebAnswers(partial(_permit, hosts, config), folder))


def _permit(hosts: Sequence[str], config: Config | None) -> NetPermit:
    """The settings are read when an address is.

    Raises:
        UsageError: they may not be the user's own, or name what is no host.
        ConfigError: they cannot be read.
    """
    from crm_kpi.config.model import Limits
    from crm_kpi.config.user_settings import user_settings
    from crm_kpi.sources.io.web.net_permit import NetPermit

    limits = config.limits if config else Limits()
    words = [*hosts, *user_settings().allow_net]
    return NetPermit.of(words, limits.download_size, limits.download_seconds)
