"""What cannot be computed, and why."""

TEXTS: dict[str, str | dict[str, str]] = {
    "engine.begins_after_as_of": "begins after as_of",
}
