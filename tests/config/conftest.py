from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.config.model import Config
from crm_kpi.errors import ConfigError, Problem


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Config]:
    """A config from text or bytes, and `--set` words."""

    def read(content: str | bytes, *overrides: str) -> Config:
        path = tmp_path / "crm-kpi.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_config(path, overrides, env={})

    return read


@pytest.fixture
def faults(read: Callable[..., Config]) -> Callable[..., list[Problem]]:
    """The problems of a config that cannot be used."""

    def faults(content: str | bytes, *overrides: str) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            read(content, *overrides)
        assert caught.value.code == 2
        return list(caught.value.problems)

    return faults
