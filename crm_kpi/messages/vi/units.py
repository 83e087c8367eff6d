"""Units, as results name them, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "units.percent": "phần trăm",
    "units.points": "điểm",
    "units.score": "thang điểm",
    "units.count": "số lượng",
    "units.ratio": "hệ số",
    "units.hours": "giờ",
    "units.days": "ngày",
    "units.money": "tiền",
}
