"""Orders of a shop: revenue by month and the share of buyers who came back, under all dressings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.meaning.dressed import Cells, Dressed, Style, month

AS_OF = date(2024, 4, 30)
DONE, VOID, RETURNED = "done", "void", "returned"
WORDS = {
    "vi": {
        DONE: ["Hoàn thành", "Đã giao", "Đã thanh toán"],
        VOID: ["Đã hủy", "Hủy"],
        RETURNED: ["Trả hàng", "Đã hoàn tiền"],
    },
    "en": {
        DONE: ["Completed", "Paid", "Delivered", "fulfilled"],
        VOID: ["Cancelled", "Failed", "voided"],
        RETURNED: ["Refunded", "Returned"],
    },
}
HEADERS = {
    "vi": {
        "id": ["Mã đơn hàng", "Mã hóa đơn"], "day": ["Ngày mua", "Ngày bán", "Ngày đặt hàng"],
        "who": ["Mã khách hàng", "Mã KH"], "total": ["Thành tiền"], "price": ["Đơn giá"],
        "quantity": ["Số lượng"], "status": ["Trạng thái", "Trạng thái đơn hàng"],
        "before": ["Tổng tiền hàng"], "discount": ["Giảm giá"], "pay": ["Khách cần trả"],
        "kind": ["Loại giao dịch"], "order": ["Tổng giá trị đơn hàng"],
    },
    "en": {
        "id": ["Order ID", "order_id", "Order number"], "day": ["Order date", "Date"],
        "who": ["Customer ID", "customer_id"], "total": ["Amount", "Line total"],
        "price": ["Unit price"], "quantity": ["Quantity"], "status": ["Status", "Order status"],
        "before": ["Subtotal"], "discount": ["Discount"], "pay": ["Total", "Grand total"],
        "kind": ["Transaction type"], "order": ["Order total"],
    },
}  # fmt: skip
KINDS = {"vi": ("Bán hàng", "Trả hàng"), "en": ("Sale", "Refund")}
WALK_INS = {"vi": ["Khách lẻ", "Khách vãng lai"], "en": ["Walk-in", "guest", "Walk-in customer"]}
TITLES = {"vi": "ĐVT: 1.000 đồng", "en": "in thousands"}


@dataclass
class Order:
    id: str
    day: date
    who: str
    lines: list[tuple[int, int]]
    """Price and quantity."""
    discount: int = 0
    fate: str = DONE
    refund: tuple[date, int] | None = None

    @property
    def before(self) -> int:
        return sum(price * quantity for price, quantity in self.lines)

    @property
    def pay(self) -> int:
        return self.before - self.discount


def orders(random: Random) -> list[Order]:
    days = sorted(date(2024, 1, 1) + timedelta(days=random.randrange(91)) for _ in range(60))
    unit = random.choice([1000, 1000, 1])
    return [
        Order(
            f"D{number:04}",
            day,
            f"K{random.randrange(25):03}",
            [
                (unit * random.randrange(15, 400), random.randrange(1, 5))
                for _ in range(random.choice([1, 1, 2, 3]))
            ],
        )
        for number, day in enumerate(days, 1)
    ]


def revenue(everything: list[Order]) -> dict[str, Fraction]:
    sums: Counter[str] = Counter({f"2024-{m:02}": 0 for m in (1, 2, 3)})
    for order in everything:
        if order.fate == DONE:
            sums[month(order.day)] += order.pay
        if order.refund is not None:
            sums[month(order.refund[0])] -= order.refund[1]
    return {label: Fraction(amount) for label, amount in sums.items()}


def came_back(everything: list[Order], nobody: str) -> dict[str, Fraction]:
    """Of the buyers of the quarter, the percentage with two orders or more."""
    counts = Counter(o.who for o in everything if o.fate == DONE and o.who != nobody)
    return {"2024-Q1": Fraction(100 * sum(n > 1 for n in counts.values()), len(counts))}


class Dressing:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.language = random.choice(["vi", "en"])
        self.style = Style(random, self.language)
        self.orders = orders(random)
        self.traits = [self.language, self.style.dates, self.style.numbers]
        self.nobody = ""
        self.header = {key: random.choice(names) for key, names in HEADERS[self.language].items()}
        self.layout = random.choice(["order", "order", "line", "line", "repeated", "discounted"])
        self.status = random.random() < 0.5
        self.refunds = random.choice([None, None, "negative", "positive"])
        self.unit = self.layout == "order" and random.random() < 0.2
        self.files = 2 if random.random() < 0.25 else 1
        self._decide()

    def _decide(self) -> None:
        random = self.random
        if self.layout == "discounted":
            for order in self.orders:
                order.discount = order.before * random.choice([0, 0, 5, 10, 20]) // 100
        if self.status:
            for order in self.orders:
                order.fate = random.choice([DONE] * 8 + [VOID, RETURNED])
        if self.refunds is not None:
            for order in random.sample(self.orders, 4):
                if order.fate == DONE:
                    day = min(
                        order.day + timedelta(days=random.randrange(1, 15)), date(2024, 3, 31)
                    )
                    order.refund = day, order.pay
        if random.random() < 0.3:
            self.nobody = random.choice(WALK_INS[self.language])
            for order in random.sample(self.orders, 20):
                order.who = self.nobody
        self.traits += [self.layout, f"status {self.status}", f"refunds {self.refunds}"]
        self.traits += [f"walk-ins {self.nobody}", f"unit {self.unit}", f"files {self.files}"]

    def dressed(self) -> Dressed:
        if self.random.random() < 0.3:
            command = ["repeat-purchase-rate", "--every", "quarter"]
            truth = came_back(self.orders, self.nobody)
        else:
            command, truth = ["revenue", "--every", "month"], revenue(self.orders)
        done = Dressed(command, truth, traits=self.traits)
        command += ["--from", "2024-01-01", "--to", "2024-03-31", "--as-of", AS_OF.isoformat()]
        header, rows = self._header(), [(o, self._rows(o)) for o in self.orders]
        top = [[TITLES[self.language]]] if self.unit else []
        parts = [self.orders] if self.files == 1 else self._overlapping()
        for number, part in enumerate(parts, 1):
            ids = {order.id for order in part}
            own = [row for order, several in rows if order.id in ids for row in several]
            done.files[f"{number}.csv"] = [*top, header, *own]
        if self.refunds is not None:
            done.files[f"{len(parts)}.csv"] += self._refund_rows()
        for name in done.files:
            command += ["--transactions", name]
        return done

    def _overlapping(self) -> list[list[Order]]:
        self.traits.append("overlapping")
        return [
            [o for o in self.orders if o.day < date(2024, 2, 20)],
            [o for o in self.orders if o.day >= date(2024, 2, 10)],
        ]

    def _header(self) -> Cells:
        own = {
            "order": ["pay"], "line": ["price", "quantity", "total"],
            "repeated": ["price", "quantity", "order"], "discounted": ["before", "discount", "pay"],
        }[self.layout]  # fmt: skip
        names = ["id", "day", "who", *own]
        names += ["status"] if self.status else []
        names += ["kind"] if self.refunds == "positive" else []
        return [self.header[name] for name in names]

    def _rows(self, order: Order) -> list[Cells]:
        money = self.style.money
        if self.layout == "line":
            own = [[money(p), str(q), money(p * q)] for p, q in order.lines]
        elif self.layout == "repeated":
            own = [[money(p), str(q), money(order.pay)] for p, q in order.lines]
        elif self.layout == "discounted":
            own = [[money(order.before), money(order.discount), money(order.pay)]]
        else:
            own = [[money(Fraction(order.pay, 1000) if self.unit else order.pay)]]
        ends = []
        if self.status:
            ends.append(self.random.choice(WORDS[self.language][order.fate]))
        if self.refunds == "positive":
            ends.append(KINDS[self.language][0])
        return [[order.id, self.style.day(order.day), order.who, *one, *ends] for one in own]

    def _refund_rows(self) -> list[Cells]:
        """One row a refund, under a number of its own, by day."""
        sign = -1 if self.refunds == "negative" else 1
        rows = []
        for order in self.orders:
            if order.refund is None:
                continue
            day, amount = order.refund
            text = self.style.money(sign * (Fraction(amount, 1000) if self.unit else amount))
            own = {
                "order": [text], "line": [self.style.money(amount), str(sign), text],
                "repeated": [self.style.money(amount), str(sign), text],
                "discounted": [text, "0", text],
            }[self.layout]  # fmt: skip
            ends = [WORDS[self.language][DONE][0]] if self.status else []
            ends += [KINDS[self.language][1]] if self.refunds == "positive" else []
            rows.append([f"T{order.id}", self.style.day(day), order.who, *own, *ends])
        return rows


def dress(random: Random) -> Dressed:
    return Dressing(random).dressed()
