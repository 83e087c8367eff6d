"""Why an analysis cannot be made, or what to mind about one."""

TEXTS: dict[str, str | dict[str, str]] = {}
