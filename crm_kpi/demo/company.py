"""The whole company: its ten exports, what is broken in them, and the config for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from crm_kpi.demo import clock, customers, monthly_plan, revenue, sales, service
from crm_kpi.demo.customers import Customers
from crm_kpi.demo.dice import Dice
from crm_kpi.demo.files import CsvRow, Export
from crm_kpi.messages import Message, text

COSTS = Export("costs", "date,kind,amount,currency")

MESS = {
    # A day that does not exist, of somebody whom no other table mentions.
    "customers": """\
KH999999,Lê Thị Mộng,31/02/2024,,0900111222,,Khách lẻ,Zalo,Cần Thơ,Lý Gia Huy,15/03/2024,95.000,""",
    # Two sales at the counter, one to nobody known, two that cannot be read.
    "transactions": """\
DH999991,,18/06/2023 10:15,130.000,Bán hàng,Phin nhôm,Dụng cụ,Cửa hàng,Lý Gia Huy
DH999992,KH0000,06/01/2024 10:15,190.000,Bán hàng,Phin nhôm,Dụng cụ,Cửa hàng,Lý Gia Huy
DH999993,KH0007,31/02/2024 10:15,95.000,Bán hàng,Phin nhôm,Dụng cụ,Cửa hàng,Lý Gia Huy
DH999994,,20/05/2024 10:15,85.000,Bán hàng,Phin nhôm,Dụng cụ,Cửa hàng,Lý Gia Huy
DH999995,KH0031,23/08/2024 10:15,liên hệ,Bán hàng,Phin nhôm,Dụng cụ,Cửa hàng,Lý Gia Huy""",
    # Above the scale, in the month of the best wave.
    "surveys": "PH00000,nps,KH0009,2024-06-04 09:00:00,2024-06-05 20:11:00,11,,Zalo,",
    # Solved two days before it was created.
    "tickets": """\
TK00000;KH0012;2024-07-18 09:12:00;2024-07-18 09:40:00;;2024-07-16 15:00:00;1;0;solved;Hồ Thanh Tú;\
Giao hàng;normal;Zalo""",
}
"""The last rows of these files, when there are enough others."""

CONFIG_NAME = "crm-kpi.yaml"
_SETTINGS = """\
timezone: Asia/Ho_Chi_Minh
currency: VND
as_of: 2024-12-31

periods:
  every: quarter
  from: 2024-01-01
  to: 2024-12-31
"""
_SOURCES = """\
sources:
  customers: {path: customers.csv}
  transactions: {path: transactions.csv}
  subscriptions: {path: subscriptions.csv}
  surveys: {path: surveys.csv}
  tickets: {path: tickets.csv}
  leads: {path: leads.csv}
  opportunities: {path: opportunities.csv}
  stage_changes: {path: stage_changes.csv}
  interactions: {path: interactions.csv}
  costs: {path: costs.csv}

thresholds:
  retention_rate: {target: 90, warning: 80}
  nps: {target: 50, warning: 40}
  csat: {target: 80, warning: 75}
  first_response_time: {target: 8, warning: 12}
"""


def config(say: Callable[[Message], str] = str) -> str:
    """The config, with its comments as `say` gives them in a language."""
    first, second = say(text("demo.sample")), say(text("demo.found_out"))
    return f"# {first}\n{_SETTINGS}\n# {second}\n{_SOURCES}"


def exports(count: int, seed: int) -> Iterator[tuple[Export, Iterable[CsvRow]]]:
    """Every export with its rows, in the order of the input tables."""
    dice = Dice(seed)
    everybody = customers.customers(dice, count)
    tickets = service.tickets(dice, everybody)
    leads = sales.leads(dice, everybody)
    deals = sales.deals(dice, everybody)
    for export, rows in (
        (customers.EXPORT, customers.rows(dice, everybody)),
        (revenue.TRANSACTIONS, revenue.transaction_rows(dice, everybody)),
        (revenue.SUBSCRIPTIONS, revenue.subscription_rows(dice, everybody)),
        (service.SURVEYS, service.survey_rows(dice, everybody, tickets)),
        (service.TICKETS, service.ticket_rows(dice, tickets)),
        (sales.LEADS, sales.lead_rows(dice, leads)),
        (sales.OPPORTUNITIES, sales.opportunity_rows(deals)),
        (sales.STAGE_CHANGES, sales.stage_rows(deals)),
        (sales.INTERACTIONS, sales.interaction_rows(dice, everybody, leads)),
        (COSTS, _cost_rows(dice, everybody)),
    ):
        mess = MESS.get(export.table, "").splitlines() if count >= monthly_plan.MESSY_FROM else ()
        yield export, chain(rows, [line.split(export.delimiter) for line in mess])


def _cost_rows(dice: Dice, everybody: Customers) -> Iterator[CsvRow]:
    """Month by month; retention costs are the planned amount per retained customer, exactly."""
    for month, tickets in enumerate(monthly_plan.spread(monthly_plan.TICKETS, len(everybody))):
        start, stop = clock.month_days(month)
        joined = sum(start <= c.signup < stop for c in everybody)
        keeping = sum(c.stays(start, stop) for c in everybody) * monthly_plan.RETENTION_COST[month]
        gifts = keeping * 3 // 5
        for day, kind, amount in (
            (5, "acquisition", joined * dice.between(120, 260) * 1000),
            (15, "retention", gifts),
            (20, "acquisition", joined * dice.between(40, 90) * 1000),
            (25, "retention", keeping - gifts),
            (28, "service", tickets * dice.between(24, 30) * 1000),
        ):
            if amount:
                yield clock.iso(start + day - 1), kind, amount, "VND"
