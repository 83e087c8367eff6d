"""A preset of the user's own: a YAML file with the keys of a source block, and its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from crm_kpi.config.parse import read_tree
from crm_kpi.config.reader import ConfigReader
from crm_kpi.config.scalars import Text, Texts, wrong
from crm_kpi.config.sections import filled
from crm_kpi.config.source import Source
from crm_kpi.config.source_keys import check_columns
from crm_kpi.errors import ConfigError
from crm_kpi.messages import text
from crm_kpi.sources.mapping import presets
from crm_kpi.sources.spec import Preset


class PresetFile(Source):
    """How one program writes its exports."""

    path: Texts = Field(default=(), description="Not in a preset.")
    title: Text | None = Field(default=None, description="What the export is called.")
    about: Text | None = Field(default=None, description="What is done with the export.")
    headers: Texts = Field(
        default=(), description="A file that lacks one of these is another export."
    )
    lacks: dict[str, Text] = Field(
        default_factory=dict,
        description="Required column of ours that the program does not export: what to do.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        """In place of what a source is asked for: a preset is of no file."""
        for name in ("path", "database", "query", "preset", "request_headers"):
            if getattr(self, name):
                raise wrong(text("config.not_in_preset", key=name))
        return self


def load_preset(path: Path, table: str) -> Preset:
    """Read it.

    Raises:
        ConfigError: its `problems` are all faults of the file.
    """
    root, problems = read_tree(path, text("config.check_preset"))
    reader = ConfigReader(root, problems)
    block: Any = filled(root.data())
    model = reader.model(PresetFile, block, ())
    check_columns(table, block, (), reader)
    if model is None or problems:
        raise ConfigError(text("config.preset_unusable", path=path), problems=problems)
    fields = model.model_dump(include={"title", "about", "headers", "lacks"})
    own = {name: getattr(model, name) for name in Source.model_fields}
    spec = Source.model_construct(**own).spec(table, None)
    return presets.of_block(table, path.stem, fields, spec)
