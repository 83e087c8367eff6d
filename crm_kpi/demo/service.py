"""Support tickets, and surveys: NPS and CES in waves, CSAT after each solved ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from crm_kpi.demo import clock, monthly_plan, words
from crm_kpi.demo.customers import Customer, Customers, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import CsvRow, Export

TICKETS = Export(
    "tickets",
    "ticket_id;customer_id;created_at;first_reply_at;first_solved_at;solved_at;agent_replies;"
    "reopens;status;agent;category;priority;channel",
    delimiter=";",
)
SURVEYS = Export(
    "surveys", "response_id,survey,customer_id,sent_at,answered_at,score,agent,channel,comment"
)

CATEGORIES = mix(("Giao hàng", 40), ("Máy hỏng", 25), ("Hỏi thông tin", 20), ("Đổi trả", 15))
PRIORITIES = mix(("low", 20), ("normal", 50), ("high", 22), ("urgent", 8))
CHANNELS = mix(("Zalo", 45), ("Điện thoại", 25), ("Email", 20), ("Facebook", 10))
REPLIES = mix((1, 68), (2, 20), (3, 8), (4, 4))
LONGEST_WAIT = {"urgent": 8 * 60, "high": 16 * 60, "normal": 48 * 60, "low": 72 * 60}
"""Minutes until the first reply, by priority; most come far sooner."""
PATIENCE = dict(zip(words.AGENTS, (0.75, 1.0, 1.3, 0.9), strict=True))
"""How slow each agent is, and so how little content people are."""
PRAISE = ("Cà phê thơm, giao đúng hẹn", "Rất hài lòng", "Giao nhanh.\nMong có thêm rang vừa.")
BLAME = ("Giao trễ hai ngày, không báo trước", 'Nhân viên nói "sẽ gọi lại" nhưng không gọi')
LOW = {"nps": 6, "csat": 3, "ces": 4}


@dataclass(slots=True)
class Ticket:
    customer: Customer
    created: int
    agent: str
    priority: str
    channel: str
    steps: list[int | None]
    """When it was replied to, first solved, and solved for good."""
    reopened: bool


def tickets(dice: Dice, customers: Customers) -> list[Ticket]:
    """All tickets by time."""
    batches = [
        _ticket(dice, dice.pick(there), month)
        for month, count in enumerate(monthly_plan.spread(monthly_plan.TICKETS, len(customers)))
        if (there := active(customers, month))
        for _ in range(count)
    ]
    return sorted(batches, key=lambda ticket: ticket.created)


def _ticket(dice: Dice, customer: Customer, month: int) -> Ticket:
    """What would happen after the data end, or to one in a hundred, does not."""
    agent, priority = dice.pick(words.AGENTS), dice.pick(PRIORITIES)
    slow = PATIENCE[agent]
    created = customer.instant(dice, month, 7, 22)
    replied = clock.by_day(created + 3 + int(dice.skewed(0, LONGEST_WAIT[priority]) * slow))
    solved = clock.by_day(replied + int(dice.skewed(15, 12 * clock.MINUTES) * slow))
    reopened = dice.chance(0.07)
    again = clock.by_day(solved + dice.between(60, 3 * clock.MINUTES)) if reopened else solved
    ignored = dice.chance(0.01)
    steps = [
        None if ignored or step >= monthly_plan.NIGHT else step for step in (replied, solved, again)
    ]
    return Ticket(customer, created, agent, priority, dice.pick(CHANNELS), steps, reopened)


def ticket_rows(dice: Dice, tickets: list[Ticket]) -> Iterator[CsvRow]:
    for number, t in enumerate(tickets, start=1):
        replied, first_solved, solved = t.steps
        status = "solved" if solved is not None else "new" if replied is None else "open"
        reopens = int(t.reopened and first_solved is not None)
        replies = dice.pick(REPLIES) + reopens if first_solved else int(replied is not None)
        yield (
            f"TK{number:05}", t.customer.id, *map(clock.iso_time, (t.created, *t.steps)), replies,
            reopens, status, t.agent, dice.pick(CATEGORIES), t.priority, t.channel,
        )  # fmt: skip


@dataclass(slots=True)
class Invitation:
    survey: str
    customer: Customer
    sent: int
    channel: str
    agent: str = ""
    answered: int | None = None
    score: int | None = None


def survey_rows(dice: Dice, customers: Customers, tickets: list[Ticket]) -> Iterator[CsvRow]:
    """All invitations by the time they were sent."""
    invitations = _csat(dice, tickets, len(customers))
    for wave in monthly_plan.WAVES:
        invitations += _wave(dice, customers, wave)
    for number, i in enumerate(sorted(invitations, key=lambda i: i.sent), start=1):
        comment = ""
        if i.score is not None and dice.chance(0.12):
            comment = dice.pick(BLAME if i.score <= LOW[i.survey] else PRAISE)
        yield (
            f"PH{number:05}", i.survey, i.customer.id, clock.iso_time(i.sent),
            clock.iso_time(i.answered), i.score, i.agent, i.channel, comment,
        )  # fmt: skip


def _wave(dice: Dice, customers: Customers, wave: monthly_plan.Wave) -> list[Invitation]:
    """Eight invitations for every five answers, as far as there are so many customers.

    Asked are those who are there all month, so that nobody answers after leaving.
    """
    start, stop = clock.month_days(wave.month)
    there = [c for c in customers if c.stays(start, stop)]
    answers = min(monthly_plan.scaled(wave.answers, len(customers)), len(there))
    invitations = []
    for customer in dice.sample(there, answers * 8 // 5):
        sent = clock.at(start + dice.between(2, 4), 9, dice.below(30))
        invitations.append(Invitation(wave.survey, customer, sent, dice.pick(CHANNELS)))
    for invitation in invitations[:answers]:
        invitation.answered = clock.by_day(invitation.sent + dice.skewed(4, 20 * clock.MINUTES))
    _give_scores(invitations[:answers], wave.percents)
    return invitations


def _csat(dice: Dice, tickets: list[Ticket], customers: int) -> list[Invitation]:
    """One for each solved ticket; per year the planned number of answers."""
    invitations: list[Invitation] = []
    possible: dict[int, list[tuple[Invitation, int]]] = {year: [] for year in monthly_plan.CSAT}
    for t in tickets:
        if (solved := t.steps[-1]) is not None and (sent := solved + 30) < monthly_plan.NIGHT:
            invitations.append(Invitation("csat", t.customer, sent, t.channel, t.agent))
            answered = clock.by_day(sent + dice.skewed(2, 4 * clock.MINUTES))
            if answered < monthly_plan.NIGHT:
                year = date.fromordinal(answered // clock.MINUTES).year
                possible[year].append((invitations[-1], answered))
    for year, (answers, percents) in monthly_plan.CSAT.items():
        chosen = dice.sample(possible[year], monthly_plan.scaled(answers, customers))
        for invitation, answered in chosen:
            invitation.answered = answered
        # The less content come first, as the low scores do.
        chosen.sort(key=lambda pair: dice.random() / PATIENCE[pair[0].agent])
        _give_scores([invitation for invitation, _ in chosen], percents)
    return invitations


def _give_scores(invitations: Sequence[Invitation], percents: Sequence[int]) -> None:
    """Scores from the lowest on, each as often as its percentage says."""
    counts = monthly_plan.spread(percents, len(invitations), 100)
    scores = [score for score, count in enumerate(counts) for _ in range(count)]
    for invitation, score in zip(invitations, scores, strict=True):
        invitation.score = score
