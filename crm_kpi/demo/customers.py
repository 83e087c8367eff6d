"""Who the customers are, when they came and when they left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm_kpi.demo import clock, monthly_plan, words
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import CsvRow, Export, dotted

EXPORT = Export(
    "customers",
    "Mã khách hàng,Tên khách hàng,Ngày đăng ký,Ngày rời bỏ,Điện thoại,Email,Nhóm khách hàng,"
    "Kênh,Khu vực,Nhân viên phụ trách,Ngày cập nhật,Chi phí thu hút,Lý do rời bỏ",
)

SEGMENTS = mix((words.RETAIL, 66), (words.CAFE, 20), (words.OFFICE, 14))
RISK = {words.RETAIL: 3, words.CAFE: 1, words.OFFICE: 2}
"""Who is more likely to leave, so that there is something to find."""
ACQUISITION_COST = {words.RETAIL: 120, words.CAFE: 450, words.OFFICE: 600, words.DEALER: 2500}
"""Thousand VND, about."""


@dataclass(slots=True)
class Customer:
    signup: int
    churn: int
    segment: str
    channel: str
    city: str
    owner: str
    id: str = ""

    def instant(self, dice: Dice, month: int, opening: int, closing: int) -> int:
        """Between these hours, on a day of the month on which the customer is active."""
        start, stop = clock.month_days(month)
        day = dice.between(max(self.signup, start), min(self.churn, stop) - 1)
        return clock.at(day, opening) + dice.below((closing - opening) * 60)

    def stays(self, start: int, stop: int) -> bool:
        """Whether the customer came before the day `start` and left on the day `stop` or later."""
        return self.signup < start and self.churn >= stop


Customers = list[Customer]


def active(everybody: Customers, month: int) -> Customers:
    """Those with at least a day in the month."""
    start, stop = clock.month_days(month)
    return [c for c in everybody if c.signup < stop and c.churn > start]


def customers(dice: Dice, count: int) -> Customers:
    """Everybody, in order of signup; dealers first."""
    dealers, *joining = monthly_plan.spread([monthly_plan.DEALERS, *monthly_plan.JOINED], count)
    if not dealers:
        # Always one: the dealer's dates and amounts prove the date order and number style.
        dealers = 1
        joining[next(i for i, n in enumerate(joining) if n)] -= 1
    everybody = [_dealer(dice, 8 + i * 5 // dealers) for i in range(dealers)]
    ends = [c.churn for c in everybody]
    losing = monthly_plan.spread(monthly_plan.LOST, count)
    present: Customers = []
    for month in range(clock.MONTHS):
        start, stop = clock.month_days(month)
        lost = max(losing[month] - sum(start <= day < stop for day in ends), 0)
        present.sort(key=lambda c: dice.random() / RISK[c.segment])
        for customer in present[:lost]:
            customer.churn = dice.between(start, stop - 1)
        days = sorted(dice.between(start, stop - 1) for _ in range(joining[month]))
        arrivals = [_customer(dice, day, clock.NEVER, dice.pick(SEGMENTS)) for day in days]
        present = present[lost:] + arrivals
        everybody += arrivals
    for number, customer in enumerate(everybody, start=1):
        customer.id = f"KH{number:04}"
    return everybody


def _dealer(dice: Dice, month: int) -> Customer:
    day = dice.between(13, 28)
    signup, churn = (date(year, month, day).toordinal() for year in (2018, 2023))
    return _customer(dice, signup, churn, words.DEALER)


def _customer(dice: Dice, signup: int, churn: int, segment: str) -> Customer:
    places = dice.pick(words.CHANNELS), dice.pick(words.CITIES), dice.pick(words.OWNERS)
    return Customer(signup, churn, segment, *places)


def rows(dice: Dice, everybody: Customers) -> Iterator[CsvRow]:
    phone = ""
    for number, customer in enumerate(everybody, start=1):
        name = words.customer_name(dice, customer.segment, customer.city)
        phone = phone if number > 1 and dice.chance(0.01) else _phone(dice, number)
        cost = ACQUISITION_COST[customer.segment] * dice.between(600, 1400)
        # For the dealers a day above the 12th, as their other days are.
        first = customer.churn if customer.segment == words.DEALER else customer.signup
        updated = dice.between(first, min(customer.churn, monthly_plan.AS_OF))
        left = clock.dmy(customer.churn)
        row = (
            customer.id, name, clock.dmy(customer.signup), left,
            "" if dice.chance(0.03) else phone, _email(dice, name, number), customer.segment,
            customer.channel, customer.city, customer.owner, clock.dmy(updated), dotted(cost),
            words.CHURN_REASONS[number % len(words.CHURN_REASONS)] if left else "",
        )  # fmt: skip
        # Two rows are exported twice.
        yield from (row, row) if number in (120, 121) else (row,)


def _phone(dice: Dice, number: int) -> str:
    """Unused numbers under 0900; a few are written with blanks or +84."""
    digits = f"{number * 7919 % 1_000_000:06}"
    if dice.chance(0.04):
        return f"0900 {digits[:3]} {digits[3:]}"
    return f"+84900{digits}" if dice.chance(0.02) else f"0900{digits}"


def _email(dice: Dice, name: str, number: int) -> str:
    """Missing for a few, broken for fewer."""
    at = "." if dice.chance(0.005) else "@"
    return "" if dice.chance(0.06) else f"{words.ascii_slug(name)}{number}{at}example.com"
