"""What is wrong with KPIs of other people."""

TEXTS: dict[str, str | dict[str, str]] = {
    "plugins.mend": "it is a plugin: mend it, or leave it out",
    "plugins.no_module": "{package} names the module {module}, which there is not",
    "plugins.uninstall": "pip uninstall {package}",
    "plugins.no_python": "{path}:{line}: is no Python",
    "plugins.name_taken": "{origin}: {other} has a KPI {name} already",
    "plugins.no_id": "{name} is no name of a KPI: small letters, digits and _",
    "plugins.no_kpi": "should give a value to one of {constants}",
    "plugins.no_domain": "there is no domain {domain}; there are {domains}",
    "plugins.no_title": "should begin with a docstring, `Title: what it is.`",
}
