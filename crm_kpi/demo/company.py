"""The whole company: which exports there are, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crm_kpi.demo import (
    costs,
    customers,
    deals,
    leads,
    subscriptions,
    surveys,
    tickets,
    transactions,
)
from crm_kpi.demo.files import Export, Row

EXPORTS = (
    customers.EXPORT,
    transactions.EXPORT,
    subscriptions.EXPORT,
    surveys.EXPORT,
    tickets.EXPORT,
    leads.LEADS,
    deals.OPPORTUNITIES,
    deals.STAGE_CHANGES,
    leads.INTERACTIONS,
    costs.EXPORT,
)


def tables(count: int, seed: int) -> Iterator[tuple[Export, Iterable[Row]]]:
    """Every export with its rows, in the order of EXPORTS."""
    everybody = customers.customers(count, seed)
    yield customers.EXPORT, customers.rows(everybody, seed)
    yield transactions.EXPORT, transactions.rows(everybody, seed)
    yield subscriptions.EXPORT, subscriptions.rows(everybody, seed)
    asked = tickets.tickets(everybody, seed)
    yield surveys.EXPORT, surveys.rows(everybody, asked, seed)
    yield tickets.EXPORT, tickets.rows(asked, count)
    came = leads.leads(everybody, seed)
    yield leads.LEADS, leads.lead_rows(came, seed)
    offered = deals.deals(everybody, seed)
    yield deals.OPPORTUNITIES, deals.opportunity_rows(offered)
    yield deals.STAGE_CHANGES, deals.stage_rows(offered)
    yield leads.INTERACTIONS, leads.interaction_rows(everybody, came, seed)
    yield costs.EXPORT, costs.rows(everybody, seed)
