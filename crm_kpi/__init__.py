"""crm-kpi: customer KPIs from the exports you have, numbers you can trust."""

__version__ = "0.1.0"
