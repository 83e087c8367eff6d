"""Words that stand for our choices and for yes and no, in English and Vietnamese: plain data.

Compared by `names.key`, like headers: `Bán hàng`, `ban hang` and `BÁN-HÀNG` are one word.
"""

from __future__ import annotations

YES = ("yes", "y", "true", "t", "1", "x", "✓", "có", "đúng", "rồi")
NO = ("no", "n", "false", "f", "0", "không", "sai", "chưa")

CHOICES: dict[str, tuple[str, ...]] = {
    "day": ("days", "daily", "ngày", "hàng ngày"),
    "week": ("weeks", "weekly", "tuần", "hàng tuần"),
    "month": ("months", "monthly", "mo", "tháng", "hàng tháng"),
    "quarter": ("quarters", "quarterly", "quý", "hàng quý"),
    "year": ("years", "yearly", "annual", "annually", "yr", "năm", "hàng năm"),
    "sale": (
        "sales", "sell", "order", "purchase", "bán", "bán hàng", "mua", "mua hàng", "đơn hàng",
    ),
    "refund": (
        "refunds", "refunded", "return", "returned", "trả hàng", "trả lại", "hoàn tiền", "hoàn trả",
    ),
    "upsell": ("upsells", "upgrade", "bán thêm", "nâng cấp"),
    "cross_sell": ("cross-sells", "bán chéo"),
    "renewal": ("renewals", "renew", "renewed", "gia hạn", "tái tục"),
    "nps": ("net promoter score",),
    "csat": ("customer satisfaction", "satisfaction", "hài lòng", "mức độ hài lòng"),
    "ces": ("customer effort score", "customer effort", "effort", "nỗ lực", "mức độ nỗ lực"),
    "won": (
        "win", "closed won", "thắng", "thành công", "chốt thành công", "kết thúc thành công",
        "đóng thành công", "thắng thầu", "trúng thầu", "đã chốt", "ký hợp đồng", "đã ký hợp đồng",
    ),
    "lost": (
        "lose", "closed lost", "thua", "thất bại", "mất", "kết thúc thất bại", "đóng thất bại",
        "thua thầu", "trượt thầu", "không thành công",
    ),
    "open": ("in progress", "ongoing", "đang mở", "đang xử lý", "đang theo dõi", "mở"),
    "acquisition": (
        "marketing", "advertising", "ads", "thu hút", "thu hút khách hàng", "tiếp thị", "quảng cáo",
    ),
    "retention": ("loyalty", "giữ chân", "giữ chân khách hàng", "duy trì"),
    "service": ("support", "customer service", "dịch vụ", "hỗ trợ", "chăm sóc khách hàng"),
}  # fmt: skip
"""Per choice of ours: the words that mean it."""
