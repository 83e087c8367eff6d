"""What `compare` says of two lists of customers, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the question
    "compare.not_csv": "-o {path}: bảng khách hàng được ghi dạng CSV",
    "compare.name_csv": "đặt tên là FILE.csv; -f json và các định dạng khác chỉ dùng cho phần in "
    "ra",
    "compare.option": "{option} {word}: {what}",
    "compare.dates_reversed": "--old-date {old} không đứng trước --new-date {new}",
    "compare.old_first": "danh sách cũ đứng trước: crm-kpi compare OLD NEW",
    "compare.no_date": "{path}: không có ngày nào trong tệp cho biết danh sách được lập ngày nào",
    "compare.not_later": "{path}: lập ngày {day}, không sau {other} là ngày của {old}",
    "compare.swap": "danh sách cũ đứng trước, crm-kpi compare {old} {new}; hoặc {otherwise}",
    "compare.say_when": "nói danh sách lập ngày nào: {options}",
    # the answer
    "compare.between": "khách hàng ngày {old}: {before:,}; ngày {new}: {after:,}",
    "compare.newest": "{path} được coi là lập ngày {day}, {column} mới nhất của nó; {option} để "
    "nói khác",
    "compare.later": "{path} có {column} là {later}, sau ngày lập {day}",
    "compare.nobody_told": "không cột nào cho biết ai đã rời bỏ: chỉ so sánh ai có trong danh sách",
    "compare.early": "{count:,} khách mới xuất hiện nhưng đã đăng ký trước {day}: có phải {path} "
    "chỉ là một phần danh sách?",
    # the table of customers
    "compare.left_on": "khách rời bỏ sau {since} mà không rõ ngày nào được ghi churn_date {day}",
    "compare.came_on": "{count:,} khách mới không có signup_date được ghi {day}",
    "compare.begin_again": "{count:,} khách quay lại được tính lại từ {day}",
    "compare.before": "ai rời bỏ trước {day} thì không biết được: hãy hỏi khoảng thời gian sau đó",
    "compare.undated": "{count:,} khách đã rời bỏ trước {day}, không rõ khi nào, nên không có "
    "trong {path}",
    "compare.unsigned": "{count:,} khách có mặt ngày {day} mà không có signup_date, nên lấy ngày "
    "đó",
    "compare.try": "thử: crm-kpi churn-rate {path} --from {since} --to {to} --as-of {to}",
}
