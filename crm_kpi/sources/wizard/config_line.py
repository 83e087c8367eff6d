"""A line of a source block that somebody has to choose, or has chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_kpi.messages import Message


@dataclass(frozen=True)
class ConfigLine:
    """A key of a source block, its value, and what that does."""

    keys: tuple[str, ...]
    """The key of the block, and those below it."""
    value: str
    """In YAML on one line, or the text of a file."""
    what: Message
    of_file: bool = False
    """The value is such a text, which has to be quoted."""

    def below(self, depth: int, quoted: Callable[[str], str]) -> str:
        """As it stands in YAML under the first `depth` of its keys."""
        return f"{self.keys[depth]}: {self.nested(depth + 1, quoted)}"

    def nested(self, depth: int, quoted: Callable[[str], str]) -> str:
        """What stands behind the first `depth` of its keys."""
        value = quoted(self.value) if self.of_file else self.value
        for key in reversed(self.keys[depth:]):
            value = f"{{{key}: {value}}}"
        return value
