"""What is wrong in a config, and how to mend it."""

TEXTS: dict[str, str | dict[str, str]] = {}
