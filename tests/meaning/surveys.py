"""Answers: NPS, CSAT and CES of a month, under all dressings of scale, words and direction."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.meaning.dressed import Dressed, Style

WHEN = {"vi": ["Dấu thời gian", "Ngày trả lời"], "en": ["Timestamp", "Answered at"]}
NPS = {
    "vi": [
        "Trên thang điểm từ 0 đến 10, bạn có sẵn sàng giới thiệu chúng tôi cho bạn bè không?",
        "Khả năng bạn giới thiệu chúng tôi cho người khác (0-10)",
    ],
    "en": [
        "How likely are you to recommend us to a friend? (0-10)",
        "On a scale of 0 to 10, how likely are you to recommend us?",
    ],
}
CSAT = {
    "vi": ["Mức độ hài lòng của bạn?", "Bạn hài lòng như thế nào với dịch vụ của chúng tôi?"],
    "en": ["How satisfied are you with our service?", "Overall satisfaction"],
}
CSAT_WORDS = {
    "vi": ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"],
    "en": ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
}
EASY = {
    "vi": [
        "Mức độ dễ dàng khi giao dịch (1-7)",
        "Giao dịch với chúng tôi thuận tiện thế nào? (1-7)",
    ],
    "en": ["How easy was it to solve your problem? (1-7)"],
}
HARD = {
    "vi": [
        "Bạn phải nỗ lực bao nhiêu để được giải quyết? (1-7)",
        "Mức độ khó khăn khi giao dịch (1-7)",
    ],
    "en": ["How much effort did it take to solve your problem? (1-7)"],
}


def dress(random: Random) -> Dressed:
    language = random.choice(["vi", "en"])
    style = Style(random, language)
    kpi = random.choice(["nps", "csat", "ces"])
    low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[kpi]
    scores = [low, high, *(random.randint(low, high) for _ in range(58))]
    way = "plain"
    if kpi == "nps":
        header = random.choice(NPS[language])
        value = Fraction(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)), 60)
        way = random.choice(["plain", "of ten", "points"])
    elif kpi == "csat":
        header = random.choice(CSAT[language])
        value = Fraction(100 * sum(s >= 4 for s in scores), 60)
        way = random.choice(["plain", "words", "stars", "numbered"])
    else:
        hard = random.random() < 0.5
        header = random.choice((HARD if hard else EASY)[language])
        value = Fraction(sum(scores), 60)
        way = "hard" if hard else "plain"
    words = CSAT_WORDS[language]
    cell = {
        "plain": str,
        "of ten": lambda s: f"{s}/10",
        "points": lambda s: f"{s} điểm" if language == "vi" else str(s),
        "words": lambda s: words[s - 1],
        "numbered": lambda s: f"{s} - {words[s - 1]}",
        "stars": lambda s: "★" * s + "☆" * (5 - s),
        "hard": lambda s: str(8 - s),
    }[way]
    days = [date(2024, 1, 1) + timedelta(days=random.randrange(31)) for _ in scores]
    days[0] = date(2024, 1, 31)
    rows = [[style.day(day), cell(score)] for day, score in zip(days, scores, strict=True)]
    return Dressed(
        [kpi, "a.csv", "--every", "month", "--from", "2024-01", "--to", "2024-01",
         "--as-of", "2024-02-10"],
        {"2024-01": value},
        {"a.csv": [[random.choice(WHEN[language]), header], *rows]},
        [language, style.dates, kpi, way, header],
    )  # fmt: skip
