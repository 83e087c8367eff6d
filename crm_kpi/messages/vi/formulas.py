"""Formulas in words, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "formulas.list": "các dòng của danh sách",
    "formulas.second_kind": "100 x số người mua từ 2 {of} trở lên / số người mua",
    "formulas.loyal": "số khách có từ {orders} đơn trở lên trong {window}",
    "formulas.top": "100 x doanh thu của {top} % khách hàng hàng đầu / doanh thu",
    "formulas.upsell_of_revenue": "100 x (doanh thu bán thêm + bán chéo) / doanh thu",
    "formulas.expansion_of_mrr": "100 x phần mở rộng / MRR đầu kỳ",
    "formulas.upper_three": "100 x số câu trả lời ở ba mức trên của thang / số câu trả lời",
    "formulas.mean_score": "tổng điểm / số câu trả lời",
    "formulas.solved_at_once": "100 x số yêu cầu giải quyết với tối đa một phản hồi, không mở lại "
    "/ số đã giải quyết",
    "formulas.solved_for_good": "100 x số yêu cầu giải quyết với tối đa một phản hồi, không mở "
    "lại và không có yêu cầu mới trong {window} / số đã giải quyết",
    "formulas.first_reply": "trung vị của (phản hồi đầu tiên - lúc tạo), tính bằng giờ",
    "formulas.first_reply_open": "trung vị của (phản hồi đầu tiên - lúc tạo), tính bằng giờ làm "
    "việc",
    "formulas.last_solved": "trung vị của (giải quyết lần cuối - lúc tạo), tính bằng giờ",
    "formulas.last_solved_open": "trung vị của (giải quyết lần cuối - lúc tạo), tính bằng giờ làm "
    "việc",
    "formulas.leads_by_period": "100 x số khách tiềm năng chuyển đổi trong kỳ / số khách tiềm "
    "năng mới trong kỳ",
    "formulas.leads_since": "100 x số khách tiềm năng mới trong kỳ đã chuyển đổi đến nay / số "
    "khách tiềm năng mới trong kỳ",
    "formulas.leads_within": "100 x số khách tiềm năng mới trong kỳ chuyển đổi trong vòng "
    "{window} / số khách tiềm năng mới trong kỳ",
    "formulas.won_amount": "100 x số tiền thắng / (số tiền thắng + số tiền thua)",
    "formulas.won_deals": "100 x số thắng / (số thắng + số thua)",
    "formulas.updated": "100 x số dòng cập nhật trong {within} trước ngày chốt số / số dòng",
    "formulas.average_order_value": "giá trị đơn hàng trước trả hàng / số đơn",
    "formulas.churn_rate": "100 x khách mất / khách đầu kỳ",
    "formulas.customers": "khách đầu kỳ - khách mất + khách mới + khách quay lại",
    "formulas.purchase_frequency": "số đơn / số khách có đơn",
    "formulas.repeat_purchase_rate": "100 x khách có từ 2 đơn trở lên / khách có từ 1 đơn trở lên",
    "formulas.retention_cost": "chi phí giữ chân / số khách giữ được",
    "formulas.retention_rate": "100 x khách đầu kỳ vẫn còn cuối kỳ / khách đầu kỳ",
    "formulas.revenue": "tổng số tiền, hoàn tiền tính âm",
    "formulas.revenue_per_customer": "doanh thu / số khách có đơn",
    "formulas.time_between_purchases": "trung vị số ngày giữa hai đơn liên tiếp của một khách",
    "formulas.cac": "chi phí thu hút / số khách mới",
    "formulas.clv": "giá trị mua trung bình x số lần mua mỗi khách mỗi năm x số năm gắn bó",
    "formulas.clv_historic": "tổng số tiền đến cuối kỳ / số khách có giao dịch",
    "formulas.clv_predicted": "trung bình số tiền khách đã trả và sẽ trả trong khoảng dự báo, đã "
    "chiết khấu",
    "formulas.clv_profit": "clv x biên lợi nhuận - chi phí thu hút - (chi phí giữ chân + phục vụ "
    "mỗi năm) x thời gian gắn bó",
    "formulas.ltv_cac": "clv / cac",
    "formulas.arpa": "mrr / số khách trả phí",
    "formulas.arr": "12 x mrr",
    "formulas.grr": "100 x (MRR đầu kỳ - thu hẹp - rời bỏ) / MRR đầu kỳ",
    "formulas.mrr": "tổng số tiền / số tháng của chu kỳ, vào cuối kỳ",
    "formulas.nrr": "100 x (MRR đầu kỳ + mở rộng - thu hẹp - rời bỏ) / MRR đầu kỳ",
    "formulas.quick_ratio": "(mới + kích hoạt lại + mở rộng) / (thu hẹp + rời bỏ)",
    "formulas.renewal_rate": "100 x số đã gia hạn / số đến hạn trong kỳ",
    "formulas.csat": "100 x số câu trả lời hài lòng / số câu trả lời",
    "formulas.nps": "100 x (người ủng hộ - người phản đối) / số câu trả lời",
    "formulas.response_rate": "100 x số khảo sát có trả lời / số khảo sát đã gửi",
    "formulas.reopen_rate": "100 x số yêu cầu mở lại / số yêu cầu đã giải quyết",
    "formulas.sla_attainment": "100 x số đạt / (số đạt + số vi phạm)",
    "formulas.ticket_backlog": "số mở đầu kỳ + số mới tạo - số đã giải quyết",
    "formulas.tickets": "số yêu cầu được tạo",
    "formulas.expected_conversions": "tổng xác suất chuyển đổi trong khoảng horizon của các khách "
    "tiềm năng đang mở, theo tuổi",
    "formulas.interactions": "số tương tác trong kỳ",
    "formulas.leads": "số khách hàng tiềm năng tạo trong kỳ",
    "formulas.pipeline_value": "tổng số tiền của các cơ hội đang mở cuối kỳ",
    "formulas.sales_cycle": "trung vị của (ngày đóng - ngày tạo) của các cơ hội thắng",
    "formulas.sales_velocity": "số cơ hội mở x giá trị thắng trung bình x tỷ lệ thắng / chu kỳ "
    "bán hàng, tiền mỗi ngày",
    "formulas.touches_per_lead": "số tương tác với khách tiềm năng / số khách tiềm năng có tương "
    "tác",
    "formulas.weighted_pipeline": "tổng của số tiền x xác suất của các cơ hội đang mở cuối kỳ",
    "formulas.completeness": "100 x số ô đã điền / số ô cần điền",
    "formulas.consistency": "100 x số ô khớp với chỗ khác / số ô đem so",
    "formulas.data_quality": "tổng của trọng số x điểm từng tiêu chí / tổng trọng số",
    "formulas.uniqueness": "100 x số mã, e-mail và số điện thoại chưa có ở dòng trước / tổng số đó",
    "formulas.validity": "100 x số ô đúng loại giá trị / số ô đã điền",
    "formulas.expected_churn": "100 x trung bình khả năng mất của mỗi khách trong khoảng dự báo",
}
