"""Why a KPI has no value, or what to mind about one."""

TEXTS: dict[str, str | dict[str, str]] = {}
