"""Vì sao một dòng chữ không phải công thức, và vì sao một công thức không có giá trị."""

TEXTS: dict[str, str | dict[str, str]] = {
    "formula.too_long": "dài hơn {most} ký tự",
    "formula.cannot_be_read": "không phải công thức",
    "formula.no_metric": "không nhắc đến chỉ số nào",
    "formula.not_allowed": "{part} không được có trong công thức",
    "formula.too_large": "giá trị quá lớn",
    "formula.by_zero": "chia cho 0",
    "formula.unknown": "không có giá trị của {names}",
    "formula.no_value": "{name}: {reason}",
    "formula.no_component": "{metric} không có thành phần {component}",
    "formula.components": "chỉ số này có {components}",
}
