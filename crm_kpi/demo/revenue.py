"""Orders, line by line, with refunds; and subscriptions, whose fees are not among the orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from operator import itemgetter

from crm_kpi.demo import clock, monthly_plan, words
from crm_kpi.demo.customers import Customer, Customers, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import CsvRow, Export, dotted

TRANSACTIONS = Export(
    "transactions",
    "Mã đơn hàng,Mã khách hàng,Ngày đặt,Tổng tiền,Loại giao dịch,Sản phẩm,Nhóm hàng,Kênh bán,"
    "Nhân viên bán",
    excel=True,
)
SUBSCRIPTIONS = Export(
    "subscriptions",
    "subscription_id,customer_id,plan,start_date,end_date,unit_amount,currency,interval,"
    "interval_count,quantity,trial_end,due_date,renewed_at",
)

COFFEE = "Cà phê"
"""The category of which people take several."""
PRODUCTS = mix(
    (("Cà phê hạt Robusta 500g", COFFEE, 95_000), 30),
    (("Cà phê hạt Arabica 500g", COFFEE, 165_000), 20),
    (("Cà phê bột truyền thống 500g", COFFEE, 85_000), 16),
    (("Phin nhôm", "Dụng cụ", 45_000), 10),
    (("Ly sứ 250ml, bộ 6", "Dụng cụ", 240_000), 8),
    (("Máy xay tay", "Thiết bị", 690_000), 6),
    (("Máy pha espresso gia đình", "Thiết bị", 4_890_000), 2),
    (("Vệ sinh máy tại nhà", "Dịch vụ", 350_000), 8),
)
CONTRACT, CONTRACT_MONTHS = ("Hợp đồng đại lý", words.DEALER, 50_000_000), (0, 2, 4, 6)
"""What each dealer orders in January, March, May and July 2023."""
WEIGHT = {words.RETAIL: 1.0, words.CAFE: 2.5, words.OFFICE: 1.6}
CHANNELS = mix(("Cửa hàng", 40), ("Website", 25), ("Zalo", 20), ("Facebook", 15))
LINES = mix((1, 66), (2, 25), (3, 9))
"""Per order."""
AGAIN = mix((2, 75), (3, 20), (4, 5))
"""Orders in a month of a customer who buys more than once."""
SALE, REFUND = "Bán hàng", "Trả hàng"
FIRST_LINE, OTHER_LINES = mix((SALE, 95), ("Bán thêm", 5)), mix((SALE, 60), ("Bán chéo", 40))

Order = tuple[int, Customer]
OrderLine = tuple[int, CsvRow]
"""Instants, by which a month's orders and lines are sorted, and what they hold."""


def transaction_rows(dice: Dice, customers: Customers) -> Iterator[CsvRow]:
    """All rows by time; every month has as many buyers as planned."""
    orders, returns = count(1), count(1)
    for month, buyers in enumerate(monthly_plan.spread(monthly_plan.BUYERS, len(customers))):
        _, stop = clock.month_days(month)
        lines: list[OrderLine] = []
        for instant, customer in _orders(dice, customers, month, buyers):
            lines += _lines(dice, f"DH{next(orders):06}", customer, instant)
            if customer.segment != words.DEALER and dice.chance(0.025):
                lines.append(_refund(dice, lines, returns, min(stop, customer.churn)))
        yield from (row for _, row in sorted(lines, key=itemgetter(0)))


def _orders(dice: Dice, customers: Customers, month: int, buyers: int) -> list[Order]:
    """The month's orders by time: dealers' by contract, the others' by chance."""
    there = active(customers, month)
    start, _ = clock.month_days(month)
    orders = [
        # After the 12th: with one customer these days alone must prove the date order.
        (clock.at(start + dice.between(12, 27), 9, dice.below(60)), customer)
        for customer in there
        if customer.segment == words.DEALER and month in CONTRACT_MONTHS
    ]
    ranked = sorted(
        (c for c in there if c.segment != words.DEALER),
        key=lambda c: -dice.random() * WEIGHT[c.segment] * (3.0 if c.signup >= start else 1.0),
    )
    repeating = buyers * monthly_plan.REPEATING[month] // 100
    for place, customer in enumerate(ranked[:buyers]):
        for _ in range(dice.pick(AGAIN) if place < repeating else 1):
            orders.append((customer.instant(dice, month, 8, 21), customer))
    return sorted(orders, key=itemgetter(0))


def _lines(dice: Dice, order: str, customer: Customer, instant: int) -> Iterator[OrderLine]:
    """The lines of an order; one from a dealer."""
    dealer = customer.segment == words.DEALER
    most = 3 if customer.segment == words.RETAIL else 30
    channel = words.DEALER if dealer else dice.pick(CHANNELS)
    for line in range(1 if dealer else dice.pick(LINES)):
        product, category, price = CONTRACT if dealer else dice.pick(PRODUCTS)
        amount = price * (dice.between(1, most) if category == COFFEE else 1)
        row = (
            order, customer.id, clock.dmy_time(instant), dotted(amount),
            dice.pick(OTHER_LINES if line else FIRST_LINE), product, category, channel,
            customer.owner,
        )  # fmt: skip
        yield instant, row


def _refund(dice: Dice, lines: list[OrderLine], returns: Iterator[int], stop: int) -> OrderLine:
    """The last line comes back, before the day `stop`; of longer orders half under their number."""
    instant, (order, customer_id, _, amount, _, *others) = lines[-1]
    several = len(lines) > 1 and lines[-2][1][0] == order
    later = instant + dice.between(1, 6) * clock.MINUTES
    back = later if later < clock.at(stop, 0) else instant + 60
    number = order if several and dice.chance(0.5) else f"TH{next(returns):05}"
    return back, (number, customer_id, clock.dmy_time(back), f"-{amount}", REFUND, *others)


