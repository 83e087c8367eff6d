"""The English texts, a file a room."""

from __future__ import annotations

from collections.abc import Mapping

from crm_kpi.messages.en import (
    analyses,
    api,
    cli,
    config,
    demo,
    engine,
    files,
    general,
    init,
    metrics,
    own_folders,
    render,
    sources,
)

_ROOMS = (
    general,
    metrics,
    analyses,
    config,
    engine,
    files,
    sources,
    own_folders,
    render,
    cli,
    init,
    api,
    demo,
)

TEXTS: Mapping[str, str | Mapping[str, str]] = {
    key: text for room in _ROOMS for key, text in room.TEXTS.items()
}
