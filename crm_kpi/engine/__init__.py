"""The engine: what is asked -> tables -> frames -> one aggregation each -> results."""
