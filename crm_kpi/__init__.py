"""crm-kpi: customer KPIs from the exports you have, numbers you can trust.

    import crm_kpi

    answer = crm_kpi.report("nps", transactions="orders.csv", surveys="answers.xlsx", last=3)
    answer.value("nps", "2024-12")

Importing it is cheap: what computes comes with the first question.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_kpi.api import Answer as Answer
    from crm_kpi.api import load_config as load_config
    from crm_kpi.api import report as report
    from crm_kpi.errors import ConfigError as ConfigError
    from crm_kpi.errors import CrmKpiError as CrmKpiError
    from crm_kpi.errors import DataError as DataError
    from crm_kpi.errors import UsageError as UsageError

__version__ = "0.1.0"

_HOMES = {
    "api": ("Answer", "load_config", "report"),
    "errors": ("ConfigError", "CrmKpiError", "DataError", "UsageError"),
}
__all__ = ["__version__", *(name for names in _HOMES.values() for name in names)]


def __getattr__(name: str) -> Any:
    import importlib

    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
