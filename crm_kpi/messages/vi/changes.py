"""What became of a customer between two lists, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "changes.came": "khách mới",
    "changes.went": "rời danh sách",
    "changes.turned": "chuyển sang rời bỏ",
    "changes.returned": "quay lại",
}
