"""What cannot be computed, and why."""

TEXTS: dict[str, str | dict[str, str]] = {}
