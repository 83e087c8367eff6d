"""What `check` says: a line for every goal, and why one cannot be judged, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "check.nothing": "không có gì để kiểm tra: cấu hình chưa đặt thresholds",
    "check.for_example": "thêm ví dụ  thresholds: {{retention_rate: {{target: 95, warning: 90}}}}",
    "check.no_such_period": "thresholds.{name}: không có kỳ {every} nào tên {label}",
    "check.set_every": "khai thresholds.{name}.every, hoặc viết nhãn như 2024-12",
    "check.child_lacks": "{names}: chưa có tiến độ",
    "check.no_tasks": "không có việc nào trong {path}",
    "check.no_whole_period": "chưa có kỳ {every} nào trọn vẹn",
    "check.no_goal_for": "kiểm tra: {name} không có mục tiêu cho {period}",
    "check.no_source_of_freshness": "checks.freshness: không có nguồn {table}",
    "check.has_no_rows": "dữ liệu cũ: {table} không có dòng nào",
    "check.is_stale": "dữ liệu cũ: dòng mới nhất của {table} là ngày {newest}, mà chỉ cho phép "
    "{allowed} trước {as_of}",
    "check.unjudged": "{goal}: {reason}",
    "check.no_value": "không có giá trị ({reason})",
    "check.data_end": "{table} không có dòng nào sau {last}, nên số 0 không nói lên điều gì",
    "check.cannot_be_checked": "có mục tiêu không đánh giá được",
    "check.mend": "sửa nguồn dữ liệu, chọn kỳ khác, hoặc bỏ mục tiêu khỏi cấu hình; "
    "checks.no_data: ok cho qua mục tiêu không có giá trị",
    "check.summary": "kiểm tra: {met} đạt, {near} gần ngưỡng, {missed} không đạt",
    "check.without_value": "kiểm tra: {count} mục tiêu không có giá trị",
    # goals that are no KPI's, in reports
    "check.heading": "Mục tiêu",
    "check.formula": "100 x phần đã hoàn thành",
    # the lines
    "check.near": "~ gần ngưỡng",
    "check.no_data": "– không có dữ liệu",
    "check.was": "trước đó {value}",
    "check.n": "số mẫu {n}",
    "check.within_error": "trong sai số",
    "check.by_day": "{title}, theo ngày",
    "check.by_week": "{title}, theo tuần",
    "check.by_month": "{title}, theo tháng",
    "check.by_quarter": "{title}, theo quý",
    "check.by_year": "{title}, theo năm",
    "check.by_all": "{title}, mọi thời gian",
    "check.goal": "mục tiêu {goal}",
    "check.unusual": "! bất thường",
    "check.usual": "thường thấy: {range}",
    "check.unusual_count": "kiểm tra: {count} bất thường",
}
