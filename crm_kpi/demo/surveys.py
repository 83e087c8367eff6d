"""Surveys: NPS and CES in waves, CSAT after each solved ticket; many go unanswered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import Customer
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row
from crm_kpi.demo.tickets import Ticket

EXPORT = Export(
    "surveys",
    (
        "response_id", "survey", "customer_id", "sent_at", "answered_at", "score", "agent",
        "channel", "comment",
    ),
)  # fmt: skip

INVITED = 8, 5
"""A wave asks 8 customers for every 5 answers, as far as there are so many."""
CHANNELS = mix(("Zalo", 50), ("Email", 35), ("SMS", 15))
PROMOTING = mix((9, 45), (10, 55))
PASSIVE = mix((7, 40), (8, 60))
DETRACTING = mix((0, 4), (1, 3), (2, 6), (3, 10), (4, 14), (5, 28), (6, 35))
SATISFIED, UNSATISFIED = mix((5, 60), (4, 40)), mix((3, 50), (2, 30), (1, 20))
CHARM = dict(zip(words.AGENTS, (1.35, 1.0, 0.8, 1.1), strict=True))
"""How content each agent leaves people."""

TWO_LINES = "Giao hàng nhanh.\nMong có thêm cà phê rang vừa."
PRAISE = (
    "Cà phê thơm, giao đúng hẹn",
    "Nhân viên nhiệt tình, tư vấn kỹ",
    "Rất hài lòng",
    "Sẽ giới thiệu bạn bè",
)
BLAME = (
    "Giao trễ hai ngày, không báo trước",
    "Máy hỏng, chờ sửa lâu",
    'Nhân viên nói "sẽ gọi lại" nhưng không gọi',
    "Giá tăng nhiều quá",
)


@dataclass(slots=True)
class Invitation:
    survey: str
    customer: Customer
    sent: int
    channel: str
    agent: str = ""
    answered: int | None = None
    score: int | None = None
    comment: str = ""


def rows(customers: list[Customer], made: list[Ticket], seed: int) -> Iterator[Row]:
    """All invitations by the time they were sent."""
    dice = Dice(seed, "surveys")
    invitations: list[Invitation] = []
    for month in range(24):
        invitations += _nps(dice, customers, month)
        invitations += _ces(dice, customers, month)
    invitations += _csat(dice, made, len(customers))
    _comment(dice, invitations)
    invitations.sort(key=lambda i: (i.sent, i.customer.number, i.survey))
    for number, i in enumerate(invitations, start=1):
        yield (
            f"PH{number:05}",
            i.survey,
            i.customer.id,
            clock.iso_time(i.sent),
            "" if i.answered is None else clock.iso_time(i.answered),
            "" if i.score is None else str(i.score),
            i.agent,
            i.channel,
            i.comment,
        )
    if len(customers) >= plan.MESSY_FROM:
        # Above the scale, in the month of the best wave.
        yield (
            f"PH{len(invitations) + 1:05}", "nps", "KH0009", "2024-06-04 09:00:00",
            "2024-06-05 20:11:00", "11", "", "Zalo", "",
        )  # fmt: skip


def _nps(dice: Dice, customers: list[Customer], month: int) -> list[Invitation]:
    def scores(counts: list[int]) -> Iterator[int]:
        promoters, passives, detractors = counts
        yield from (dice.pick(PROMOTING) for _ in range(promoters))
        yield from (dice.pick(PASSIVE) for _ in range(passives))
        yield from (dice.pick(DETRACTING) for _ in range(detractors))

    wave = plan.NPS_WAVES.get(month)
    if wave is None:
        return []
    invitations, counts = _wave(dice, customers, "nps", month, *wave)
    return _answer(invitations, scores(counts))


def _ces(dice: Dice, customers: list[Customer], month: int) -> list[Invitation]:
    wave = plan.CES_WAVES.get(month)
    if wave is None:
        return []
    invitations, counts = _wave(dice, customers, "ces", month, *wave)
    return _answer(
        invitations, (score for score, n in enumerate(counts, start=1) for _ in range(n))
    )


def _wave(
    dice: Dice,
    customers: list[Customer],
    survey: str,
    month: int,
    answers: int,
    percents: tuple[int, ...],
) -> tuple[list[Invitation], list[int]]:
    """Invitations, and how many of their first ones answer each way.

    Asked are customers who are there all month, so that nobody answers after leaving.
    """
    start, stop = plan.first_day(month), plan.first_day(month + 1)
    there = [c for c in customers if c.signup < start and c.churn >= stop]
    wanted = min(plan.scaled(answers, len(customers)), len(there))
    asked = dice.sample(there, wanted * INVITED[0] // INVITED[1])
    invitations = []
    for rank, customer in enumerate(asked):
        sent = clock.at(start + dice.between(2, 4), 9, dice.below(30))
        invitation = Invitation(survey, customer, sent, dice.pick(CHANNELS))
        if rank < wanted:
            invitation.answered = clock.by_day(sent + dice.skewed(4, 20 * clock.MINUTES))
        invitations.append(invitation)
    return invitations, plan.spread(percents, wanted, 100)


def _answer(invitations: list[Invitation], scores: Iterator[int]) -> list[Invitation]:
    for invitation, score in zip(invitations, scores, strict=False):
        invitation.score = score
    return invitations


def _csat(dice: Dice, made: list[Ticket], customers: int) -> list[Invitation]:
    """One for each solved ticket; per year the planned number of answers."""
    invitations: list[Invitation] = []
    possible: dict[int, list[tuple[Invitation, int]]] = {year: [] for year in plan.CSAT_ANSWERS}
    for ticket in made:
        if ticket.solved is None or ticket.solved + 30 >= plan.NIGHT:
            continue
        sent = ticket.solved + 30
        invitation = Invitation("csat", ticket.customer, sent, ticket.channel, ticket.agent)
        invitations.append(invitation)
        answered = clock.by_day(sent + dice.skewed(2, 4 * clock.MINUTES))
        if answered < plan.NIGHT:
            possible[date.fromordinal(clock.day_of(answered)).year].append((invitation, answered))
    for year, (answers, percent) in plan.CSAT_ANSWERS.items():
        chosen = dice.sample(possible[year], plan.scaled(answers, customers))
        for invitation, answered in chosen:
            invitation.answered = answered
        content = sorted(
            (-dice.random() * CHARM[invitation.agent], rank)
            for rank, (invitation, _) in enumerate(chosen)
        )
        for place, (_, rank) in enumerate(content):
            satisfied = place < len(chosen) * percent // 100
            chosen[rank][0].score = dice.pick(SATISFIED if satisfied else UNSATISFIED)
    return invitations


def _comment(dice: Dice, invitations: list[Invitation]) -> None:
    """Some of the answered ones, the first of them over two lines."""
    highest = {"nps": 9, "csat": 4, "ces": 5}
    comment = TWO_LINES
    for invitation in invitations:
        if invitation.score is not None and dice.chance(0.12):
            happy = invitation.score >= highest[invitation.survey]
            invitation.comment = comment or dice.pick(PRAISE if happy else BLAME)
            comment = ""
