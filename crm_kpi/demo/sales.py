"""Leads, opportunities with cafés and offices, and who got in touch with whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_kpi.demo import clock, monthly_plan, words
from crm_kpi.demo.customers import Customer, Customers, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import CsvRow, Export

LEADS = Export("leads", "lead_id,created_at,converted_at,customer_id,channel,owner,status")
OPPORTUNITIES = Export(
    "opportunities",
    "opportunity_id,customer_id,product,created_at,closed_at,stage,outcome,amount,currency,"
    "probability,expected_close,owner,channel",
)
STAGE_CHANGES = Export("stage_changes", "opportunity_id,stage,entered_at")
INTERACTIONS = Export("interactions", "occurred_at,customer_id,lead_id,channel,kind")

BY_LEAD = 80
"""Percent of the new customers who were leads first; the others just came in."""
LOST_LEAD = mix(("contacted", 35), ("unqualified", 35), ("lost", 30))
PATIENCE = 14 * clock.MINUTES
"""For so long a lead that does not convert is new, and talked to."""
TOUCHES = mix((0, 15), (1, 35), (2, 30), (3, 20))
TALK = (("Điện thoại", "call"), ("Zalo", "message"), ("Facebook", "message"), ("Email", "email"))

STAGES = ("Tiếp cận", "Khảo sát", "Báo giá", "Thương lượng")
WON, LOST = "Thắng", "Thua"
PROBABILITY = dict(zip((*STAGES, WON, LOST), (0.1, 0.4, 0.6, 0.8, 1, 0), strict=True))
PER_FIRM = mix((0, 10), (1, 30), (2, 35), (3, 25))
PRODUCTS = (("Máy pha", 28_500_000), ("Trọn gói mở quán", 65_000_000), ("Góc cà phê", 12_000_000))


@dataclass(slots=True)
class Lead:
    created: int
    channel: str
    owner: str
    converted: int | None = None
    customer_id: str = ""


def leads(dice: Dice, customers: Customers) -> list[Lead]:
    """All leads by time."""
    leads: list[Lead] = []
    for month, count in enumerate(monthly_plan.spread(monthly_plan.LEADS, len(customers))):
        start, stop = clock.month_days(month)
        joined = [c for c in customers if start <= c.signup < stop]
        converting = dice.sample(joined, len(joined) * BY_LEAD // 100)
        # From the fair on they convert in the month they came.
        earliest = start if month >= monthly_plan.FAIR else clock.month_days(0)[0]
        leads += [_converted(dice, customer, earliest) for customer in converting]
        for _ in range(count - len(converting)):
            created = clock.at(dice.between(start, stop - 1), 8) + dice.below(12 * 60)
            leads.append(Lead(created, dice.pick(words.CHANNELS), dice.pick(words.OWNERS)))
    return sorted(leads, key=lambda lead: lead.created)


def _converted(dice: Dice, customer: Customer, earliest: int) -> Lead:
    """Converts on the day of signup, after up to 45 days."""
    day = max(customer.signup - dice.skewed(0, 45), earliest)
    created = clock.at(day, 7, 30) + dice.below(120)
    converted = clock.at(customer.signup, 10) + dice.below(8 * 60)
    return Lead(created, customer.channel, customer.owner, converted, customer.id)


def lead_rows(dice: Dice, leads: list[Lead]) -> Iterator[CsvRow]:
    for number, lead in enumerate(leads, start=1):
        status = dice.pick(LOST_LEAD) if lead.created < monthly_plan.NIGHT - PATIENCE else "new"
        yield (
            f"LD{number:05}", clock.iso_time(lead.created), clock.iso_time(lead.converted),
            lead.customer_id, lead.channel, lead.owner,
            "converted" if lead.customer_id else status,
        )  # fmt: skip


def interaction_rows(dice: Dice, customers: Customers, leads: list[Lead]) -> Iterator[CsvRow]:
    """All contacts by time, with the offset of the company's zone."""
    contacts: list[tuple[int, str, str]] = []
    for number, lead in enumerate(leads, start=1):
        until = lead.converted or lead.created + PATIENCE
        for _ in range(dice.pick(TOUCHES)):
            instant = clock.by_day(dice.between(lead.created, until))
            contacts.append((instant, "", f"LD{number:05}"))
    for month in range(clock.MONTHS):
        for customer in active(customers, month):
            if dice.chance(0.12):
                contacts.append((customer.instant(dice, month, 8, 19), customer.id, ""))
    for instant, customer_id, lead_id in sorted(contacts):
        if instant < monthly_plan.NIGHT:
            when = clock.iso_time(instant).replace(" ", "T")
            yield f"{when}+07:00", customer_id, lead_id, *dice.pick(TALK)


@dataclass(slots=True)
class Deal:
    """`steps`: stages, and since when; the last one holds."""

    customer: Customer
    product: str
    amount: int
    expected: int
    steps: list[tuple[str, int]]


def deals(dice: Dice, customers: Customers) -> list[Deal]:
    """All deals by time."""
    firms = [c for c in customers if c.segment in (words.CAFE, words.OFFICE)]
    deals = [_deal(dice, customer) for customer in firms for _ in range(dice.pick(PER_FIRM))]
    return sorted(deals, key=lambda deal: deal.steps[0][1])


def _deal(dice: Dice, customer: Customer) -> Deal:
    product, price = dice.pick(PRODUCTS)
    amount = price * dice.between(80, 130) // 100_000 * 1000
    last = min(customer.churn - 1, monthly_plan.AS_OF)
    day = dice.between(customer.signup, last)
    steps = list(_steps(dice, clock.at(day, 8) + dice.below(10 * 60), last))
    return Deal(customer, product, amount, day + dice.between(20, 90), steps)


def _steps(dice: Dice, instant: int, last: int) -> Iterator[tuple[str, int]]:
    """Moves on every few days, over some stages, until it is won, lost, or the data end."""
    for stage in STAGES:
        if stage != STAGES[0] and dice.chance(0.12):
            continue
        yield stage, instant
        instant = clock.by_day(instant + clock.MINUTES // 2 + dice.skewed(0, 60 * clock.MINUTES))
        if instant >= monthly_plan.NIGHT:
            return
        if dice.chance(0.16) or instant >= clock.at(last + 1, 0):
            yield LOST, min(instant, clock.at(last, 23, 59))
            return
    yield WON, instant


def opportunity_rows(deals: list[Deal]) -> Iterator[CsvRow]:
    for number, deal in enumerate(deals, start=1):
        stage, since = deal.steps[-1]
        outcome = {WON: "won", LOST: "lost"}.get(stage, "open")
        yield (
            f"CH{number:05}", deal.customer.id, deal.product, clock.iso_time(deal.steps[0][1]),
            "" if outcome == "open" else clock.iso_time(since), stage, outcome, deal.amount,
            "VND", PROBABILITY[stage], clock.iso(deal.expected), deal.customer.owner,
            deal.customer.channel,
        )  # fmt: skip


def stage_rows(deals: list[Deal]) -> Iterator[CsvRow]:
    for number, deal in enumerate(deals, start=1):
        for stage, entered in deal.steps:
            yield f"CH{number:05}", stage, clock.iso_time(entered)
