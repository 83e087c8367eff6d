"""Orders, line by line, with refunds and a few broken rows.

Every month has the number of buyers that the plan names; who buys is chance,
weighted by segment. Subscription fees are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import Customer, active
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row, dotted

EXPORT = Export(
    "transactions",
    (
        "Mã đơn hàng", "Mã khách hàng", "Ngày đặt", "Tổng tiền", "Loại giao dịch", "Sản phẩm",
        "Nhóm hàng", "Kênh bán", "Nhân viên bán",
    ),
    byte_order_mark=True,
    line_end="\r\n",
)  # fmt: skip


class Product(NamedTuple):
    name: str
    category: str
    price: int
    bulk: bool
    """Cafés and offices take several."""


PRODUCTS = mix(
    (Product("Cà phê hạt Robusta 500g", "Cà phê", 95_000, True), 22),
    (Product("Cà phê hạt Arabica 500g", "Cà phê", 165_000, True), 18),
    (Product("Cà phê bột truyền thống 500g", "Cà phê", 85_000, True), 16),
    (Product("Cà phê phin giấy, hộp 10 gói", "Cà phê", 72_000, True), 10),
    (Product("Phin nhôm", "Dụng cụ", 45_000, False), 8),
    (Product("Ly sứ 250ml, bộ 6", "Dụng cụ", 240_000, False), 6),
    (Product("Ấm rót cổ ngỗng", "Dụng cụ", 420_000, False), 4),
    (Product("Máy xay tay", "Thiết bị", 690_000, False), 4),
    (Product("Máy pha espresso gia đình", "Thiết bị", 4_890_000, False), 2),
    (Product("Máy pha espresso hai họng", "Thiết bị", 28_500_000, False), 1),
    (Product("Vệ sinh máy tại nhà", "Dịch vụ", 350_000, False), 5),
    (Product("Lớp pha chế cơ bản", "Dịch vụ", 600_000, False), 3),
)
DEALER_ORDERS = (
    (("Cà phê hạt Robusta 500g", "Cà phê", 32_000_000), ("Máy pha", "Thiết bị", 18_000_000)),
    (("Cà phê hạt Arabica 500g", "Cà phê", 50_000_000),),
    (("Cà phê hạt Robusta 500g", "Cà phê", 41_500_000), ("Phin nhôm", "Dụng cụ", 8_500_000)),
    (("Cà phê bột truyền thống 500g", "Cà phê", 50_000_000),),
)  # fmt: skip
"""Of 50 million each, in January, March, May and July 2023."""

WEIGHT = {words.RETAIL: 1.0, words.CAFE: 2.5, words.OFFICE: 1.6}
SALES_CHANNELS = mix(("Cửa hàng", 40), ("Website", 25), ("Zalo", 20), ("Facebook", 15))
LINES = mix((1, 66), (2, 25), (3, 9))
"""Per order."""
AGAIN = mix((2, 75), (3, 20), (4, 5))
"""Orders in a month of a customer who buys more than once."""

SALE, REFUND, UPSELL, CROSS_SELL = "Bán hàng", "Trả hàng", "Bán thêm", "Bán chéo"

Event = tuple[int, int, Row]
"""Instant, serial number, row: what a month's rows are sorted by."""


def rows(customers: list[Customer], seed: int) -> Iterator[Row]:
    """All rows by time."""
    dice = Dice(seed, "transactions")
    counter = _Counter()
    messy = len(customers) >= plan.MESSY_FROM
    buyers = plan.per_month("buyers", len(customers))
    for month in range(24):
        orders = _dealer_orders(dice, customers, month)
        orders += _orders(dice, customers, month, buyers[month])
        orders.sort(key=lambda order: (order[0], order[1].number))
        events: list[Event] = []
        for instant, customer in orders:
            _write_order(dice, counter, events, instant, customer, month)
        if messy:
            events += _mess(counter, month)
        events.sort()
        for _, _, row in events:
            yield row


class _Counter:
    """Numbers for orders, returns and rows."""

    def __init__(self) -> None:
        self.orders = self.returns = self.rows = 0

    def order(self) -> str:
        self.orders += 1
        return f"DH{self.orders:06}"

    def refund(self) -> str:
        self.returns += 1
        return f"TH{self.returns:05}"

    def event(self, instant: int, *cells: str) -> Event:
        self.rows += 1
        return instant, self.rows, cells


