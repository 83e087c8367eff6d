"""Vì sao không dự báo được, và điều cần lưu ý khi dự báo."""

TEXTS: dict[str, str | dict[str, str]] = {
    "models.horizon": "một khoảng thời gian theo ngày, tuần hoặc tháng như {example}, "
    "dài nhất 10 năm",
    "models.few_customers": "{count} khách đã mua: dự báo cần {needed}",
    "models.few_returned": "{count} khách đã quay lại mua: dự báo cần {needed}",
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