CLUB, MONTHLY, QUARTERLY, YEARLY = "Hội viên", "Cà phê tháng", "Văn phòng quý", "Cà phê năm"
PRICES = {CLUB: 50_000, MONTHLY: 320_000, QUARTERLY: 1_950_000, YEARLY: 3_480_000}
INTERVALS = {CLUB: "month", MONTHLY: "month", QUARTERLY: "quarter", YEARLY: "year"}
OTHER = {CLUB: MONTHLY, MONTHLY: CLUB, QUARTERLY: QUARTERLY}
"""What a subscription is changed to; its quantity is one then."""
CHOICES = mix((CLUB, 42), (MONTHLY, 42), (YEARLY, 16))
LATEST = 8  # days by which a renewal may be late
FATES = mix(("keep", 42), ("change", 24), ("more", 10), ("stop", 24))
"""Of a subscription, every few months."""


@dataclass(slots=True)
class Subscription:
    customer: Customer
    plan: str
    start: int
    end: int = clock.NEVER
    quantity: int = 1
    trial_end: int | None = None
    due: int | None = None
    renewed: int | None = None


def subscription_rows(dice: Dice, customers: Customers) -> Iterator[CsvRow]:
    """All rows by start; a change ends one and starts the next. Nothing outlives its customer."""
    subscriptions = sorted(_subscriptions(dice, customers), key=lambda s: s.start)
    for number, s in enumerate(subscriptions, start=1):
        yield (
            f"DK{number:05}", s.customer.id, s.plan, clock.iso(s.start), clock.iso(s.end),
            PRICES[s.plan], "VND", INTERVALS[s.plan], 1, s.quantity, clock.iso(s.trial_end),
            clock.iso(s.due), clock.iso(s.renewed),
        )  # fmt: skip


def _subscriptions(dice: Dice, customers: Customers) -> Iterator[Subscription]:
    """Of the members of the first months, as many as planned, and of those who come later."""
    others = [c for c in customers if c.segment != words.DEALER]
    start, later = clock.month_days(monthly_plan.YEARLY_LAUNCH)
    _, stop = clock.month_days(monthly_plan.YEARLY_LAUNCH + 13)
    loyal = [c for c in others if c.stays(start, stop)]
    yearly = dice.sample(loyal, monthly_plan.scaled(monthly_plan.YEARLY_MEMBERS, len(customers)))
    renewing = len(yearly) * monthly_plan.YEARLY_RENEWED // 100
    for place, member in enumerate(yearly):
        yield from _terms(dice, member, start + dice.below(28), renews=place < renewing)

    launch, launched = clock.month_days(monthly_plan.CLUB_LAUNCH)
    taken = {c.id for c in yearly}
    free = [c for c in others if c.id not in taken and c.stays(launched, launched)]
    for member in dice.sample(free, monthly_plan.scaled(monthly_plan.CLUB_MEMBERS, len(customers))):
        taken.add(member.id)
        joined = dice.between(max(launch, member.signup), launched - 1)
        yield from _history(dice, Subscription(member, CLUB, joined))

    for customer in others:
        first = max(customer.signup, later) + dice.skewed(0, 200)
        there = customer.id not in taken and first < min(customer.churn, monthly_plan.AS_OF)
        if there and dice.chance(0.5):
            yield from _joiner(dice, customer, first)


def _joiner(dice: Dice, customer: Customer, start: int) -> Iterator[Subscription]:
    """What somebody takes who comes later."""
    office = customer.segment == words.OFFICE
    choice = QUARTERLY if office else dice.pick(CHOICES)
    if choice == YEARLY:
        decided = clock.year_later(start) + LATEST
        renews = dice.chance(0.8) and decided < min(customer.churn, monthly_plan.AS_OF)
        return _terms(dice, customer, start, renews=renews)
    trial = start + 14 if choice == MONTHLY and dice.chance(0.4) else None
    quantity = dice.between(1, 4) if office else 1
    return _history(dice, Subscription(customer, choice, start, quantity=quantity, trial_end=trial))


def _terms(dice: Dice, customer: Customer, start: int, *, renews: bool) -> Iterator[Subscription]:
    """A yearly term and, when it is renewed, the next one: late if that was late."""
    due = clock.year_later(start)
    renewed = due + (dice.between(1, LATEST) if dice.chance(0.12) else -dice.between(0, 20))
    term = Subscription(customer, YEARLY, start, min(due, customer.churn), due=due)
    yield replace(term, renewed=renewed if renews else None)
    if renews:
        again = max(due, renewed)
        due = clock.year_later(again)
        yield replace(term, start=again, end=min(due, customer.churn), due=due)


def _history(dice: Dice, current: Subscription) -> Iterator[Subscription]:
    """What becomes of a subscription: kept, changed, left, taken up again."""
    customer = current.customer
    over = min(customer.churn, monthly_plan.AS_OF + 1)
    day = current.start
    while (day := day + dice.between(60, 260)) < over:
        fate = dice.pick(FATES)
        if fate == "keep":
            continue
        yield replace(current, end=day)
        if fate == "more":
            current = replace(current, start=day, quantity=current.quantity + 1, trial_end=None)
        elif fate == "change":
            current = Subscription(customer, OTHER[current.plan], day)
        else:
            day += dice.between(40, 180)
            if day >= over or dice.chance(0.6):
                return
            current = Subscription(customer, current.plan, day)
    yield replace(current, end=customer.churn)
