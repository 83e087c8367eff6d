"""Who the customers are, when they came and when they left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row, dotted

EXPORT = Export(
    "customers",
    (
        "Mã khách hàng", "Tên khách hàng", "Ngày đăng ký", "Ngày rời bỏ", "Điện thoại", "Email",
        "Nhóm khách hàng", "Kênh", "Khu vực", "Nhân viên phụ trách", "Ngày cập nhật",
        "Chi phí thu hút",
    ),
)  # fmt: skip

NEVER = date.max.toordinal()
"""The churn day of those who are still there."""

SEGMENTS = mix((words.RETAIL, 66), (words.CAFE, 20), (words.OFFICE, 14))
RISK = {words.RETAIL: 3, words.CAFE: 1, words.OFFICE: 2, "Facebook": 2, "Giới thiệu": -1}
"""Who is more likely to leave, so that there is something to find."""
ACQUISITION_COST = {words.RETAIL: 120, words.CAFE: 450, words.OFFICE: 600, words.DEALER: 2500}
"""Thousand VND, about."""


@dataclass(slots=True)
class Customer:
    number: int
    signup: int
    churn: int
    segment: str
    channel: str
    city: str
    owner: str
    id: str = ""

    def window(self, month: int) -> tuple[int, int]:
        """The days [first, stop) of the month on which the customer is active."""
        return max(self.signup, plan.first_day(month)), min(self.churn, plan.first_day(month + 1))

    @property
    def risk(self) -> int:
        return RISK.get(self.segment, 0) + RISK.get(self.channel, 0)


def active(everybody: list[Customer], month: int) -> list[Customer]:
    """Those with at least a day in the month."""
    start, stop = plan.first_day(month), plan.first_day(month + 1)
    return [c for c in everybody if c.signup < stop and c.churn > start]


def customers(count: int, seed: int) -> list[Customer]:
    """Everybody, in order of signup; dealers first."""
    dice = Dice(seed, "lifetimes")
    dealers, *joining = plan.spread(
        [plan.DEALERS, *(m.joined for m in plan.MONTHS)], count, plan.DEFAULT_CUSTOMERS
    )
    if not dealers:
        # Always one: the dealer's dates and amounts prove the date order and number style.
        dealers = 1
        joining[next(i for i, n in enumerate(joining) if n)] -= 1
    everybody = sorted((_dealer(dice, i) for i in range(dealers)), key=lambda c: c.signup)
    _join_and_leave(dice, everybody, joining, count)
    for number, customer in enumerate(everybody, start=1):
        customer.number = number
        customer.id = f"KH{number:04}"
    return everybody


def _dealer(dice: Dice, index: int) -> Customer:
    month, day = 8 + index % 5, dice.between(13, 28)
    return Customer(
        number=0,
        signup=date(2018, month, day).toordinal(),
        churn=date(2023, month, day).toordinal(),
        segment=words.DEALER,
        channel="Giới thiệu",
        city=dice.pick(words.CITIES),
        owner=dice.pick(words.OWNERS),
    )


def _join_and_leave(dice: Dice, everybody: list[Customer], joining: list[int], count: int) -> None:
    losing, brief = plan.per_month("lost", count), plan.per_month("brief", count)
    dealers = list(everybody)
    present: list[Customer] = []
    for month in range(24):
        start, stop = plan.first_day(month), plan.first_day(month + 1)
        leaving = losing[month] - sum(start <= dealer.churn < stop for dealer in dealers)
        for _ in range(min(max(leaving, 0), len(present))):
            _take(dice, present).churn = dice.between(start, stop - 1)
        arrivals = [
            Customer(
                number=0,
                signup=dice.between(start, stop - 1),
                churn=NEVER,
                segment=dice.pick(SEGMENTS),
                channel=dice.pick(words.CHANNELS),
                city=dice.pick(words.CITIES),
                owner=dice.pick(words.OWNERS),
            )
            for _ in range(joining[month])
        ]
        for customer in arrivals[: brief[month]]:
            customer.signup = dice.between(start, start + 14)
            customer.churn = dice.between(customer.signup + 1, stop - 1)
        present += arrivals[brief[month] :]
        everybody += sorted(arrivals, key=lambda c: c.signup)


def _take(dice: Dice, present: list[Customer]) -> Customer:
    """Takes out one of those present, of two drawn the one more at risk."""
    one, other = dice.below(len(present)), dice.below(len(present))
    chosen = one if present[one].risk >= present[other].risk else other
    present[chosen], present[-1] = present[-1], present[chosen]
    return present.pop()


def rows(everybody: list[Customer], seed: int) -> Iterator[Row]:
    dice = Dice(seed, "customers")
    messy = len(everybody) >= plan.MESSY_FROM
    phone = ""
    for customer in everybody:
        name = words.customer_name(dice, customer.segment, customer.city)
        shared = customer.number > 1 and dice.chance(0.01)
        phone = phone if shared else _phone(dice, customer.number)
        row = (
            customer.id,
            name,
            clock.dmy(customer.signup),
            clock.dmy(customer.churn) if customer.churn < NEVER else "",
            "" if dice.chance(0.03) else phone,
            _email(dice, name, customer.number),
            customer.segment,
            customer.channel,
            customer.city,
            customer.owner,
            clock.dmy(_updated(dice, customer)),
            dotted(ACQUISITION_COST[customer.segment] * dice.between(600, 1400)),
        )
        yield row
        if messy and customer.number in (120, 121):
            yield row
    if messy:
        # An id that no other table mentions, and a day that does not exist.
        yield (
            f"KH{len(everybody) + 1:04}", "Lê Thị Mộng", "31/02/2024", "", "0900111222",
            "lethimong@example.com", words.RETAIL, "Zalo", "Cần Thơ", words.OWNERS[0],
            "15/03/2024", "95.000",
        )  # fmt: skip


def _phone(dice: Dice, number: int) -> str:
    """Unused numbers under 0900; a few are written with blanks or +84."""
    digits = f"{number * 7919 % 1_000_000:06}"
    if dice.chance(0.04):
        return f"0900 {digits[:3]} {digits[3:]}"
    return f"+84900{digits}" if dice.chance(0.02) else f"0900{digits}"


def _email(dice: Dice, name: str, number: int) -> str:
    if dice.chance(0.06):
        return ""
    at = "." if dice.chance(0.005) else "@"
    return f"{words.ascii_slug(name)}{number}{at}example.com"


def _updated(dice: Dice, customer: Customer) -> int:
    """A day after signup; for the dealers one above the 12th, as their other days are."""
    if customer.segment == words.DEALER:
        return customer.churn
    return dice.between(customer.signup, min(customer.churn, plan.AS_OF))
