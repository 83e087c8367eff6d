"""Tickets and deals: the median first response and the win rate, under all dressings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from statistics import median

from tests.meaning.dressed import Dressed, Style

OUTCOMES = {
    "vi": {
        "won": ["Thành công", "Thắng"],
        "lost": ["Thất bại", "Thua"],
        "open": ["Đang xử lý", "Mới"],
    },
    "en": {"won": ["Won", "Closed Won"], "lost": ["Lost", "Closed Lost"], "open": ["Open", "New"]},
}


def tickets(random: Random) -> Dressed:
    style = Style(random, "en")
    style.dates = "%Y-%m-%d"
    way = random.choice(["moments", "offsets", "minutes", "hours", "clock"])
    header = {
        "minutes": random.choice(["First reply time in minutes", "first_reply_minutes"]),
        "hours": random.choice(["First response time (hours)", "first_reply_hours"]),
        "clock": "First response time (HH:MM:SS)",
    }.get(way, "First reply at")
    waits = [timedelta(minutes=15 * random.randrange(1, 200)) for _ in range(41)]
    rows = []
    for number, wait in enumerate(waits):
        created = datetime(2024, 1, 2) + timedelta(hours=random.randrange(24 * 25))
        replied = created + wait
        hours, minutes = divmod(wait // timedelta(minutes=1), 60)
        zone = "+07:00" if way == "offsets" else ""
        cell = {
            "minutes": str(hours * 60 + minutes),
            "hours": f"{hours + minutes / 60:g}",
            "clock": f"{hours:02}:{minutes:02}:00",
        }.get(way, f"{replied:%Y-%m-%dT%H:%M:%S}{zone}")
        rows.append([f"T{number}", f"{created:%Y-%m-%dT%H:%M:%S}{zone}", cell])
    hours = [Fraction(wait // timedelta(minutes=1), 60) for wait in waits]
    return Dressed(
        ["first-response-time", "t.csv", "--every", "all", "--as-of", "2024-02-10"],
        {"all": Fraction(median(hours))},
        {"t.csv": [["Ticket ID", "Created at", header], *rows]},
        [way, header],
    )


def deals(random: Random) -> Dressed:
    language = random.choice(["vi", "en"])
    style = Style(random, language)
    header = {
        "vi": ["Mã cơ hội", "Ngày tạo", "Ngày đóng", random.choice(["Tình trạng", "Giai đoạn"])],
        "en": ["Opportunity ID", "Created date", "Close date", random.choice(["Stage", "Status"])],
    }[language]
    words = {key: random.choice(several) for key, several in OUTCOMES[language].items()}
    fates = ["won", "lost", "open", *(random.choice(["won", "lost", "open"]) for _ in range(37))]
    rows = []
    for number, fate in enumerate(fates):
        day = date(2024, 1, 1) + timedelta(days=number % 20)
        end = day + timedelta(days=random.randrange(1, 30))
        end = max(end, date(2024, 1, 14))
        rows.append(
            [f"C{number}", style.day(day), "" if fate == "open" else style.day(end), words[fate]]
        )
    won, lost = fates.count("won"), fates.count("lost")
    return Dressed(
        ["win-rate", "d.csv", "--every", "all", "--as-of", "2024-03-31"],
        {"all": Fraction(100 * won, won + lost)},
        {"d.csv": [header, *rows]},
        [language, style.dates, *words.values(), header[-1]],
    )
