"""What the parser of the command line says, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "usage.no_option": "không có tùy chọn {option}",
    "usage.no_option_but": "không có tùy chọn {option}; gần giống có {options}",
    "usage.needs_value": "tùy chọn {option} cần một giá trị",
    "usage.missing": "thiếu {param}",
    "usage.not_one_of": "{param} chỉ nhận {words}",
    "usage.bad_value": "{param} không nhận giá trị này; cần kiểu {kind}",
    "usage.other": "dòng lệnh có chỗ không đúng: {words}",
}
