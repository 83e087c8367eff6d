"""What several rooms say, what stands between the parts of a list, what libraries say,
in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # a list
    "general.and_more": "{items} và {more} mục nữa",
    "general.and": " và ",
    "general.or": " hoặc ",
    # numbers
    "general.thousands_mark": ".",
    "general.decimal_mark": ",",
    "general.rows_in_tables": "đã đọc {rows:,} dòng từ {count} bảng",
    # clauses
    "general.of_column": "cột {column}: ",
    "general.should_be": "phải là {what}",
    "general.did_you_mean": "có phải ý bạn là '{word}'?",
    "general.known_columns": "tệp có các cột {columns}",
    "general.words_of_others": "{words}",
    "general.no_rows": "không có dòng nào",
    # what a value should be
    "general.whole_number": "một số nguyên",
    "general.length_of_time": "một khoảng thời gian như 90d, 2 weeks, 12 months, 48h hoặc 30m",
    "general.at_most_1000_years": "không quá một nghìn năm",
    "general.country": "một nước như VN, hoặc DE-BY cho một bang",
    "general.install_holidays": 'ngày lễ của các nước cần pip install "crm-kpi[holidays]"',
    "general.time_zone": "một múi giờ theo danh mục IANA như Asia/Ho_Chi_Minh",
    # files
    "general.unreadable": "không đọc được: {why}",
    "general.no_temporary_folder": "không có thư mục cho tệp tạm: {why}",
    "general.set_tmpdir": "đặt biến TMPDIR trỏ đến thư mục khác",
}
