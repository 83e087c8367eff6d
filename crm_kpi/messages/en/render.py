"""What the renderers say around the numbers."""

TEXTS: dict[str, str | dict[str, str]] = {}
