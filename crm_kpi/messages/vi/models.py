"""Vì sao không dự báo được, và điều cần lưu ý khi dự báo."""

TEXTS: dict[str, str | dict[str, str]] = {
    "models.horizon": "một khoảng thời gian theo ngày, tuần hoặc tháng như {example}, "
    "dài nhất 10 năm",
    "models.few_customers": "{count} khách đã mua: dự báo cần {needed}",
    "models.few_returned": "{count} khách đã quay lại mua: dự báo cần {needed}",
    "models.few_lost": "{count} khách đã rời bỏ: dự báo cần {needed}",
    "models.many_patterns": "theo các cột này khách hàng khác nhau theo {count:,} kiểu, chỉ học "
    "được từ nhiều nhất {most:,}: hãy chọn ít cột hơn, hoặc cột có ít giá trị hơn",
    "models.many_levels": "các cột này có {count:,} giá trị khác nhau, chỉ học được từ nhiều nhất "
    "{most:,}: hãy chọn cột có ít giá trị hơn",
    "models.columns_dropped": "không dùng {columns}: có chúng thì quá khứ hầu như không được dự "
    "báo đúng hơn (mức cải thiện {skill})",
    "models.column_leaks": "cột được biết trước khi khách rời bỏ; {column} thay đổi khi có người "
    "rời bỏ",
    "models.other_basis": "{key} không đi cùng basis {basis}",
    "models.no_column": "definitions.expected_churn.columns: bảng khách hàng không có cột {column}",
    "models.take_header": "hãy ghi đúng tên cột như trong tệp khách hàng",
    "models.days": "{count} ngày",
    "models.days_ago": "cách đây {count} ngày",
    "models.bought_once": "mua một lần, {ago}",
    "models.bought_before": {
        "one": "mua lần cuối {ago}, sau lần đầu {gap} ({count} lần mua lại)",
        "other": "mua lần cuối {ago}, trước đó cứ {gap} một lần ({count} lần mua lại)",
    },
    "models.stays": "là khách hàng đã {days}: {chance} % rời bỏ trong 30 ngày",
    "models.stays_with": "là khách hàng đã {days}, {levels}: {chance} % rời bỏ trong 30 ngày",
    "models.level": "{column} {level}",
    "models.level_blank": "{column} để trống",
    "models.backtest_buying": "kiểm chứng {cuts} x {days} ngày: dự báo {expected} % sẽ mua, "
    "thực tế {observed} %; số lần mua {bias} %",
    "models.backtest_leaving": "kiểm chứng {cuts} x {days} ngày: dự báo {expected} % sẽ rời bỏ, "
    "thực tế {observed} %",
    "models.no_backtest": "kiểm chứng: dữ liệu quá khứ còn quá ngắn",
    "models.no_customers": "không có khách hàng cuối kỳ",
    "models.few_conversions": "{count} khách tiềm năng chuyển đổi trong {days} ngày qua: dự đoán "
    "cần {needed}",
    "models.no_fit": "không có tham số nào khớp với các khách hàng này",
    "models.wild_fit": "dữ liệu khách hàng nói quá ít về một vài tham số nên chúng chạy ra xa; "
    "prior: 0.1 giữ chúng lại",
    "models.nobody_seen_leaving": "dữ liệu hầu như không cho thấy ai rời bỏ, nên ai còn ở lại "
    "là do giả định ban đầu (prior)",
    "models.purchases_related": "ai mua thường xuyên hơn cũng trả nhiều hơn mỗi lần (tương quan "
    "{correlation}), điều mà mô hình coi là ngẫu nhiên",
}
