"""What `demo` says."""

TEXTS: dict[str, str | dict[str, str]] = {}
