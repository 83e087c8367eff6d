"""Headings, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "domains.retention": "Giữ chân khách và mua hàng",
    "domains.value": "Giá trị vòng đời khách hàng",
    "domains.subscriptions": "Thuê bao định kỳ",
    "domains.surveys": "Khảo sát",
    "domains.service": "Chăm sóc khách hàng",
    "domains.sales": "Bán hàng",
    "domains.quality": "Chất lượng dữ liệu khách hàng",
    "domains.own": "Chỉ số riêng",
    "domains.analyses": "Phân tích",
}
