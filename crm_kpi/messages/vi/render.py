"""What the renderers say around the numbers, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # columns
    "render.metric": "chỉ số",
    "render.period": "kỳ",
    "render.value": "giá trị",
    "render.change": "thay đổi",
    "render.n": "số mẫu",
    "render.interval": "khoảng tin cậy 95 %",
    "render.goal": "mục tiêu",
    "render.rating": "đánh giá",
    "render.progress": "tiến độ",
    "render.note": "ghi chú",
    "render.components": "thành phần",
    "render.definition": "định nghĩa",
    # cells
    "render.all": "(tất cả)",
    "render.blank": "(trống)",
    "render.met": "✓ đạt",
    "render.warning": "~ gần ngưỡng",
    "render.missed": "✗ không đạt",
    "render.low_n": "ít mẫu",
    "render.no_data": "không có dữ liệu",
    "render.pending": "chưa đủ thời gian",
    "render.partial": "chưa hết kỳ",
    "render.yes": "có",
    "render.no": "không",
    "render.from_to": "{low} đến {high}",
    # units, after a number
    "render.points": " điểm",
    "render.hours": " giờ",
    "render.days": " ngày",
    # blocks
    "render.no_rows_sentence": "Không có dòng nào.",
    "render.not_computed": "Chưa tính được",
    "render.metric_not_computed": "chưa tính được {metric}: {reason}",
    # formats
    "render.unknown_format": "không có định dạng {format!r}: {formats}",
    "render.unknown_ending": "{path}: không có định dạng nào mang đuôi này; hiện có {endings}",
    "render.say_format": "đặt tên với một trong các đuôi đó, hoặc chọn định dạng bằng -f",
    "render.one_table": "{format} chỉ chứa một bảng, mà kết quả có {count} bảng: {names}",
    "render.results": "các kết quả",
    "render.folder": "-o DIR/ ghi mỗi bảng một tệp; hoặc dùng -f json, hoặc hỏi từng bảng một",
}
