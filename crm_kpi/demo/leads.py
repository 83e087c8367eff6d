"""Leads, and who got in touch with whom: the way in, and the talk along it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import Customer, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row

LEADS = Export(
    "leads",
    (
        "lead_id", "created_at", "converted_at", "customer_id", "channel", "owner", "status",
    ),
)  # fmt: skip
INTERACTIONS = Export("interactions", ("occurred_at", "customer_id", "lead_id", "channel", "kind"))

BY_LEAD = 80
"""Percent of the new customers who were leads first; the others just came in."""
LOST = mix(("contacted", 35), ("unqualified", 35), ("lost", 30))
TOUCHES = mix((0, 15), (1, 35), (2, 30), (3, 20))
TALK = (("Điện thoại", "call"), ("Zalo", "message"), ("Facebook", "message"), ("Email", "email"))


@dataclass(slots=True)
class Lead:
    created: int
    channel: str
    owner: str
    converted: int | None = None
    customer: Customer | None = None
    id: str = ""


def leads(customers: list[Customer], seed: int) -> list[Lead]:
    """All leads by time."""
    dice = Dice(seed, "leads")
    counts = plan.per_month("leads", len(customers))
    joined: list[list[Customer]] = [[] for _ in range(24)]
    for customer in customers:
        if customer.signup >= plan.first_day(0):
            day = date.fromordinal(customer.signup)
            joined[(day.year - 2023) * 12 + day.month - 1].append(customer)
    made: list[Lead] = []
    for month in range(24):
        converting = dice.sample(joined[month], len(joined[month]) * BY_LEAD // 100)
        made += [_converted(dice, customer, month) for customer in converting]
        start, stop = plan.first_day(month), plan.first_day(month + 1)
        for _ in range(counts[month] - len(converting)):
            created = clock.at(dice.between(start, stop - 1), 8) + dice.below(12 * 60)
            made.append(Lead(created, dice.pick(words.CHANNELS), dice.pick(words.OWNERS)))
    made.sort(key=lambda lead: (lead.created, lead.customer.number if lead.customer else 0))
    for number, lead in enumerate(made, start=1):
        lead.id = f"LD{number:05}"
    return made


def _converted(dice: Dice, customer: Customer, month: int) -> Lead:
    """Converts on the day of signup, after up to 45 days."""
    earliest = plan.first_day(month if month >= plan.FAIR else 0)
    day = max(customer.signup - dice.skewed(0, 45), earliest)
    return Lead(
        created=clock.at(day, 7, 30) + dice.below(120),
        channel=customer.channel,
        owner=customer.owner,
        converted=clock.at(customer.signup, 10) + dice.below(8 * 60),
        customer=customer,
    )


def lead_rows(made: list[Lead], seed: int) -> Iterator[Row]:
    dice = Dice(seed, "lead states")
    for lead in made:
        old = lead.created < plan.NIGHT - 14 * clock.MINUTES
        yield (
            lead.id,
            clock.iso_time(lead.created),
            "" if lead.converted is None else clock.iso_time(lead.converted),
            "" if lead.customer is None else lead.customer.id,
            lead.channel,
            lead.owner,
            "converted" if lead.customer else dice.pick(LOST) if old else "new",
        )


def interaction_rows(customers: list[Customer], made: list[Lead], seed: int) -> Iterator[Row]:
    """All contacts by time, with the offset of the company's zone."""
    dice = Dice(seed, "interactions")
    contacts: list[tuple[int, str, str, str, str]] = []
    for lead in made:
        until = lead.converted or lead.created + 14 * clock.MINUTES
        for _ in range(dice.pick(TOUCHES)):
            instant = clock.by_day(dice.between(lead.created, until))
            contacts.append((instant, "", lead.id, *dice.pick(TALK)))
    for month in range(24):
        for customer in active(customers, month):
            if dice.chance(0.12):
                start, stop = customer.window(month)
                instant = clock.at(dice.between(start, stop - 1), 8) + dice.below(11 * 60)
                contacts.append((instant, customer.id, "", *dice.pick(TALK)))
    contacts.sort()
    for instant, customer_id, lead_id, channel, kind in contacts:
        if instant < plan.NIGHT:
            when = clock.iso_time(instant).replace(" ", "T")
            yield f"{when}+07:00", customer_id, lead_id, channel, kind
