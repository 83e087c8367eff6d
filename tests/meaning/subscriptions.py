"""Subscriptions: the monthly recurring revenue at the ends of months, under all dressings."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.meaning.dressed import Cells, Dressed, Style

MONTHS = {"month": 1, "quarter": 3, "year": 12}
WORDS = {
    "vi": {"month": ["tháng", "hàng tháng"], "quarter": ["quý", "3 tháng"], "year": ["năm"]},
    "en": {
        "month": ["monthly", "month", "P1M"],
        "quarter": ["quarterly", "3 months"],
        "year": ["annual", "yearly", "year"],
    },
}
HEADERS = {
    "vi": {
        "who": ["Mã khách hàng"], "start": ["Ngày bắt đầu"], "end": ["Ngày kết thúc"],
        "seats": ["Số lượng"], "unit": ["Đơn giá"], "total": ["Thành tiền"], "mrr": ["MRR"],
        "interval": ["Chu kỳ", "Chu kỳ thanh toán"], "last": ["Ngày hết hạn", "Hiệu lực đến"],
    },
    "en": {
        "who": ["Customer ID"], "start": ["Start date"], "end": ["End date"],
        "seats": ["Seats", "Quantity"], "unit": ["Unit price", "Price per seat"],
        "total": ["Amount"], "mrr": ["MRR", "Monthly recurring revenue"],
        "interval": ["Billing interval", "Billing cycle"], "last": ["Valid until", "Expiry date"],
    },
}  # fmt: skip


@dataclass
class Subscription:
    who: str
    start: date
    end: date | None
    """The first day without."""
    price: int
    """Of a seat and an interval."""
    seats: int
    interval: str

    @property
    def mrr(self) -> Fraction:
        return Fraction(self.price * self.seats, MONTHS[self.interval])

    def active(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def subscriptions(random: Random, *, monthly: bool) -> list[Subscription]:
    found = []
    for number in range(25):
        start = date(2023, random.randrange(1, 13), random.choice([1, 1, 1, 15]))
        interval = "month" if monthly else random.choice(["month", "month", "quarter", "year"])
        end = None
        if random.random() < 0.4:
            end = date(2024, random.randrange(2, 7), 1)
        price = 12 * random.randrange(5, 60)
        seats = random.choice([1, 2, 5, 10])
        found.append(Subscription(f"K{number:03}", start, end, price, seats, interval))
    return found


def truth(everything: list[Subscription]) -> dict[str, Fraction]:
    return {
        f"2024-{month:02}": sum(
            (s.mrr for s in everything if s.active(date(2024, month, monthrange(2024, month)[1]))),
            Fraction(0),
        )
        for month in (1, 2, 3, 4, 5)
    }


def dress(random: Random) -> Dressed:
    language = random.choice(["vi", "en"])
    style = Style(random, language)
    style.dates = style.dates.removesuffix(" %H:%M")  # a moment is no last day
    header = {key: random.choice(names) for key, names in HEADERS[language].items()}
    price = random.choice(["unit", "unit", "total", "mrr", "proved"])
    inclusive = random.random() < 0.4
    by_interval = price != "mrr" and random.random() < 0.6
    everything = subscriptions(random, monthly=not by_interval)
    words = {key: random.choice(several) for key, several in WORDS[language].items()}

    def cells(s: Subscription) -> Cells:
        end = s.end - timedelta(days=1) if s.end and inclusive else s.end
        row = [s.who, style.day(s.start), style.day(end) if end else ""]
        total = style.money(s.price * s.seats)
        if price == "unit":
            row += [style.money(s.price), str(s.seats)]
        elif price == "proved":
            row += [style.money(s.price), str(s.seats), total]
        else:
            row.append(style.money(s.mrr) if price == "mrr" else total)
        return [*row, words[s.interval]] if by_interval else row

    columns = {"unit": ["unit", "seats"], "proved": ["unit", "seats", "total"]}
    names = ["who", "start", "last" if inclusive else "end", *columns.get(price, [price])]
    names += ["interval"] if by_interval else []
    return Dressed(
        ["mrr", "s.csv", "--every", "month", "--from", "2024-01", "--to", "2024-05",
         "--as-of", "2024-06-30"],
        truth(everything),
        {"s.csv": [[header[name] for name in names], *map(cells, everything)]},
        [language, style.dates, style.numbers, price, f"inclusive {inclusive}", *words.values()],
    )  # fmt: skip