def _dealer_orders(dice: Dice, customers: list[Customer], month: int) -> list[tuple[int, Customer]]:
    if month not in (0, 2, 4, 6):
        return []
    day = plan.first_day(month) - 1
    return [
        # After the 12th: with one customer these days alone must prove the date order.
        (clock.at(day + dice.between(13, 28), 9, dice.below(60)), customer)
        for customer in customers
        if customer.segment == words.DEALER
    ]


def _orders(
    dice: Dice, customers: list[Customer], month: int, buyers: int
) -> list[tuple[int, Customer]]:
    first = plan.first_day(month)
    ranked: list[tuple[float, int]] = []
    for customer in active(customers, month):
        if customer.segment != words.DEALER:
            newcomer = 3.0 if customer.signup >= first else 1.0
            ranked.append((-dice.random() * WEIGHT[customer.segment] * newcomer, customer.number))
    ranked.sort()
    repeating = buyers * plan.MONTHS[month].repeat // 100
    orders: list[tuple[int, Customer]] = []
    for rank, (_, number) in enumerate(ranked[:buyers]):
        customer = customers[number - 1]
        start, stop = customer.window(month)
        count = dice.pick(AGAIN) if rank < repeating else 1
        for _ in range(count):
            day = dice.between(start, stop - 1)
            orders.append((clock.at(day, 7) + dice.between(30, 14 * 60), customer))
    return orders


def _write_order(
    dice: Dice,
    counter: _Counter,
    events: list[Event],
    instant: int,
    customer: Customer,
    month: int,
) -> None:
    order = counter.order()
    channel = dice.pick(SALES_CHANNELS)
    sold = (customer.id, clock.dmy_time(instant))
    if customer.segment == words.DEALER:
        for name, category, amount in DEALER_ORDERS[month // 2]:
            events.append(
                counter.event(
                    instant, order, *sold, dotted(amount), SALE, name, category, "Đại lý",
                    customer.owner,
                )
            )  # fmt: skip
        return
    lines = [_line(dice, customer) for _ in range(dice.pick(LINES))]
    for rank, (product, amount) in enumerate(lines):
        events.append(
            counter.event(
                instant, order, *sold, dotted(amount), _kind(dice, customer, rank),
                product.name, product.category, channel, customer.owner,
            )
        )  # fmt: skip
    if dice.chance(0.025):
        product, amount = dice.pick(lines)
        # Half of the returns of longer orders keep the order's number.
        returned = order if len(lines) > 1 and dice.chance(0.5) else counter.refund()
        back = _return_time(dice, instant, customer, month)
        events.append(
            counter.event(
                back, returned, customer.id, clock.dmy_time(back), dotted(-amount), REFUND,
                product.name, product.category, channel, customer.owner,
            )
        )  # fmt: skip


def _line(dice: Dice, customer: Customer) -> tuple[Product, int]:
    product = dice.pick(PRODUCTS)
    if product.price > 10_000_000 and customer.segment != words.CAFE:
        product = PRODUCTS[0]
    count = 1
    if product.bulk:
        count = dice.between(1, 3) if customer.segment == words.RETAIL else dice.between(6, 30)
    amount = product.price * count
    return product, amount * 9 // 10 if dice.chance(0.1) else amount


def _kind(dice: Dice, customer: Customer, line: int) -> str:
    if line:
        return CROSS_SELL if dice.chance(0.4) else SALE
    return UPSELL if customer.segment != words.RETAIL and dice.chance(0.08) else SALE


def _return_time(dice: Dice, instant: int, customer: Customer, month: int) -> int:
    """A few days later, while the customer is one and the month lasts; else an hour later."""
    later = instant + dice.between(1, 6) * clock.MINUTES
    _, stop = customer.window(month)
    return later if clock.day_of(later) < stop else instant + 60


def _mess(counter: _Counter, month: int) -> Iterator[Event]:
    """Two sales at the counter to nobody known, one unknown customer, two broken rows."""
    first = plan.first_day(month)
    staff = words.OWNERS[0]
    counter_sale = ("Cửa hàng", staff)
    for when, day, customer, amount, date in (
        (5, 17, "", "130.000", None),
        (12, 5, "KH0000", "190.000", None),
        (16, 13, "KH0007", "95.000", "31/02/2024 10:15"),
        (16, 19, "", "85.000", None),
        (19, 22, "KH0031", "liên hệ", None),
    ):
        if when == month:
            instant = clock.at(first + day, 10, 15)
            yield counter.event(
                instant, counter.order(), customer, date or clock.dmy_time(instant), amount,
                SALE, "Cà phê hạt Robusta 500g", "Cà phê", *counter_sale,
            )  # fmt: skip
