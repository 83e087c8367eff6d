"""Subscriptions: the club, monthly beans, offices by the quarter, beans by the year.

A change of plan or quantity ends one row and starts the next on the same day.
Nothing outlives its customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import NEVER, Customer
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row

EXPORT = Export(
    "subscriptions",
    (
        "subscription_id", "customer_id", "plan", "start_date", "end_date", "amount", "currency",
        "interval", "interval_count", "quantity", "trial_end", "due_date", "renewed_at",
    ),
)  # fmt: skip

CLUB, MONTHLY, QUARTERLY, YEARLY = "Hội viên", "Cà phê tháng", "Văn phòng quý", "Cà phê năm"
PRICES = {
    CLUB: (50_000, "month"),
    MONTHLY: (320_000, "month"),
    QUARTERLY: (1_950_000, "quarter"),
    YEARLY: (3_480_000, "year"),
}
DEARER_YEARLY = 3_720_000
TRIAL = 14
GRACE = 8
"""Days by which a renewal may be late."""
FATES = mix(("keep", 40), ("change", 22), ("second", 6), ("more", 8), ("stop", 24))
"""Of a subscription, every few months."""


@dataclass(slots=True)
class Subscription:
    customer: Customer
    plan: str
    start: int
    end: int = NEVER
    amount: int = 0
    quantity: int = 1
    trial_end: int | None = None
    due: int | None = None
    renewed: int | None = None

    def __post_init__(self) -> None:
        self.amount = self.amount or PRICES[self.plan][0]


def rows(customers: list[Customer], seed: int) -> Iterator[Row]:
    """All rows by start."""
    dice = Dice(seed, "subscriptions")
    subscriptions = sorted(
        _all(dice, customers), key=lambda s: (s.start, s.customer.number, s.plan)
    )
    for number, s in enumerate(subscriptions, start=1):
        yield (
            f"DK{number:05}",
            s.customer.id,
            s.plan,
            clock.iso(s.start),
            clock.iso(s.end) if s.end != NEVER else "",
            str(s.amount),
            "VND",
            PRICES[s.plan][1],
            "1",
            str(s.quantity),
            _iso(s.trial_end),
            _iso(s.due),
            _iso(s.renewed),
        )


def _iso(day: int | None) -> str:
    return "" if day is None else clock.iso(day)


def _all(dice: Dice, customers: list[Customer]) -> list[Subscription]:
    start, stop = plan.first_day(plan.YEARLY_WAVE), plan.first_day(plan.YEARLY_WAVE + 14)
    loyal = [
        c for c in customers if c.segment != words.DEALER and c.signup < start and c.churn >= stop
    ]
    yearly = dice.sample(loyal, plan.scaled(plan.YEARLY_MEMBERS, len(customers)))
    subscriptions = _yearly_wave(dice, yearly)
    taken = {c.number for c in yearly}

    launch, launched = plan.first_day(plan.CLUB_LAUNCH), plan.first_day(plan.CLUB_LAUNCH + 1)
    free = [
        c
        for c in customers
        if c.number not in taken
        and c.segment != words.DEALER
        and c.signup < launched
        and c.churn >= launched
    ]
    for member in dice.sample(free, plan.scaled(plan.CLUB_MEMBERS, len(customers))):
        taken.add(member.number)
        joined = dice.between(max(launch, member.signup), launched - 1)
        subscriptions += _history(dice, Subscription(member, CLUB, joined))

    for customer in customers:
        if customer.number not in taken and customer.segment != words.DEALER:
            subscriptions += _joiner(dice, customer, launched)
    return subscriptions


def _yearly_wave(dice: Dice, members: list[Customer]) -> list[Subscription]:
    """All of one month; the planned percentage renews a year later."""
    renewing = len(members) * plan.YEARLY_RENEWED // 100
    first = plan.first_day(plan.YEARLY_WAVE)
    return [
        term
        for rank, member in enumerate(members)
        for term in _terms(dice, member, first + dice.below(28), renews=rank < renewing)
    ]


def _terms(dice: Dice, customer: Customer, start: int, *, renews: bool) -> list[Subscription]:
    """A yearly term and, when it is renewed, the next one: late if that was late, maybe dearer."""
    term = Subscription(customer, YEARLY, start)
    due = term.due = clock.year_later(start)
    term.end = min(due, customer.churn)
    if not renews:
        return [term]
    term.renewed = due + (dice.between(1, GRACE) if dice.chance(0.12) else -dice.between(0, 20))
    after = Subscription(customer, YEARLY, max(due, term.renewed))
    after.due = clock.year_later(after.start)
    after.end = min(after.due, customer.churn)
    if dice.chance(0.4):
        after.amount = DEARER_YEARLY
    return [term, after]


def _joiner(dice: Dice, customer: Customer, launched: int) -> list[Subscription]:
    """What a customer takes who was not there at the launch, if anything."""
    start = max(customer.signup, launched) + dice.skewed(5, 200)
    if not dice.chance(0.45) or start >= customer.churn or start > plan.AS_OF:
        return []
    if customer.segment == words.OFFICE:
        quantity = dice.between(1, 4)
        return _history(dice, Subscription(customer, QUARTERLY, start, quantity=quantity))
    if start >= plan.first_day(plan.YEARLY_WAVE + 1) and dice.chance(0.15):
        decided = clock.year_later(start) + GRACE
        renews = dice.chance(0.8) and decided < min(customer.churn, plan.AS_OF)
        return _terms(dice, customer, start, renews=renews)
    if dice.chance(0.5):
        return _history(dice, Subscription(customer, CLUB, start))
    trial = start + TRIAL if dice.chance(0.4) else None
    quantity = dice.between(1, 2) if customer.segment == words.CAFE else 1
    return _history(
        dice, Subscription(customer, MONTHLY, start, quantity=quantity, trial_end=trial)
    )


def _history(dice: Dice, current: Subscription) -> list[Subscription]:
    """What becomes of a subscription: kept, changed, left, taken up again."""
    customer = current.customer
    over = min(customer.churn, plan.AS_OF + 1)
    done: list[Subscription] = []
    day = current.start + dice.between(60, 260)
    while day < over:
        fate = dice.pick(FATES)
        if fate == "change" and current.plan != QUARTERLY:
            other = MONTHLY if current.plan == CLUB else CLUB
            current = _end(done, current, day, Subscription(customer, other, day))
        elif fate == "more":
            grown = replace(current, start=day, quantity=current.quantity + 1, trial_end=None)
            current = _end(done, current, day, grown)
        elif fate == "second" and current.plan == CLUB:
            end = min(day + dice.between(45, 200), over)
            done.append(Subscription(customer, MONTHLY, day, end))
        elif fate == "stop":
            back = day + dice.between(40, 180)
            if back >= over or dice.chance(0.6):
                current.end = day
                return [*done, current]
            current = _end(done, current, day, Subscription(customer, current.plan, back))
            day = back
        day += dice.between(60, 260)
    current.end = customer.churn
    return [*done, current]


def _end(
    done: list[Subscription], current: Subscription, day: int, after: Subscription
) -> Subscription:
    current.end = day
    done.append(current)
    return after
