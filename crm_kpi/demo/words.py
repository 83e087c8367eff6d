"""Names and words of a small Vietnamese company. All people and firms are invented."""

from __future__ import annotations

import unicodedata

from crm_kpi.demo.dice import Dice, mix

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Lý")
MIDDLE = ("Thị", "Văn", "Minh", "Ngọc", "Thanh", "Đức", "Thu", "Quốc", "Hồng", "Xuân", "Gia")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Đạt", "Hà", "Hải", "Hoa", "Khoa", "Lan", "Mai", "Sơn", "Tâm")
RETAIL, CAFE, OFFICE, DEALER = "Khách lẻ", "Quán cà phê", "Văn phòng", "Đại lý"
CHURN_REASONS = ("Giá cao", "Chuyển nhà cung cấp", "Ngừng kinh doanh", "Giao hàng chậm", "")
"""Some leave without a word."""
CITIES = mix(("TP. Hồ Chí Minh", 45), ("Hà Nội", 30), ("Đà Nẵng", 15), ("Cần Thơ", 10))
CHANNELS = mix(("Cửa hàng", 35), ("Facebook", 25), ("Zalo", 25), ("Giới thiệu", 15))
OWNERS = ("Ngô Bảo Trâm", "Lý Gia Huy", "Đỗ Thùy Dung", "Phan Quốc Việt", "Võ Ngọc Ánh")
AGENTS = ("Hồ Thanh Tú", "Bùi Khánh Ly", "Trần Đức Mạnh", "Dương Mỹ Hạnh")


def customer_name(dice: Dice, segment: str, city: str) -> str:
    """A person, or for firms a name that may hold a comma and a branch."""
    given = dice.pick(GIVEN)
    if segment == CAFE:
        return f"Quán Nhà {given}"
    if segment == OFFICE:
        return f"Công ty {given} {dice.pick(GIVEN)}" + (f", CN {city}" if dice.chance(0.5) else "")
    person = f"{dice.pick(FAMILY)} {dice.pick(MIDDLE)} {given}"
    return f"Đại lý {person}" if segment == DEALER else person


def ascii_slug(text: str) -> str:
    """`Nguyễn Thị Đào` as `nguyenthidao`, the way people make addresses."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if c.isascii() and c.isalnum())
