"""Names and words of a small Vietnamese company. All people and firms are invented."""

from __future__ import annotations

import unicodedata

from crm_kpi.demo.dice import Dice, mix

COMPANY = "Cà phê Mây Lam"

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
MIDDLE = ("Thị", "Văn", "Minh", "Ngọc", "Thanh", "Đức", "Thu", "Quốc", "Hồng", "Xuân", "Gia", "")
GIVEN = (
    "An", "Anh", "Bình", "Châu", "Chi", "Dũng", "Duyên", "Đạt", "Giang", "Hà", "Hải", "Hạnh",
    "Hiếu", "Hoa", "Hưng", "Hương", "Huyền", "Khánh", "Khoa", "Lan", "Linh", "Long", "Mai", "My",
    "Nam", "Nga", "Nhung", "Phong", "Phúc", "Phương", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo",
    "Thắng", "Trang", "Trung", "Tuấn", "Tú", "Uyên", "Vân", "Việt", "Yến",
)  # fmt: skip

RETAIL, CAFE, OFFICE, DEALER = "Khách lẻ", "Quán cà phê", "Văn phòng", "Đại lý"
CITIES = mix(("TP. Hồ Chí Minh", 45), ("Hà Nội", 30), ("Đà Nẵng", 15), ("Cần Thơ", 10))
CHANNELS = mix(
    ("Cửa hàng", 30), ("Facebook", 25), ("Zalo", 20), ("Giới thiệu", 15), ("Website", 10),
)  # fmt: skip
OWNERS = ("Ngô Bảo Trâm", "Lý Gia Huy", "Đỗ Thùy Dung", "Phan Quốc Việt", "Võ Ngọc Ánh")
AGENTS = ("Hồ Thanh Tú", "Bùi Khánh Ly", "Trần Đức Mạnh", "Dương Mỹ Hạnh")


def person(dice: Dice) -> str:
    parts = (dice.pick(FAMILY), dice.pick(MIDDLE), dice.pick(GIVEN))
    return " ".join(part for part in parts if part)


def customer_name(dice: Dice, segment: str, city: str) -> str:
    """A person, or for firms a name that may hold a comma and a branch."""
    if segment == RETAIL:
        return person(dice)
    given = dice.pick(GIVEN)
    if segment == CAFE:
        return f"Quán Nhà {given}"
    if segment == DEALER:
        return f"Đại lý {person(dice)}"
    branch = f", CN {city}" if dice.chance(0.5) else ""
    return f"Công ty {given} {dice.pick(GIVEN)}{branch}"


def ascii_slug(text: str) -> str:
    """`Nguyễn Thị Đào` as `nguyenthidao`, the way people make addresses."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if c.isascii() and c.isalnum())
