"""Why an analysis cannot be made, or what to mind about one, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # cohorts
    "analyses.revenue_needs_activity": "of: revenue đi cùng mode: on và basis: activity",
    # follow_up
    "analyses.days_or_weeks": "số ngày hoặc tuần như 7d hoặc 2 weeks",
    "analyses.within_shorter_than_after": "within không được ngắn hơn after",
    "analyses.no_interactions": "không có bảng tương tác: không biết ai đã liên lạc, nên mọi "
    "khách có lần mua đủ lâu đều được liệt kê",
    # funnel
    "analyses.stages_empty_or_twice": "phải nêu ít nhất một giai đoạn, và không lặp lại",
    "analyses.no_stage_is_left": "không cơ hội nào đi tiếp từ các giai đoạn {stages}: không có "
    "kết quả thì không biết giai đoạn nào nghĩa là thua",
    "analyses.name_stages": "nêu các cơ hội bằng --opportunities, hoặc thứ tự bằng "
    "definitions.funnel.stages: [first, ..., last]",
    "analyses.order_not_told": "không biết giai đoạn nào trong {stages} đứng trước: không có "
    "stage_changes, và không phải giai đoạn nào cũng có xác suất",
    "analyses.name_order": "nêu thứ tự bằng definitions.funnel.stages: [first, ..., last], hoặc "
    "đường đi của từng cơ hội bằng --stage-changes",
    "analyses.stage_never_entered": "definitions.funnel.stages: chưa cơ hội nào ở '{stage}'",
    # history
    "analyses.no_such_customer": "không có khách hàng '{customer}' trong {tables}",
    "analyses.customers_alike": "gần giống có {ids}",
    # unresolved
    "analyses.hours_or_days": "số giờ, phút hoặc ngày như 48h hoặc 2d",
}
