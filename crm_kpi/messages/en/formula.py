"""Why a text is no formula of KPIs, and why one has no value."""

TEXTS: dict[str, str | dict[str, str]] = {
    "formula.too_long": "is longer than {most} characters",
    "formula.cannot_be_read": "is no formula",
    "formula.no_metric": "names no KPI",
    "formula.not_allowed": "{part} may not stand in a formula",
    "formula.too_large": "the value is too large",
    "formula.by_zero": "division by zero",
    "formula.unknown": "no value of {names}",
    "formula.no_value": "{name}: {reason}",
    "formula.no_component": "{metric} has no component {component}",
    "formula.components": "it has {components}",
}
