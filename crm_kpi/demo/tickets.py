"""Support tickets: asked, answered, solved, some reopened, the last ones still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import Customer, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row

EXPORT = Export(
    "tickets",
    (
        "ticket_id", "customer_id", "created_at", "first_reply_at", "first_solved_at",
        "solved_at", "agent_replies", "reopens", "status", "agent", "category", "priority",
        "channel",
    ),
    delimiter=";",
)  # fmt: skip

CATEGORIES = mix(
    ("Giao hàng", 32), ("Máy hỏng", 22), ("Hỏi thông tin", 20), ("Đổi trả", 14), ("Thanh toán", 12),
)  # fmt: skip
PRIORITIES = mix(("low", 20), ("normal", 50), ("high", 22), ("urgent", 8))
CHANNELS = mix(("Zalo", 45), ("Điện thoại", 25), ("Email", 20), ("Facebook", 10))
REPLIES = mix((1, 68), (2, 20), (3, 8), (4, 4))

LONGEST_WAIT = {"urgent": 8 * 60, "high": 16 * 60, "normal": 48 * 60, "low": 72 * 60}
"""Minutes until the first reply, by priority; most come far sooner."""
LONGEST_WORK = 12 * 24 * 60
PATIENCE = dict(zip(words.AGENTS, (0.75, 1.0, 1.3, 0.9), strict=True))
"""How slow each agent is."""


@dataclass(slots=True)
class Ticket:
    customer: Customer
    created: int
    agent: str
    category: str
    priority: str
    channel: str
    replied: int | None = None
    first_solved: int | None = None
    solved: int | None = None
    replies: int = 0
    reopens: int = 0

    @property
    def status(self) -> str:
        if self.solved is not None:
            return "solved"
        return "new" if self.replied is None else "open"


def tickets(customers: list[Customer], seed: int) -> list[Ticket]:
    """All tickets by time."""
    dice = Dice(seed, "tickets")
    counts = plan.per_month("tickets", len(customers))
    made: list[Ticket] = []
    for month in range(24):
        there = active(customers, month)
        if not there:
            continue
        batch = [_ticket(dice, dice.pick(there), month) for _ in range(counts[month])]
        batch.sort(key=lambda t: (t.created, t.customer.number))
        made += batch
    return made


def _ticket(dice: Dice, customer: Customer, month: int) -> Ticket:
    start, stop = customer.window(month)
    ticket = Ticket(
        customer=customer,
        created=clock.at(dice.between(start, stop - 1), 7) + dice.below(15 * 60),
        agent=dice.pick(words.AGENTS),
        category=dice.pick(CATEGORIES),
        priority=dice.pick(PRIORITIES),
        channel=dice.pick(CHANNELS),
    )
    slow = PATIENCE[ticket.agent]
    wait = 3 + int(dice.skewed(0, LONGEST_WAIT[ticket.priority]) * slow)
    replied = clock.by_day(ticket.created + wait)
    solved = clock.by_day(replied + int(dice.skewed(15, LONGEST_WORK) * slow))
    reopened = dice.chance(0.07)
    last = clock.by_day(solved + dice.between(60, 3 * 24 * 60)) if reopened else solved
    replies = dice.pick(REPLIES)
    if replied < plan.NIGHT and not dice.chance(0.01):
        ticket.replied, ticket.replies = replied, 1
        if solved < plan.NIGHT:
            ticket.first_solved, ticket.replies = solved, replies
            if reopened:
                ticket.reopens, ticket.replies = 1, replies + 1
            if last < plan.NIGHT:
                ticket.solved = last
    return ticket


def rows(made: list[Ticket], customers: int) -> Iterator[Row]:
    for number, t in enumerate(made, start=1):
        yield (
            f"TK{number:05}",
            t.customer.id,
            _time(t.created),
            _time(t.replied),
            _time(t.first_solved),
            _time(t.solved),
            str(t.replies),
            str(t.reopens),
            t.status,
            t.agent,
            t.category,
            t.priority,
            t.channel,
        )
    if customers >= plan.MESSY_FROM:
        # Solved two days before it was created.
        yield (
            f"TK{len(made) + 1:05}", "KH0012", "2024-07-18 09:12:00", "2024-07-18 09:40:00", "",
            "2024-07-16 15:00:00", "1", "0", "solved", words.AGENTS[0], "Giao hàng", "normal",
            "Zalo",
        )  # fmt: skip


def _time(instant: int | None) -> str:
    return "" if instant is None else clock.iso_time(instant)
